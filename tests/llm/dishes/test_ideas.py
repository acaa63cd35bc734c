"""Ideas for a week."""

from __future__ import annotations

import json
from typing import Any

from mealplanner.llm.dishes.ideas import read_ideas
from mealplanner.llm.dishes.prompts import ideas_call
from mealplanner.llm.dishes.writing import ask_ideas
from tests.fake_model import content
from tests.llm.dishes.briefs import WANTED, Model, brief_for, request_body


def idea(title: str, **changes: str) -> dict[str, str]:
    return {"kind": "main", "title": title, "cuisine": "thai", "main_protein": "tofu", **changes}


def titles(*ideas: Any, recent: tuple[str, ...] = (), **wanted: int) -> list[str]:
    read = read_ideas({"ideas": list(ideas)}, brief_for(recent_titles=recent), wanted or {"main": 9})
    return [item.title for item in read]


def test_no_more_than_wanted() -> None:
    """A generous model does not cost more dishes."""
    many = [idea(f"Bowl number {number}") for number in range(9)]
    assert titles(*many, main=2) == ["Bowl number 0", "Bowl number 1"]
    assert titles(*many, breakfast=2) == []


def test_a_flood_is_not_read_to_its_end() -> None:
    """Four times as many as are wanted get a look."""
    bad = [idea("<b>")] * 4
    assert titles(*bad[1:], idea("Red bowl"), main=1) == ["Red bowl"]
    assert titles(*bad, idea("Red bowl"), main=1) == []


def test_words_that_are_disliked_make_no_idea() -> None:
    """Who wants no soup is not offered one."""
    read = read_ideas({"ideas": [idea("Red soup"), idea("Red bowl")]}, brief_for(dislikes=["soup"]), {"main": 2})
    assert [item.title for item in read] == ["Red bowl"]


def test_nothing_twice() -> None:
    """Titles that differ in case, accents or number are the same dish, as are those that were eaten lately."""
    assert titles(idea("Red bowl"), idea("RED b\u00f6wls"), idea("Blue bowl"), recent=("Blue bowl",)) == ["Red bowl"]


def test_titles_of_coconut_milk_are_for_vegans() -> None:
    """A name that something on the list shares is innocent."""
    brief = brief_for(diet="vegan")
    read = read_ideas({"ideas": [idea("Coconut milk curry"), idea("Butter chicken")]}, brief, {"main": 2})
    assert [item.title for item in read] == ["Coconut milk curry"]


def test_only_proteins_that_are_eaten_are_offered() -> None:
    """Coconut milk makes no dairy, and what is allowed in traces makes no main protein."""
    schema = ideas_call(brief_for(diet="vegan"), WANTED).schema
    offered = set(schema["properties"]["ideas"]["items"]["properties"]["main_protein"]["enum"])
    assert not offered & {"chicken", "turkey", "beef", "pork", "lamb", "game", "fish", "seafood", "eggs", "dairy"}
    assert {"tofu", "lentils", "beans", "nuts"} <= offered


def test_keto_is_not_built_on_carbohydrate() -> None:
    """What breaks a rule by itself is offered to nobody who keeps to it."""
    schema = ideas_call(brief_for(diet="keto"), WANTED).schema
    offered = set(schema["properties"]["ideas"]["items"]["properties"]["main_protein"]["enum"])
    assert not offered & {"chickpeas", "lentils"}
    assert {"eggs", "chicken", "fish", "tofu", "nuts", "dairy"} <= offered


def test_the_fake_model_answers_on_every_rung() -> None:
    """It finds what was offered also where the schema stands in the text, or nowhere but there."""
    body = request_body(ideas_call(brief_for(diet="vegan", recent_titles=("Sunny bowl",)), WANTED))
    schema = body.pop("response_format")["json_schema"]["schema"]
    body["messages"][0]["content"] += "\nThe schema: " + json.dumps(schema)
    answer = json.loads(content.answer(body))
    assert len(read_ideas(answer, brief_for(diet="vegan"), WANTED)) == sum(WANTED.values())


def test_the_fake_model_is_steady() -> None:
    """The same question has the same answer."""
    brief = brief_for(diet="kosher")
    assert ask_ideas(Model(), brief, WANTED) == ask_ideas(Model(), brief, WANTED)
