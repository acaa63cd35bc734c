"""The lines of a list."""

from __future__ import annotations

from typing import Any

from mealplanner.food.pack_table import SHOP_AISLES
from mealplanner.shopping.assembly import in_order, shopping_list
from mealplanner.shopping.values import Span
from mealplanner.shopping.words import bought_text, buy_text, change_text, list_text
from tests.shopping.meals import MONDAY, WEEK, day, meal, rows, tick

SPINACH = {"spinach": 400.0}


def line(*meals: Any, food: str = "spinach", **options: Any) -> Any:
    found = shopping_list(rows(*meals, **options)).lines
    return next(one for one in found if one.food.id == food)


def test_what_is_needed_is_bought_rounded_up() -> None:
    """What a shop sells holds at least what the meals need."""
    one = line(meal(MONDAY, {"spinach": 387.3}))
    assert one.needed == 387.3
    assert one.buy.grams >= 387.3
    assert not one.done


def test_what_is_ticked_is_done() -> None:
    one = line(meal(MONDAY, SPINACH), ticks=[tick("spinach", 400)])
    assert (one.done, one.bought, one.spare, one.change) == (True, 400, False, None)
    assert bought_text(one, WEEK, "metric") == "You bought 400 g."


def test_more_is_said_with_what_was_bought() -> None:
    """The row is open again, for what is missing."""
    one = line(meal(MONDAY, {"spinach": 1200.0}), ticks=[tick("spinach", 400)], baseline=SPINACH)
    assert not one.done
    assert one.change == "more"
    assert one.total >= 1200
    assert buy_text(one).endswith(" more")
    assert bought_text(one, WEEK, "metric") == "You bought 400 g, the week now needs 1.2 kg."


def test_less_keeps_what_was_bought() -> None:
    one = line(meal(MONDAY, {"spinach": 90.0}), ticks=[tick("spinach", 400)], baseline=SPINACH)
    assert (one.done, one.spare, one.change, one.bought) == (True, True, "less", 400)
    assert bought_text(one, WEEK, "metric") == "You bought 400 g, the week now needs 90 g."


def test_what_no_meal_needs_any_more_stays_bought() -> None:
    one = line(ticks=[tick("spinach", 400)], baseline=SPINACH)
    assert (one.done, one.change, one.needed) == (True, "gone", 0)
    assert bought_text(one, WEEK, "metric") == "You bought 400 g; no meal needs it any more."


def test_what_is_new_and_what_is_gone_is_told_once_shopping_began() -> None:
    """Before the first tick there is nothing to tell changes against."""
    new = meal(MONDAY, {"spinach": 400.0})
    assert line(new).change is None
    assert line(new, baseline={}).change == "new"
    gone = line(new, food="leek", baseline={**SPINACH, "leek": 200.0})
    assert (gone.change, change_text(gone, WEEK, "metric")) == ("gone", "No longer needed.")


def test_a_little_more_than_was_bought_is_no_change() -> None:
    """A swap moves portions by grams that no cook notices."""
    one = line(meal(MONDAY, {"spinach": 405.0}), ticks=[tick("spinach", 400)], baseline=SPINACH)
    assert (one.done, one.change) == (True, None)


def test_what_another_list_left_is_not_bought_again() -> None:
    weekend = Span(day(5), day(6))
    one = line(meal(day(5), SPINACH), ticks=[tick("spinach", 400)], span=weekend)
    assert (one.done, one.left, one.bought) == (True, 400, 0)
    assert bought_text(one, weekend, "metric") == "You have enough from another list."


def test_spices_are_looked_for_and_not_counted() -> None:
    found = shopping_list(rows(meal(MONDAY, {"spinach": 400.0, "cumin": 2.0})))
    assert [one.food.id for one in found.lines if one.checked] == ["cumin"]
    assert found.progress == (0, 1)


def test_aisles_follow_the_persons_shop() -> None:
    """Those that the person did not name come after the others."""
    found = shopping_list(rows(meal(MONDAY, {"spinach": 400.0, "apple": 200.0}), aisles=["fruit", "gone"]))
    assert [one.aisle for one in found.lines] == ["fruit", "vegetables"]
    assert sorted(in_order(["fruit"])) == sorted(SHOP_AISLES)


def test_plain_text_has_what_is_left() -> None:
    """Short lines without markup, for a chat."""
    meals = meal(MONDAY, {"spinach": 400.0, "leek": 300.0, "cumin": 2.0})
    found = list_text("the week", shopping_list(rows(meals, ticks=[tick("leek", 300)])))
    assert found.splitlines()[:3] == ["Shopping list, the week", "", "Vegetables and herbs"]
    assert "- Spinach, " in found
    assert "Leek" not in found
    assert found.endswith("Check that you have: cumin\n")
