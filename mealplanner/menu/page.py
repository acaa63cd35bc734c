"""The texts of a menu's pages. Pure.

A week has hundreds of them. They are formatted here rather than by the filters of a template, which would take several
times as long; the template only says where each belongs.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple
from uuid import UUID

from mealplanner.food.wording import Units
from mealplanner.menu.assembly import MenuRows, menu_value
from mealplanner.menu.preparation import Preparation, preparations
from mealplanner.menu.status_line import status_line
from mealplanner.menu.values import DayValue, MealValue, MenuSummary, MenuValue
from mealplanner.presentation.formatting import Hours, clock, date_range, day, duration, label, number, weekday
from mealplanner.presentation.glyphs import food_glyph

WEEK: Final = 7

_SKIPPED: Final = {None: "", "reserved": "Eating out", "shared": "Skipped"}

Place = tuple[str, int]
"""A meal of a day: its slot, and the how many-th of that slot it is."""


class MealPage(NamedTuple):
    """A meal; `row` is where it stands in the week, from 1, and `glyph` is its main food."""

    id: UUID
    row: int
    glyph: str
    time: str
    slot: str
    recipe: str
    """What follows the address of all recipes: the id, and the meal that it is opened from."""
    title: str
    minutes: str
    kcal: str
    state: str
    """The classes of what has become of it: ` kept`, ` eaten`, ` skipped`."""
    by_model: bool
    kept: bool
    eaten: bool
    skipped: str
    """`Eating out`, or `Skipped` where the day's other meals take over its energy; else empty."""
    note: str


class PreparationPage(NamedTuple):
    """What to prepare for a meal of the next day; `recipe` is as in `MealPage`."""

    recipe: str
    dish: str
    text: str


class DayPage(NamedTuple):
    """A day; `id` is its date as programs write it."""

    id: str
    title: str
    weekday: str
    number: int
    facts: str
    """Its energy and its time in the kitchen."""
    state: str
    """`past`, `today` or `coming`."""
    position: int
    """In the menu, from 1."""
    replaced_by: UUID | None
    """The menu that has this day now."""
    meals: tuple[MealPage, ...]
    preparations: tuple[PreparationPage, ...]
    """For the next day."""


class RowPage(NamedTuple):
    """A row of a week, such as all its lunches; the time is empty where it differs from day to day."""

    glyph: str
    name: str
    time: str


_PREPARE: Final = RowPage("clock", "Prepare", "")


class WeekPage(NamedTuple):
    """Up to seven days, and the rows that their meals stand in; the last is for preparations where there are any."""

    title: str
    rows: tuple[RowPage, ...]
    days: tuple[DayPage, ...]


class MenuPage(NamedTuple):
    """A whole menu; `shown` is the day that a small screen begins with."""

    summary: MenuSummary
    title: str
    when: str
    status: str
    warnings: tuple[str, ...]
    remedies: Mapping[str, Sequence[Mapping[str, Any]]]
    """Those of the warnings that say what would help -> the changes of the preferences."""
    shown: str
    weeks: tuple[WeekPage, ...]


def menu_page(
    rows: MenuRows, *, today: datetime.date | None = None, hours: Hours = "24h", units: Units = "metric"
) -> MenuPage:
    """Return the page of a menu as it is seen on the date `today`."""
    return page_of(menu_value(rows, units=units), today=today, hours=hours)


def page_of(value: MenuValue, *, today: datetime.date | None = None, hours: Hours = "24h") -> MenuPage:
    """Return the page of a menu that was put together already."""
    summary, dates = value.summary, [day.date for day in value.days]
    return MenuPage(
        summary=summary,
        title=date_range(summary.start_date, summary.days, today),
        when=when(summary, today),
        status=status_line(value.days, value.targets),
        warnings=value.warnings,
        remedies={remedy["text"]: remedy["changes"] for remedy in value.remedies},
        shown=(today if today in dates else dates[0]).isoformat(),
        weeks=tuple(_weeks(value.days, today, hours)),
    )


def menu_groups(summaries: Sequence[MenuSummary], today: datetime.date) -> list[tuple[str, list[MenuSummary]]]:
    """Return the menus by what they are on the date `today`, the nearest first; groups without a menu are left out."""
    groups: dict[str, list[MenuSummary]] = {"Being made": [], "Now": [], "Coming up": [], "Earlier": [], "Not made": []}
    for summary in sorted(summaries, key=lambda summary: abs((summary.start_date - today).days)):
        if summary.status in ("queued", "running"):
            groups["Being made"].append(summary)
        elif summary.status != "ready":
            groups["Not made"].append(summary)
        else:
            name = when(summary, today)
            groups["Now" if name == "This week" else name].append(summary)
    return [(name, members) for name, members in groups.items() if members]


