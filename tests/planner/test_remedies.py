"""Hard and impossible requests over the real catalogue: the cause is named, and what is proposed helps as stated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.planner.candidates import target_split
from mealplanner.planner.model import PlanRequest
from mealplanner.planner.plan import NothingFits, plan
from mealplanner.planner.pool import open_pool
from mealplanner.planner.preference_changes import applied
from mealplanner.planner.restrictions import ALLERGENS
from mealplanner.planner.results import Change, Plan, Remedy
from mealplanner.preferences.values import Preferences

DAYS = 2
TIMES = Preferences().meal_times


def meals(*names: str) -> dict[str, str]:
    return {name: TIMES[name] for name in names}


def split(protein: int, carbs: int, fat: int) -> dict[str, int]:
    return {"macro_protein": protein, "macro_carbs": carbs, "macro_fat": fat}


@dataclass(frozen=True)
class Hard:
    """A request, and words of the first causes that its advice names."""

    wishes: dict[str, Any]
    causes: Collection[str]
    options: dict[str, Any] = field(default_factory=dict)


ENERGY = "out of reach of"
FEW = r"Only \d+ mains suit"
HARD = {
    "dinner only": Hard({"meal_times": meals("dinner"), "snacks_per_day": 0}, [ENERGY]),
    "dinner only, 1,500": Hard(
        {"meal_times": meals("dinner"), "snacks_per_day": 0, "calorie_goal": 1500}, ["[Pp]rotein"]
    ),
    "lunch only": Hard({"meal_times": meals("lunch"), "snacks_per_day": 0, "calorie_goal": 2500}, [ENERGY]),
    "breakfast only": Hard({"meal_times": meals("breakfast"), "snacks_per_day": 0}, [ENERGY]),
    "a snack only": Hard({"meal_times": {}, "snacks_per_day": 1}, [ENERGY]),
    "two snacks only": Hard({"meal_times": {}, "snacks_per_day": 2}, [ENERGY]),
    "6,000": Hard({"calorie_goal": 6000}, [ENERGY]),
    "6,000, 60/35/5": Hard({"calorie_goal": 6000, **split(60, 35, 5)}, [ENERGY, "g of protein in", "g of fat in"]),
    "vegan, 5,000": Hard({"diet_type": "vegan", "calorie_goal": 5000}, [ENERGY]),
    "60/35/5": Hard(split(60, 35, 5), ["g of protein in"]),
    "15/5/80": Hard(split(15, 5, 80), ["[Ff]at"]),
    "5/90/5": Hard(split(5, 90, 5), ["g of protein in"]),
    "30/70/0": Hard(split(30, 70, 0), ["g of fat in"]),
    "0/50/50": Hard(split(0, 50, 50), ["g of protein in"]),
    "vegan, 40/40/20": Hard({"diet_type": "vegan", **split(40, 40, 20)}, ["[Pp]rotein"]),
    "keto, 20/50/30": Hard({"diet_type": "keto"}, ["g of carbohydrate in", "g of fat in"]),
    "keto, 40/5/55": Hard({"diet_type": "keto", **split(40, 5, 55)}, ["[Pp]rotein"]),
    "paleo, 10/75/15": Hard({"diet_type": "paleo", **split(10, 75, 15)}, ["g of carbohydrate in"]),
    "800, seven times a day": Hard(
        {"calorie_goal": 800, "snacks_per_day": 4, **split(45, 35, 20)},
        ["[Pp]rotein|[Cc]arbohydrate|[Ff]at"],
        {"days": 3},
    ),
    "800, seven times a day, vegan": Hard(
        {"calorie_goal": 800, "snacks_per_day": 4, "diet_type": "vegan"}, ["[Pp]rotein|[Cc]arbohydrate|[Ff]at"]
    ),
    "vegan without soy, gluten and nuts": Hard(
        {
            "diet_type": "vegan",
            "dietary_restrictions": ["soy", "gluten", "tree-nuts", "peanuts"],
            **split(40, 35, 25),
        },
        ["[Pp]rotein|[Cc]arbohydrate|[Ff]at"],
    ),
    "15 minutes, a toaster, keto": Hard(
        {"prep_complexity": 0, "appliances": ["toaster"], "diet_type": "keto", **split(25, 8, 67)},
        ["g of carbohydrate in", FEW],
    ),
    "15 minutes, nothing to cook with, vegan": Hard(
        {"prep_complexity": 0, "appliances": [], "diet_type": "vegan"}, [FEW], {"days": 7}
    ),
    "many dislikes": Hard(
        {
            "disliked_ingredients": [
                *("onion", "beans", "tofu", "chickpeas", "lentils", "mushrooms", "tomatoes"),
                *("peppers", "rice", "pasta", "eggs", "cheese", "fish", "chicken"),
            ]
        },
        [FEW],
        {"days": 3},
    ),
    "dislikes that leave nothing": Hard(
        {"disliked_ingredients": ["vegetables", "fruit", "dairy", "meat", "legumes"]},
        [r"None of the \d+ breakfasts", r"None of the \d+ mains"],
    ),
    "allergies and dislikes that leave nothing": Hard(
        {
            "diet_type": "vegan",
            "dietary_restrictions": ["soy", "gluten", "tree-nuts", "peanuts", "sesame"],
            "disliked_ingredients": ["vegetables", "fruit"],
        },
        [r"None of the \d+ breakfasts"],
    ),
    "snacks only, 3,500": Hard({"meal_times": {}, "snacks_per_day": 4, "calorie_goal": 3500}, [ENERGY]),
    "lunch and a snack, 3,000": Hard({"meal_times": meals("lunch"), "calorie_goal": 3000}, [ENERGY]),
    "breakfast and dinner, 4,500": Hard(
        {"meal_times": meals("breakfast", "dinner"), "snacks_per_day": 0, "calorie_goal": 4500}, [ENERGY]
    ),
    "dinner only, keto, 3,000": Hard(
        {"meal_times": meals("dinner"), "snacks_per_day": 0, "calorie_goal": 3000, "diet_type": "keto"}, [ENERGY]
    ),
    "5,800, vegan, two meals": Hard(
        {"meal_times": meals("lunch", "dinner"), "calorie_goal": 5800, "diet_type": "vegan"}, [ENERGY]
    ),
    "80/10/10": Hard(split(80, 10, 10), ["g of protein in"]),
    "10/10/80": Hard(split(10, 10, 80), ["[Ff]at"]),
    "0/100/0": Hard(split(0, 100, 0), ["g of protein in"]),
    "50/50/0": Hard(split(50, 50, 0), ["g of fat in"]),
    "vegan, 50/25/25": Hard({"diet_type": "vegan", **split(50, 25, 25)}, ["[Pp]rotein"]),
    "vegetarian, 55/30/15": Hard({"diet_type": "vegetarian", **split(55, 30, 15)}, ["[Pp]rotein"]),
    "paleo, 15/70/15": Hard({"diet_type": "paleo", **split(15, 70, 15)}, ["[Cc]arbohydrate"]),
    "paleo, 20/60/20, dinner only": Hard(
        {"diet_type": "paleo", "meal_times": meals("dinner"), "snacks_per_day": 0}, [ENERGY]
    ),
    "keto, 10/5/85": Hard({"diet_type": "keto", **split(10, 5, 85)}, ["[Pp]rotein|[Ff]at"]),
    "keto, 30/40/30": Hard({"diet_type": "keto", **split(30, 40, 30)}, ["g of carbohydrate in"]),
    "halal, 60/30/10": Hard({"dietary_restrictions": ["halal"], **split(60, 30, 10)}, ["[Pp]rotein"]),
    "kosher, 5/75/20": Hard({"dietary_restrictions": ["kosher"], **split(5, 75, 20)}, ["[Pp]rotein"]),
    "six allergies, 45/30/25": Hard(
        {
            "dietary_restrictions": ["gluten", "milk", "eggs", "fish", "crustaceans", "soy"],
            "diet_type": "vegetarian",
            **split(45, 30, 25),
        },
        ["[Pp]rotein"],
    ),
    "15 minutes, a microwave, 3,500": Hard(
        {"prep_complexity": 0, "appliances": ["microwave"], "calorie_goal": 5500}, [ENERGY]
    ),
    "twenty dislikes": Hard(
        {
            "disliked_ingredients": [
                *("onion", "garlic", "tomatoes", "peppers", "carrots", "potatoes", "rice", "pasta", "bread", "oats"),
                *("milk", "cheese", "yoghurt", "eggs", "butter", "chicken", "beef", "pork", "fish", "beans"),
            ]
        },
        ["Only|None"],
    ),
    "Ethiopian without lentils, onion and split peas": Hard(
        {"recipe_type": ["ethiopian"], "disliked_ingredients": ["lentils", "onion", "split peas"]},
        ["Ethiopian|favourite cuisines"],
        {"days": 7},
    ),
    "Indian, vegan, without onion and coriander": Hard(
        {"recipe_type": ["indian"], "diet_type": "vegan", "disliked_ingredients": ["onion", "coriander"]},
        ["Indian|favourite cuisines"],
        {"days": 7},
    ),
    "two kinds of fish eaters": Hard(
        {"recipe_type": ["peruvian", "nordic"], "disliked_ingredients": ["fish", "onion", "garlic"]},
        ["favourite cuisines|Peruvian|Nordic"],
        {"days": 7},
    ),
    "Korean in 15 minutes": Hard(
        {"recipe_type": ["korean"], "prep_complexity": 0}, ["Korean|favourite cuisines"], {"days": 7}
    ),
}


@dataclass(frozen=True)
class Answer:
    request: PlanRequest
    advice: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    days_met: int


def asked(hard: Hard) -> PlanRequest:
    options = {"days": DAYS, "seed": 1, "recent": {}, "ratings": {}, **hard.options}
    return plan_request(Preferences(**hard.wishes), load_catalogue().foods, **options)


def planned(request: PlanRequest) -> Plan:
    return plan(request, load_catalogue().recipes, load_catalogue().foods)


def met(made: Plan) -> int:
    return len(made.days) - len({shortfall.day for shortfall in made.shortfalls})


def suiting(request: PlanRequest, kinds: Collection[str]) -> Counter[str]:
    """Return how many dishes of each of `kinds` suit `request`."""
    dishes = open_pool(request, load_catalogue().recipes, load_catalogue().foods).admitted()
    return Counter(kind for dish in dishes for kind in dish.recipe.kinds & set(kinds))


def favourites(request: PlanRequest) -> int:
    """Return how many mains of the favourite cuisines suit `request`."""
    dishes = open_pool(request, load_catalogue().recipes, load_catalogue().foods).admitted()
    return sum("main" in dish.recipe.kinds and dish.recipe.cuisine in request.cuisines for dish in dishes)


@pytest.fixture(scope="module", params=HARD)
def answer(request: pytest.FixtureRequest) -> tuple[Hard, Answer]:
    hard = HARD[request.param]
    wanted = asked(hard)
    try:
        made = planned(wanted)
    except NothingFits as error:
        return hard, Answer(wanted, error.advice, error.remedies, 0)
    return hard, Answer(wanted, made.advice, made.remedies, met(made))


def test_the_cause_is_named(answer: tuple[Hard, Answer]) -> None:
    hard, found = answer
    text = " ".join(found.advice)
    for cause in hard.causes:
        assert re.search(cause, text), text


def test_every_remedy_helps_as_stated(answer: tuple[Hard, Answer]) -> None:
    """Each is planned again in full: the days that it promises meet their targets, and the dishes are counted."""
    _, found = answer
    assert 1 <= len(found.remedies) <= 3
    kinds = {slot.kind for slot in found.request.slots}
    before = suiting(found.request, kinds)
    for remedy in found.remedies:
        changed = reduce(applied, remedy.changes, found.request)
        gained = suiting(changed, kinds) - before
        assert gained == Counter(remedy.gained)
        assert remedy.favourites == favourites(changed) - favourites(found.request)
        assert remedy.days_met or gained
        if remedy.days_tried:
            assert met(planned(changed)) >= remedy.days_met >= found.days_met


def test_each_remedy_is_one_sentence_with_its_result(answer: tuple[Hard, Answer]) -> None:
    _, found = answer
    told = found.advice[len(found.advice) - len(found.remedies) :]
    assert len(set(found.advice)) == len(found.advice)
    if all(remedy.days_met == remedy.days_tried for remedy in found.remedies):
        for sentence, remedy in zip(told, found.remedies, strict=True):
            assert ("every day meets your targets" in sentence) is (remedy.days_met > 0)
            for count in remedy.gained.values():
                assert f"{count} more " in sentence


def test_what_is_set_already_is_not_proposed(answer: tuple[Hard, Answer]) -> None:
    _, found = answer
    for remedy in found.remedies:
        assert Change("set", "macros", target_split(found.request.target)) not in remedy.changes
        assert reduce(applied, remedy.changes, found.request) != found.request


def test_allergies_are_never_first_and_wishes_never_last(answer: tuple[Hard, Answer]) -> None:
    _, found = answer
    careful = [
        any(change.preference in {"diet_type", "dietary_restrictions"} for change in remedy.changes)
        for remedy in found.remedies
    ]
    assert careful == sorted(careful)
    assert not any(
        change.preference == "dietary_restrictions" and change.value in ALLERGENS
        for change in found.remedies[0].changes
    )


def test_variety_is_mentioned_only_where_the_pool_is_short(answer: tuple[Hard, Answer]) -> None:
    """270 mains for a few days force nothing."""
    _, found = answer
    for count in re.findall(r"Only (\d+) mains suit", " ".join(found.advice)):
        assert int(count) < 2 * found.request.days


def test_remedies_are_ranked_by_what_they_bring() -> None:
    """A dislike that hides many dishes comes before an appliance that hides few."""
    remedies = planned(asked(HARD["many dislikes"])).remedies
    gains = [remedy.gained["main"] for remedy in remedies]
    assert gains == sorted(gains, reverse=True)
    assert remedies[0].changes[0].preference == "disliked_ingredients"
    assert gains[0] >= 5


def test_trying_remedies_can_be_stopped() -> None:
    """No dish suits, so nothing is planned before."""
    heard: list[tuple[int, int]] = []

    def stop(step: int, steps: int) -> None:
        heard.append((step, steps))
        if len(heard) == 3:
            raise InterruptedError

    request = asked(HARD["dislikes that leave nothing"])
    with pytest.raises(InterruptedError):
        plan(request, load_catalogue().recipes, load_catalogue().foods, checkpoint=stop)
    assert set(heard) == {(0, 1)}


def test_favourite_cuisines_that_cannot_fill_the_week_are_told_with_numbers() -> None:
    """No diet is given up for a taste."""
    request = asked(Hard({"recipe_type": ["ethiopian"], "diet_type": "vegan"}, (), {"days": 7}))
    made = planned(request)
    others = sum(
        meal.slot.kind == "main" and meal.recipe.cuisine != "ethiopian" for day in made.days for meal in day.meals
    )
    count = favourites(request)
    assert 1 < count < 14, "choose a cuisine with fewer mains"
    assert made.advice[0] == (
        f"Only {count} Ethiopian mains suit these preferences, so {others} of these 14 are of other cuisines."
    )
    assert made.remedies
    assert all(remedy.favourites and remedy.changes[0].preference != "diet_type" for remedy in made.remedies)


def test_two_dislikes_are_proposed_together_where_they_let_in_more() -> None:
    request = asked(HARD["Indian, vegan, without onion and coriander"])
    onion, both = (next(one for one in planned(request).remedies if len(one.changes) == count) for count in (1, 2))
    assert both.favourites > onion.favourites
    assert "Without the dislikes of coriander and onion, there would be" in " ".join(planned(request).advice)


def test_a_dislike_is_dropped_with_all_foods_that_only_it_leaves_out() -> None:
    request = asked(HARD["dislikes that leave nothing"])
    changed = applied(request, Change("remove", "disliked_ingredients", "fruit"))
    others = frozenset().union(*(foods for text, foods in request.dislikes.items() if text != "fruit"))
    assert changed.disliked_foods == others
    assert changed.disliked_foods < request.disliked_foods


def test_equal_requests_get_equal_remedies() -> None:
    request = asked(HARD["dinner only"])
    assert planned(request) == planned(replace(request))
