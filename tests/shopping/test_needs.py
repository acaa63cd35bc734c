"""What meals ask for, and what other lists left."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

from mealplanner.shopping.needs import left_from_others, needs
from mealplanner.shopping.values import Span
from tests.shopping.meals import MONDAY, WEEK, day, meal


def test_a_food_of_several_dishes_is_one_need() -> None:
    """Grams times portion times people, with the meals in order."""
    meals = [
        meal(MONDAY, {"onion": 80, "leek": 100}, portion=1.25, servings=2),
        meal(day(2), {"onion": 60}, servings=4, title="Soup"),
    ]
    found = needs(meals, WEEK)
    assert {food: need.grams for food, need in found.items()} == {"onion": 440.0, "leek": 250.0}
    assert [(use.title, use.date, use.grams) for use in found["onion"].uses] == [
        ("Stew", MONDAY, 200.0),
        ("Soup", day(2), 240.0),
    ]


def test_a_food_that_a_dish_names_twice_is_one_need() -> None:
    twice = SimpleNamespace(**{**vars(meal(MONDAY, {})), "foods": ["butter", "butter"], "grams": [10, 5]})
    assert needs([twice], WEEK)["butter"].grams == 15


def test_a_dish_for_several_is_bought_once_for_the_meals_that_it_lasts_for() -> None:
    """A cake for eight on Monday and Wednesday, and once more on Saturday, when nothing of it is left to eat."""
    cake = {"recipe_id": uuid.uuid4(), "makes": 8, "keeps_days": 3, "servings": 2, "title": "Cake"}
    found = needs([meal(day(number), {"onion": 10}, **cake) for number in (0, 2, 5)], WEEK)["onion"]
    assert [(use.date, use.grams) for use in found.uses] == [(MONDAY, 80.0), (day(5), 80.0)]


def test_meals_of_other_days_ask_for_nothing() -> None:
    assert needs([meal(day(7), {"onion": 80}), meal(day(-1), {"onion": 80})], WEEK) == {}


def test_what_was_bought_for_the_week_is_there_for_its_last_days() -> None:
    """As far as the days before them leave something."""
    meals = [meal(day(number), {"rice-flour": 100}) for number in range(7)]
    weekend = Span(day(5), day(6))
    assert left_from_others(meals, {"rice-flour": {WEEK: 700.0}}, weekend) == {"rice-flour": 200.0}
    assert left_from_others(meals, {"rice-flour": {WEEK: 600.0}}, weekend) == {"rice-flour": 100.0}
    assert left_from_others(meals, {"rice-flour": {WEEK: 300.0}}, weekend) == {"rice-flour": 0.0}


def test_what_was_bought_for_some_days_counts_in_the_week() -> None:
    meals = [meal(day(number), {"rice-flour": 100}) for number in range(7)]
    assert left_from_others(meals, {"rice-flour": {Span(MONDAY, day(1)): 500.0}}, WEEK) == {"rice-flour": 200.0}


def test_two_lists_never_count_the_same_grams_for_one_day() -> None:
    """What has to last for less long is used first, so that nothing is counted twice."""
    meals = [meal(day(number), {"rice-flour": 100}) for number in range(7)]
    bought = {"rice-flour": {Span(MONDAY, day(3)): 400.0, Span(day(2), day(6)): 300.0}}
    assert left_from_others(meals, bought, WEEK) == {"rice-flour": 700.0}
    assert left_from_others(meals, bought, Span(day(4), day(6))) == {"rice-flour": 300.0}


def test_what_was_bought_with_the_list_itself_is_not_left_from_others() -> None:
    assert left_from_others([meal(MONDAY, {"rice-flour": 100})], {"rice-flour": {WEEK: 100.0}}, WEEK) == {}


def test_parts_of_one_thing_are_bought_together() -> None:
    """Three whites and two yolks come out of the same eggs, and both dishes ask for them."""
    meals = [meal(MONDAY, {"egg-white": 99.0}, title="Meringue"), meal(day(1), {"egg-yolk": 34.0}, title="Custard")]
    found = needs(meals, WEEK)
    assert len(found) == 1
    (need,) = found.values()
    assert [use.title for use in need.uses] == ["Meringue", "Custard"]
