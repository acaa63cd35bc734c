"""The reasons for a dish: each is told when it is a fact, and only then."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from mealplanner.food.table import load_foods
from mealplanner.menu.why.reasons import reasons
from mealplanner.menu.why.values import MealFacts
from tests.menu.why.meals import MONDAY, NUMBERS, dish, facts, meal

FOODS = load_foods()
PLAIN = meal(dish("stew", "tofu-firm", "rice-basmati-dry"), day=2)


def told(known: MealFacts) -> dict[str, str]:
    """Return the sentences by their kinds."""
    return {reason.kind: reason.text.replace("\N{NO-BREAK SPACE}", " ") for reason in reasons(known, FOODS)}


def test_a_dish_that_nothing_is_said_of_has_its_time_its_history_and_its_numbers() -> None:
    """What every dish has to do, and no more."""
    assert told(facts(PLAIN)) == {
        "minutes": "It takes 20 min, and you have 30 min for a meal.",
        "history": "You have not had it in the 12 weeks before this menu.",
        "numbers": "With 1 serving of it the day comes to 500 of 2,000 kcal and 20 of 100 g of protein.",
    }


def test_what_the_person_said_comes_first() -> None:
    """A usual meal before a rating, a rating before everything that is computed."""
    usual = facts(PLAIN, usual=frozenset({2}), rating=1, cuisines=frozenset({"thai"}))
    kinds = [reason.kind for reason in reasons(usual, FOODS)]
    assert kinds == ["usual", "rated", "cuisine", "minutes", "history", "numbers"]
    assert told(usual)["usual"] == "It is your usual Wednesday lunch."


def test_a_usual_meal_of_another_weekday_is_no_reason() -> None:
    assert "usual" not in told(facts(PLAIN, usual=frozenset({1, 3})))


def test_what_is_in_the_house_is_used_in_time() -> None:
    """The most urgent food is named, and one whose date is over by then is not."""
    rice = meal(dish("curry", "rice-white-cooked", "spinach"), day=2)
    thursday, friday = MONDAY + datetime.timedelta(days=3), MONDAY + datetime.timedelta(days=4)
    known = facts(rice, to_use={"rice-basmati-dry": friday, "spinach": thursday, "tofu-firm": MONDAY})
    assert told(known)["in-house"] == "It uses the spinach in your larder, best before Thursday 26 November."
    assert "in-house" not in told(facts(PLAIN, to_use={"tofu-firm": MONDAY}))


@pytest.mark.parametrize("rating", [-1, 0])
def test_a_dish_that_is_not_liked_is_no_favourite(rating: int) -> None:
    assert "rated" not in told(facts(PLAIN, rating=rating))


def test_an_opened_pack_is_used_up() -> None:
    """It is named with the meal that it was opened for, the first of several."""
    spinach = dish("soup", "spinach")
    before = [meal(spinach, 0, "dinner"), meal(dish("pie", "spinach"), 1, "lunch")]
    used = facts(meal(dish("curry", "rice-basmati-dry", "spinach"), 2), before)
    assert told(used)["uses-up"] == "It uses spinach, as dinner on Monday does, so less is left over."
    same_day = facts(meal(dish("curry", "spinach"), 0, "dinner"), [meal(spinach, 0)])
    assert told(same_day)["uses-up"] == "It uses spinach, as lunch of the same day does, so less is left over."


@pytest.mark.parametrize(
    ("food", "days", "skipped"),
    [("rice-basmati-dry", 1, False), ("onion", 1, False), ("spinach", 5, False), ("spinach", 1, True)],
)
def test_what_keeps_or_is_too_old_or_was_not_opened_is_no_reason(food: str, days: int, skipped: bool) -> None:
    """Rice and onions keep, spinach of five days ago is gone, and a meal that is skipped opens nothing."""
    before = [meal(dish("soup", food), 0, skipped=skipped)]
    assert "uses-up" not in told(facts(meal(dish("curry", food), days), before))


def test_a_meal_does_not_use_up_what_a_later_one_opens() -> None:
    """Only what comes before it in the menu counts, and not the same dish once more."""
    later = meal(dish("soup", "spinach"), 3)
    first = meal(dish("curry", "spinach"), 2)
    assert "uses-up" not in told(replace(facts(first), menu=(first, later)))
    assert "uses-up" not in told(facts(meal(dish("soup", "spinach"), 3), [meal(dish("soup", "spinach"), 2)]))


def test_the_protein_of_the_day_is_named_where_it_is_most() -> None:
    """At least two fifths of the day's, and more than any other meal brings."""
    rich = meal(dish("stew"), 0, numbers=replace(NUMBERS, protein_g=40.0))
    poor = meal(dish("soup"), 0, "dinner", numbers=replace(NUMBERS, protein_g=30.0))
    both = facts(rich, [poor])
    assert told(both)["protein"] == "It brings 40 g of protein, the most of any meal of the day (70 g)."
    assert "protein" not in told(replace(both, meal=poor))
    assert "protein" not in told(facts(rich))


def test_history_says_when_it_was_eaten_last() -> None:
    """In the menu itself, or before it; in days or in whole weeks."""
    again = facts(meal(dish("stew"), 2), [meal(dish("stew"), 0)])
    assert told(again)["history"] == "You have it on Monday too."
    for days, words in [(21, "3 weeks"), (9, "1 week"), (1, "1 day"), (4, "4 days")]:
        eaten = facts(meal(dish("stew")), last_eaten=MONDAY - datetime.timedelta(days=days))
        assert told(eaten)["history"].endswith(f", {words} before.")


def test_a_dish_that_takes_longer_than_a_meal_may_is_not_said_to_fit() -> None:
    """As one that the person put there themselves."""
    assert "minutes" not in told(facts(PLAIN, minutes_per_meal=15))


def test_a_skipped_meal_is_not_said_to_reach_anything() -> None:
    assert "numbers" not in told(facts(replace(PLAIN, skipped=True)))
