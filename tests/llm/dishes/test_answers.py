"""Reading a dish from an answer."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.llm.dishes.answers import MOST_FINDINGS, own_slug, read_dish
from mealplanner.llm.dishes.brief import Brief, make_brief
from mealplanner.llm.dishes.prompts import dish_call
from mealplanner.planner.model import Recipe
from tests.fake_model import content
from tests.llm.dishes.briefs import IDEA, brief_for, request, request_body


@pytest.fixture(scope="module")
def brief() -> Brief:
    """For a person who eats everything."""
    return brief_for()


@pytest.fixture
def value(brief: Brief) -> dict[str, Any]:
    """A good answer."""
    return dict(json.loads(content.answer(request_body(dish_call(brief, IDEA)))))


def recipe(value: Any, brief: Brief) -> Recipe:
    read = read_dish(value, brief, IDEA)
    assert isinstance(read, Recipe), read
    return read


def findings(value: Any, brief: Brief) -> list[str]:
    read = read_dish(value, brief, IDEA)
    assert isinstance(read, tuple)
    return [finding.text for finding in read]


def test_a_dish_is_what_was_answered(brief: Brief, value: dict[str, Any]) -> None:
    """For the kind, cuisine and protein of the idea; grams to a tenth."""
    value["ingredients"][0]["grams"] += 0.04
    made = recipe(value, brief)
    assert (made.title, list(made.steps), made.minutes) == (value["title"], value["steps"], value["minutes"])
    assert [item.food_id for item in made.ingredients] == [item["food"] for item in value["ingredients"]]
    assert made.ingredients[0].grams == round(value["ingredients"][0]["grams"], 1)
    assert (made.kinds, made.cuisine, made.main_protein) == ({IDEA.kind}, IDEA.cuisine, IDEA.main_protein)


def test_whole_numbers_are_grams_too(brief: Brief, value: dict[str, Any]) -> None:
    value["ingredients"][0]["grams"] = round(value["ingredients"][0]["grams"])
    assert isinstance(recipe(value, brief).ingredients[0].grams, float)


def test_other_fields_are_ignored(brief: Brief, value: dict[str, Any]) -> None:
    assert recipe({**value, "slug": "x", "note": "<script>"}, brief) == recipe(value, brief)


def test_slugs_follow_the_content(brief: Brief, value: dict[str, Any]) -> None:
    """Equal dishes have equal slugs, different dishes different ones, none of them in the catalogue."""
    made = recipe(value, brief)
    assert made.slug == recipe(json.loads(json.dumps(value)), brief).slug == own_slug(made)
    assert made.slug.startswith("own-sunny-harvest-bowl-")
    others = [
        replace(made, title="Sunny harvest pot"),
        replace(made, minutes=made.minutes + 1),
        replace(made, steps=made.steps[::-1]),
        replace(made, ingredients=made.ingredients[::-1]),
        replace(made, kinds=frozenset({"snack"})),
        replace(made, cuisine="greek"),
        replace(made, main_protein="tofu"),
        replace(made, appliances=frozenset({"oven"})),
    ]
    assert len({made.slug, *map(own_slug, others)}) == 1 + len(others)
    assert own_slug(replace(made, title="Cr\u00e8me d'or \u2013 \u00bd")).rpartition("-")[0] == "own-creme-dor-12"


def test_findings_say_what_to_do(brief: Brief, value: dict[str, Any]) -> None:
    """Each is a sentence that says what was expected."""
    value["ingredients"][0]["food"] = "unicorn"
    value["minutes"] = 200
    value["appliances"] = ["forge"]
    assert findings(value, brief)[:3] == [
        "'unicorn' is not among the foods of the document; take one that is.",
        "The eater has no 'forge'; do without it.",
        "It takes 200 minutes; there are 45.",
    ]


def test_what_is_on_the_list_of_ingredients_does_not_excuse_a_word(value: dict[str, Any]) -> None:
    """Butter that may not be eaten is found twice: among the ingredients, and where a step mentions it."""
    value["ingredients"].append({"food": "butter", "grams": 10})
    value["steps"].append("Melt the butter and pour it over the dish.")
    assert findings(value, brief_for(diet="vegan"))[:2] == [
        "'butter' is not among the foods of the document; take one that is.",
        "The title or a step says 'butter', which the eater does not eat and no ingredient is.",
    ]


def test_a_title_from_the_dislikes_is_refused(value: dict[str, Any]) -> None:
    """Even if it is not a food."""
    value["title"] = "Sunny harvest soup"
    assert findings(value, brief_for(dislikes=["soups"])) == [
        "The title says something from the dislikes; make another dish."
    ]


def test_words_are_read_only_in_texts_that_may_be_shown(brief: Brief, value: dict[str, Any]) -> None:
    """Searching texts of unlimited length for names would take unlimited time."""
    value["title"] = "Bowl with <b>bacon"
    assert findings(value, brief) == [
        "The title holds other characters than plain Latin letters, digits and common punctuation."
    ]


def test_at_most_a_dozen_findings_are_returned(brief: Brief, value: dict[str, Any]) -> None:
    value["ingredients"] = [{"food": f"unicorn-{number}", "grams": 10} for number in range(20)]
    assert len(findings(value, brief)) == MOST_FINDINGS


def test_a_dish_of_which_no_portion_makes_a_meal_is_refused(value: dict[str, Any]) -> None:
    """For a day of 10,000 kcal a dish of 700 is too little even in a double portion."""
    hungry = make_brief(request(kcal=10_000), brief_for().foods)
    (finding,) = findings(value, hungry)
    assert re.match(r"A serving holds \d+ kcal; ", finding)


def test_keto_and_kosher_are_explained() -> None:
    """These two depend on the whole dish, so the finding names the food that breaks the rule."""
    sweet = {"food": "rice-basmati-dry", "grams": 100}
    base = {"title": "Sunny bowl", "minutes": 5, "appliances": [], "steps": ["Cook everything until it is done."] * 3}
    keto = findings({**base, "ingredients": [sweet, {"food": "olive-oil", "grams": 5}]}, brief_for(diet="keto"))
    assert keto[0] == "Too much carbohydrate for keto, most of it from rice-basmati-dry; use less of it."
    mixed = [{"food": "beef-sirloin", "grams": 100}, {"food": "milk-whole", "grams": 100}]
    kosher = findings({**base, "ingredients": mixed}, brief_for(diet="kosher"))
    assert kosher[0] == "milk-whole holds what kosher forbids in this dish; take something else."
