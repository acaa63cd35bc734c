"""What the larder covers of a need, and what a meal takes out of it."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

import pytest

from mealplanner.larder.stock import still_needed, taken
from mealplanner.larder.values import Item, Larder, Settings

MONDAY, TUESDAY = datetime.date(2026, 11, 23), datetime.date(2026, 11, 24)


def item(food_id: str, grams: str, best_before: datetime.date | None = None) -> Item:
    return Item(id=uuid.uuid4(), food_id=food_id, grams=Decimal(grams), best_before=best_before)


def missing(needs: dict[str, float], larder: Larder) -> dict[str, float]:
    return {one.needed.food.id: pytest.approx(one.grams) for one in still_needed(needs, larder)}


@pytest.mark.parametrize(
    ("needs", "items", "left"),
    [
        ({"spinach": 300}, [item("spinach", "100")], {"spinach": 200}),
        ({"spinach": 300}, [item("spinach", "100", MONDAY), item("spinach", "100")], {"spinach": 100}),
        ({"spinach": 300}, [item("spinach", "400")], {"spinach": 0}),
        ({"spinach": 300}, [item("kale", "400")], {"spinach": 300}),
        ({"chickpeas-cooked": 200}, [item("chickpeas-canned", "240")], {"chickpeas-canned": 0}),
        ({"rice-white-cooked": 280}, [item("rice-white-cooked", "280")], {"rice-basmati-dry": 0}),
        ({"egg": 100, "egg-white": 33}, [item("egg", "200")], {"egg": 0}),
        ({"egg": 100, "egg-white": 33}, [item("egg", "120")], {"egg": 30}),
        ({"egg-white": 99}, [item("egg-white", "33")], {"egg": 100}),
    ],
)
def test_what_is_there_is_not_bought(needs: dict[str, float], items: list[Item], left: dict[str, float]) -> None:
    assert missing(needs, Larder(items=items)) == left


def test_the_last_spoonful_is_not_bought() -> None:
    """A tin in the house holds 240 g of 260 g."""
    larder = Larder(items=[item("chickpeas-canned", "240")])
    assert missing({"chickpeas-canned": 260}, larder) == {"chickpeas-canned": 0}


def test_what_is_always_there_is_not_bought() -> None:
    needs = {"salt": 10.0, "olive-oil": 50.0, "spinach": 200.0}
    one = {food.needed.food.id: food for food in still_needed(needs, Larder(always=frozenset({"salt"})))}
    assert [(food_id, found.grams, found.is_always_there) for food_id, found in one.items()] == [
        ("salt", 0, True),
        ("olive-oil", 50, False),
        ("spinach", 200, False),
    ]
    staples = Larder(settings=Settings(staples=True))
    assert missing(needs, staples) == {"salt": 0, "olive-oil": 0, "spinach": 200}


def test_who_does_not_want_it_buys_everything() -> None:
    larder = Larder(items=[item("spinach", "400")], settings=Settings(subtract=False))
    assert missing({"spinach": 300}, larder) == {"spinach": 300}


@pytest.mark.parametrize(
    ("needs", "items", "moved"),
    [
        ({"spinach": 150}, [("spinach", "400", None)], [("spinach", None, "-150")]),
        (
            {"spinach": 150},
            [("spinach", "400", None), ("spinach", "100", TUESDAY), ("spinach", "20", MONDAY)],
            [("spinach", MONDAY, "-20"), ("spinach", TUESDAY, "-100"), ("spinach", None, "-30")],
        ),
        ({"spinach": 150}, [("spinach", "100", None)], [("spinach", None, "-100")]),
        ({"spinach": 150}, [("kale", "100", None)], []),
        ({"chickpeas-cooked": 120}, [("chickpeas-canned", "240", None)], [("chickpeas-canned", None, "-120")]),
        ({"egg": 50, "egg-white": 33}, [("egg", "300", None)], [("egg", None, "-100")]),
        ({"egg-white": 66}, [("egg-white", "33", None), ("egg", "300", None)],
         [("egg-white", None, "-33"), ("egg", None, "-50")]),
        ({"no-food": 66}, [("egg", "300", None)], []),
        ({"water": 66}, [("egg", "300", None)], []),
    ],
)  # fmt: skip
def test_cooking_takes_what_keeps_shortest_first(
    needs: dict[str, float],
    items: list[tuple[str, str, datetime.date | None]],
    moved: list[tuple[str, datetime.date | None, str]],
) -> None:
    moves = taken([item(*one) for one in items], needs)
    assert [(move.food_id, move.best_before, move.grams) for move in moves] == [
        (food_id, day, Decimal(grams)) for food_id, day, grams in moved
    ]


def test_no_more_is_taken_than_is_there() -> None:
    """A third of a gram has no end, and the larder counts milligrams."""
    moves = taken([item("salt", "0.333")], {"salt": 1 / 3})
    assert [move.grams for move in moves] == [Decimal("-0.333")]