def when(summary: MenuSummary, today: datetime.date | None) -> str:
    """Return how a menu lies to the date `today`: `This week`, `Coming up`, or `Earlier`."""
    if today is None or today >= summary.start_date + datetime.timedelta(days=summary.days):
        return "Earlier"
    if today < summary.start_date:
        return "Coming up"
    return "This week" if 4 <= summary.days <= WEEK else "Now"


def day_page(
    value: DayValue,
    rows: Sequence[Place],
    *,
    position: int = 1,
    today: datetime.date | None = None,
    hours: Hours = "24h",
    preparing: Sequence[Preparation] = (),
) -> DayPage:
    """Return the part of a page that shows one day, its meals in these `rows`, and what is prepared on it."""
    date = value.date
    state = "coming" if today is None or date > today else "past" if date < today else "today"
    return DayPage(
        id=date.isoformat(),
        title=day(date),
        weekday=weekday(date),
        number=date.day,
        facts=f"{number(value.totals.kcal)}\N{NO-BREAK SPACE}kcal · {duration(value.minutes)}",
        state=state,
        position=position,
        replaced_by=value.replaced_by,
        meals=tuple(
            _meal(meal, 1 + rows.index(place), hours) for meal, place in zip(value.meals, places(value), strict=True)
        ),
        preparations=tuple(_preparation(one) for one in preparing if one.date == date),
    )


def places(value: DayValue) -> Iterator[Place]:
    """Yield the place of each meal of a day."""
    seen: Counter[str] = Counter()
    for meal in value.meals:
        seen[meal.slot] += 1
        yield meal.slot, seen[meal.slot]


def rows_of(days: Iterable[DayValue]) -> tuple[Place, ...]:
    """Return every place that is taken on one of the days, in the order in which they are first eaten."""
    first: dict[Place, datetime.time] = {}
    for value in days:
        for place, meal in zip(places(value), value.meals, strict=True):
            first[place] = min(first.get(place, meal.time), meal.time)
    return tuple(sorted(first, key=lambda place: (first[place], place)))


def _weeks(days: Sequence[DayValue], today: datetime.date | None, hours: Hours) -> Iterator[WeekPage]:
    rest, preparing = iter(enumerate(days, start=1)), preparations(days)
    while numbered := list(islice(rest, WEEK)):
        values = [value for _, value in numbered]
        rows = rows_of(values)
        shown = tuple(
            day_page(value, rows, position=position, today=today, hours=hours, preparing=preparing)
            for position, value in numbered
        )
        last = (_PREPARE,) if any(day.preparations for day in shown) else ()
        yield WeekPage(
            title=date_range(values[0].date, len(values), today),
            rows=(*(_row(place, values, hours) for place in rows), *last),
            days=shown,
        )


def _row(place: Place, days: Iterable[DayValue], hours: Hours) -> RowPage:
    times = {
        meal.time for value in days for other, meal in zip(places(value), value.meals, strict=True) if other == place
    }
    return RowPage(place[0], label(place[0]), clock(times.pop(), hours) if len(times) == 1 else "")


def _preparation(one: Preparation) -> PreparationPage:
    return PreparationPage(recipe=f"{one.recipe_id}?meal={one.meal_id}", dish=one.dish, text=one.text)


def _meal(meal: MealValue, row: int, hours: Hours) -> MealPage:
    recipe = meal.recipe
    return MealPage(
        id=meal.id,
        row=row,
        glyph=food_glyph(recipe.main_protein),
        time=clock(meal.time, hours),
        slot=label(meal.slot),
        recipe=f"{recipe.id}?meal={meal.id}",
        title=recipe.title,
        minutes=_minutes(recipe.minutes),
        kcal=_kcal(round(meal.numbers.kcal)),
        state=_state(meal.locked, meal.eaten, meal.skipped is not None),
        by_model=recipe.source == "model",
        kept=meal.locked,
        eaten=meal.eaten,
        skipped=_SKIPPED[meal.skipped],
        note=meal.note or "",
    )


@lru_cache
def _state(kept: bool, eaten: bool, skipped: bool) -> str:
    return (" kept" if kept else "") + (" eaten" if eaten else "") + (" skipped" if skipped else "")


@lru_cache(maxsize=512)
def _minutes(minutes: int) -> str:
    return duration(minutes)


@lru_cache(maxsize=4096)
def _kcal(kcal: int) -> str:
    return f"{number(kcal)}\N{NO-BREAK SPACE}kcal"
