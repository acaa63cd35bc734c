"""What the generation of a menu starts from: the request, and what the person ate and rated before."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from mealplanner.larder.queries import to_use
from mealplanner.larder.values import Item
from mealplanner.menu.eaten.queries import eaten
from mealplanner.menu.generation.claims import Claim
from mealplanner.menu.models import Menu
from mealplanner.menu.planned_days.overlaps import GAPS, days_from
from mealplanner.menu.planned_days.queries import planned
from mealplanner.menu.usual.queries import usual_meals
from mealplanner.menu.usual.values import Usual
from mealplanner.preferences.values import Preferences
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.opinions.queries import opinions
from mealplanner.recipes.opinions.values import Opinions

REMEMBERED_DAYS = 28
"""Dishes eaten within this many days before a menu make room for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationInputs:
    """All that is read before a menu is generated."""

    source: str
    preferences: Preferences
    start_date: datetime.date
    days: tuple[int, ...]
    """The days to plan, counted from the menu's first."""
    seed: int
    recent: Mapping[str, int]
    """Slug of a dish -> days from its last meal to the first day of the menu, within `REMEMBERED_DAYS`."""
    recent_titles: tuple[str, ...]
    """The titles of these dishes, the most recent first."""
    ratings: Mapping[str, int]
    opinions: Opinions
    usual: Sequence[Usual]
    to_use: Sequence[Item] = ()
    """What is in the house and best before a day of the menu, if the person wants menus that use it up."""

    @property
    def dates(self) -> list[datetime.date]:
        """The dates of the days to plan."""
        return [self.start_date + datetime.timedelta(days=day) for day in self.days]


def read_inputs(session: Session, claim: Claim) -> GenerationInputs:
    """Return the inputs for the claimed menu, in the transaction that claims it: the menu is locked, so it is there."""
    columns = (Menu.source, Menu.preferences, Menu.start_date, Menu.days, Menu.overlap, Menu.seed)
    menu = session.execute(select(*columns).where(Menu.id == claim.menu_id)).one()
    inputs = inputs_of(session, claim.user_id, menu=menu, preferences=Preferences(**menu.preferences))
    inputs = replace(inputs, to_use=to_use(session, claim.user_id, start=menu.start_date, days=menu.days))
    if menu.overlap != GAPS:
        return inputs
    taken = planned(session, claim.user_id, start=menu.start_date)
    dates = days_from(menu.start_date, menu.days)
    return replace(inputs, days=tuple(number for number in inputs.days if dates[number] not in taken))


def inputs_of(
    session: Session, user_id: uuid.UUID, *, menu: Row[*tuple[Any, ...]], preferences: Preferences
) -> GenerationInputs:
    """Return the inputs for `menu`, a row with its source, first day, days and seed, by `preferences`."""
    past = eaten(session, user_id, before=menu.start_date, days=REMEMBERED_DAYS)
    return GenerationInputs(
        source=menu.source,
        preferences=preferences,
        start_date=menu.start_date,
        days=tuple(range(menu.days)),
        seed=menu.seed,
        recent={slug: (menu.start_date - date).days for slug, _, date in reversed(past)},
        recent_titles=tuple(dict.fromkeys(title for _, title, _ in past)),
        ratings=recipes.ratings(session, user_id),
        opinions=opinions(session, user_id),
        usual=usual_meals(session, user_id),
    )
