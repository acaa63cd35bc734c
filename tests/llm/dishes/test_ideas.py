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
    many = [idea(f"Bowl number {number}") for number in range(9)]
    assert titles(*many, main=2) == ["Bowl number 0", "Bowl number 1"]
    assert titles(*many, breakfast=2) == []


def test_a_flood_is_not_read_to_its_end() -> None:
    """Four times as many as are wanted are read."""
    bad = [idea("<b>")] * 4
    assert titles(*bad[1:], idea("Red bowl"), main=1) == ["Red bowl"]
    assert titles(*bad, idea("Red bowl"), main=1) == []


def test_ideas_with_disliked_words_are_left_out() -> None:
    read = read_ideas({"ideas": [idea("Red soup"), idea("Red bowl")]}, brief_for(dislikes=["soup"]), {"main": 2})
    assert [item.title for item in read] == ["Red bowl"]


def test_no_idea_is_kept_twice() -> None:
    """Titles that differ in case, accents or number are the same dish, as are those that were eaten lately."""
    assert titles(idea("Red bowl"), idea("RED b\u00f6wls"), idea("Blue bowl"), recent=("Blue bowl",)) == ["Red bowl"]


def test_titles_of_coconut_milk_are_for_vegans() -> None:
    """A name that a food on the list shares is innocent."""
    brief = brief_for(diet="vegan")
    read = read_ideas({"ideas": [idea("Coconut milk curry"), idea("Butter chicken")]}, brief, {"main": 2})
    assert [item.title for item in read] == ["Coconut milk curry"]


def test_only_proteins_that_are_eaten_are_offered() -> None:
    """Coconut milk is not dairy, and foods with traces of protein are no main protein."""
    schema = ideas_call(brief_for(diet="vegan"), WANTED).schema
    offered = set(schema["properties"]["ideas"]["items"]["properties"]["main_protein"]["enum"])
    assert not offered & {"chicken", "turkey", "beef", "pork", "lamb", "game", "fish", "seafood", "eggs", "dairy"}
    assert {"tofu", "lentils", "beans", "nuts"} <= offered


def test_keto_is_not_built_on_carbohydrate() -> None:
    """A food that breaks a rule by itself is not offered where the rule holds."""
    schema = ideas_call(brief_for(diet="keto"), WANTED).schema
    offered = set(schema["properties"]["ideas"]["items"]["properties"]["main_protein"]["enum"])
    assert not offered & {"chickpeas", "lentils"}
    assert {"eggs", "chicken", "fish", "tofu", "nuts", "dairy"} <= offered


def test_the_fake_model_answers_in_every_format() -> None:
    """It finds the schema in the text too."""
    body = request_body(ideas_call(brief_for(diet="vegan", recent_titles=("Sunny bowl",)), WANTED))
    schema = body.pop("response_format")["json_schema"]["schema"]
    body["messages"][0]["content"] += "\nThe schema: " + json.dumps(schema)
    answer = json.loads(content.answer(body))
    assert len(read_ideas(answer, brief_for(diet="vegan"), WANTED)) == sum(WANTED.values())


def test_the_fake_model_answers_equal_questions_equally() -> None:
    brief = brief_for(diet="kosher")
    assert ask_ideas(Model(), brief, WANTED) == ask_ideas(Model(), brief, WANTED)
