"""What a day and a menu reached, in words."""

from __future__ import annotations

from dataclasses import replace

from mealplanner.menu.why import days
from mealplanner.recipes.values import Numbers
from tests.menu.why.meals import NUMBERS, TARGETS, dish, meal

STEW = dish("stew", main_protein="tofu", cuisine="thai", minutes=40)
PIE = dish("pie", main_protein="lentils", cuisine="british", minutes=25)
OATS = dish("oats", main_protein="grains", cuisine="british", minutes=5, kinds=frozenset({"breakfast"}))
DAY = (meal(OATS, slot="breakfast"), meal(STEW), meal(PIE, slot="dinner"))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_figure_says_how_far_it_is_off() -> None:
    """Within five percent it is on target."""
    totals = Numbers(kcal=2099.0, protein_g=88.0, carbohydrate_g=251.0, fat_g=80.0)
    assert days.reached(totals, TARGETS) == (
        "Energy: 2,099 of 2,000 kcal, on target",
        "Protein: 88 of 100 g, 12 g short",
        "Carbohydrate: 251 of 250 g, on target",
        "Fat: 80 of 67 g, 13 g over",
    )


def test_a_day_names_its_proteins_cuisines_and_the_longest_meal() -> None:
    """Of the mains; a meal that is skipped is not cooked."""
    assert days.variety_of_day(DAY) == "Tofu and lentils; Thai and British."
    assert plain(days.effort_of_day(DAY)) == "About 1 h 10 min in the kitchen; lunch takes longest with 40 min."
    out = (*DAY[:1], replace(DAY[1], skipped=True), replace(DAY[2], skipped=True))
    assert plain(days.effort_of_day(out)) == "About 5 min in the kitchen."
    assert days.effort_of_day([replace(meal, skipped=True) for meal in DAY]) == "Nothing to cook."


def test_a_menu_counts_dishes_cuisines_and_proteins() -> None:
    """And names the protein that comes most, if any comes twice."""
    assert days.variety_of_menu(DAY) == (
        "3 different dishes for 3 meals.",
        "The mains come from 2 cuisines and have 2 main proteins.",
    )
    twice = days.variety_of_menu((*DAY, meal(dish("curry", main_protein="tofu"), 1)))
    assert twice[2] == "You have tofu most often: twice."


def test_a_menu_tells_its_average_its_shortest_and_its_longest_day() -> None:
    assert plain(days.effort_of_menu([DAY, DAY[:1]])) == (
        "About 38 min a day in the kitchen: 5 min on the shortest, 1 h 10 min on the longest."
    )
    assert plain(days.effort_of_menu([DAY])) == "About 1 h 10 min in the kitchen."


def test_days_on_target_are_counted() -> None:
    short = replace(TARGETS, protein_g=10.0)
    assert days.on_target([TARGETS], TARGETS) == "The day is on target."
    assert days.on_target([TARGETS, TARGETS], TARGETS) == "Every day is on target."
    assert days.on_target([TARGETS, short], TARGETS) == "1 of 2 days is on target."


def test_meals_are_added_up() -> None:
    assert days.added(DAY).kcal == 3 * NUMBERS.kcal


def test_a_menu_tells_what_is_bought_and_what_spoils_after_one_meal() -> None:
    """Rice keeps, and cooked rice is rice; a meal that is skipped buys nothing."""
    first = meal(dish("soup", "spinach", "rice-white-cooked"))
    other = meal(dish("curry", "spinach", "salmon", "rice-basmati-dry"), 1)
    assert days.buying_for_menu([first, other]) == "It needs 3 foods. Only salmon goes into a single meal."
    shared = [first, replace(other, dish=first.dish)]
    assert days.buying_for_menu(shared) == "It needs 2 foods. All that spoils goes into more than one meal."
    many = meal(dish("salad", "cucumber", "tomatoes", "arugula", "parsley", "dill", "basil"), 1)
    assert days.buying_for_menu([first, many]).endswith("7 that spoil go into a single meal.")
    assert days.buying_for_menu([first, replace(other, skipped=True)]).startswith("It needs 2 foods.")
