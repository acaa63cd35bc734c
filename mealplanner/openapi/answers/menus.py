"""What is answered about menus."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from mealplanner.menu.rebalancing.values import Progress
from mealplanner.openapi.answers.dishes import DETAILS_SHAPE, INGREDIENT, MEAL_RECIPE, NUMBERS, RECIPE_NAME
from mealplanner.openapi.answers.shapes import (
    anything,
    date,
    flag,
    id_,
    many,
    members_of,
    moment,
    number,
    one,
    shape,
    text,
    texts,
    whole,
)
from mealplanner.recipes.values import Numbers
from mealplanner.spending.values import MonthlyUse, PastCall

_STATUS = ("queued", "running", "ready", "failed", "cancelled")


def _summary() -> dict[str, fields.Field[Any]]:
    return {
        "id": id_(),
        "version": whole(),
        "can_undo": flag(),
        "can_redo": flag(),
        "status": text(*_STATUS),
        "start_date": date(),
        "source": text("auto", "catalogue", "model"),
        "seed": whole(),
        "message": text(),
        "error_code": text(maybe=True),
    }


_CHANGE = shape("PreferenceChange", action=text("set", "add", "remove"), preference=text(), value=anything())
_REMEDY = shape("Remedy", text=text(), changes=many(_CHANGE))
_MEAL = shape(
    "Meal",
    id=id_(),
    slot=text(),
    time=text(),
    portion=number(),
    servings=whole(),
    locked=flag(),
    note=text(maybe=True),
    skipped=text(maybe=True),
    eaten=flag(),
    cooked=flag(),
    recipe=one(MEAL_RECIPE),
    **members_of(Numbers),
    ingredients=many(INGREDIENT),
)
_DAY = shape(
    "Day",
    date=date(),
    minutes=whole(),
    totals=one(NUMBERS),
    details=one(DETAILS_SHAPE),
    replaced_by=id_(maybe=True),
    meals=many(_MEAL),
)
_PREPARATION = shape("Preparation", date=date(), meal=id_(), recipe=one(RECIPE_NAME), text=text())
MENU: Final = shape(
    "Menu",
    **_summary(),
    warnings=texts(),
    remedies=many(_REMEDY),
    targets=one(NUMBERS),
    day_limits=fields.Dict(keys=fields.String(), values=fields.Float()),
    days=many(_DAY),
    preparation=many(_PREPARATION),
)
MENUS: Final = shape("Menus", menus=many(shape("MenuSummary", **_summary())), next=text(maybe=True))
PROGRESS: Final = shape("Progress", **members_of(Progress))
_DAY_OFF = shape("DayOff", date=date(), may_change=texts(), stays=texts())
DAYS_OFF: Final = shape("DaysOff", version=whole(), days=many(_DAY_OFF))
_CALL = shape("ModelCall", **members_of(PastCall), tokens=whole())
_USE = shape("ModelUse", **members_of(MonthlyUse, "month"), month=text())
SENT: Final = shape(
    "Sent", calls=many(_CALL), total=whole(), tokens=whole(), this_month=one(_USE), next=text(maybe=True)
)
_OFFER = shape(
    "Alternative",
    recipe=one(MEAL_RECIPE),
    portion=number(),
    **members_of(Numbers),
    day=one(NUMBERS),
    reason=text(),
    allowed=flag(),
)
ALTERNATIVES: Final = shape("Alternatives", version=whole(), alternatives=many(_OFFER))
_EDIT = shape(
    "Edit",
    version=whole(),
    what=text(),
    text=text(),
    before=fields.Dict(),
    after=fields.Dict(),
    at=moment(),
    undoes=whole(maybe=True),
    redoes=whole(maybe=True),
    undone=flag(),
)
EDITS: Final = shape("Edits", edits=many(_EDIT), next=text(maybe=True))
_REASON = shape("Reason", kind=text(), text=text())
_CHECK = shape(
    "FoodCheck",
    food=text(),
    verdict=text("yes", "no", "unknown"),
    contains=texts(),
    may_contain=texts(),
    traces=texts(),
    label=texts(),
)
_RULE = shape("RuleProof", rule=text(), name=text(), suits=flag(), summary=text(), notes=texts(), foods=many(_CHECK))
_FACTS = shape(
    "FoodFacts",
    food=text(),
    name=text(),
    contains=texts(),
    may_contain=texts(),
    traces=texts(),
    known=flag(),
    source=text(maybe=True),
    source_url=text(maybe=True),
)
WHY_MEAL: Final = shape(
    "WhyMeal",
    id=id_(),
    date=date(),
    slot=text(),
    title=text(),
    recipe=one(RECIPE_NAME),
    reasons=many(_REASON),
    opinions=texts(),
    safe=flag(),
    rules_changed=flag(),
    rules=many(_RULE),
    buying=texts(),
    foods=many(_FACTS),
)
_WHY_DISH = shape("WhyDish", id=id_(), date=date(), slot=text(), title=text(), reason=one(_REASON))
_WHY_DAY = shape(
    "WhyDay", date=date(), on_target=flag(), reached=texts(), variety=text(), effort=text(), meals=many(_WHY_DISH)
)
WHY_MENU: Final = shape(
    "WhyMenu",
    id=id_(),
    targets=one(NUMBERS),
    on_target=text(),
    variety=texts(),
    effort=text(),
    buying=text(),
    days=many(_WHY_DAY),
)
_PAST_MEAL = shape(
    "PastMeal",
    id=id_(),
    menu_id=id_(),
    version=whole(),
    date=date(),
    slot=text(),
    recipe=one(RECIPE_NAME),
    skipped=flag(),
    eaten_on=date(maybe=True),
    cooked_on=date(maybe=True),
)
HISTORY: Final = shape("History", since=date(), until=date(), earlier=text(maybe=True), meals=many(_PAST_MEAL))
