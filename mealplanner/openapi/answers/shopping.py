"""What is answered about shopping lists and the larder."""

from __future__ import annotations

from typing import Final

from mealplanner.larder.values import Settings
from mealplanner.openapi.answers.dishes import RECIPE_NAME
from mealplanner.openapi.answers.shapes import date, flag, id_, many, members_of, number, one, shape, text, texts, whole

_USE = shape("UseOfFood", meal=id_(), date=date(), slot=text(), recipe=one(RECIPE_NAME), grams=number())
_LINE = shape(
    "Line",
    food=text(),
    name=text(),
    aisle=text(),
    check=flag(),
    state=text(),
    needed=number(),
    bought=number(),
    in_the_house=number(),
    always_there=flag(),
    from_other_lists=number(),
    buy=one(shape("Buy", text=text(), grams=number()), maybe=True),
    change=text(maybe=True),
    note=text(maybe=True),
    ticks=texts(),
    meals=many(_USE),
)
_OWN = shape("OwnItem", item=id_(), text=text(), state=text(), ticks=texts())
LIST: Final = shape(
    "ShoppingList",
    **{"from": date()},
    to=date(),
    aisles=texts(),
    done=whole(),
    all=whole(),
    lines=many(_LINE),
    own=many(_OWN),
)
TICKED: Final = shape("Ticked", id=id_(), state=text())
AISLES: Final = shape("Aisles", aisles=texts())
LINKS: Final = shape("Links", links=many(shape("Link", id=id_(), expires=date(), link=text(maybe=True))))
_ITEM = shape(
    "LarderItem", id=id_(), food=text(), name=text(), grams=number(), text=text(), best_before=date(maybe=True)
)
LARDER: Final = shape(
    "Larder",
    items=many(_ITEM),
    next=text(maybe=True),
    always_there=many(shape("FoodAlwaysThere", food=text(), name=text())),
    settings=one(shape("LarderSettings", **members_of(Settings))),
)
