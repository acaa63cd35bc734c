"""Calendars from the rows that `queries` read. Pure.

Writing an event takes a third of a millisecond, so this is done after the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from mealplanner.calendar.events import days_of, entries
from mealplanner.calendar.file import calendar_file
from mealplanner.calendar.values import Revisions, Setting
from mealplanner.menu.assembly import MenuRows, menu_value


def calendar_of(menus: Iterable[MenuRows], revisions: Revisions, setting: Setting) -> bytes:
    """Return a calendar of `menus`, which are given with the newest first."""
    days = days_of((menu_value(rows, units=setting.units) for rows in menus), setting.since)
    events = tuple(entries(days, revisions, zone=setting.zone, recipes=setting.recipes))
    return calendar_file(events, name=setting.name, zone=setting.zone, since=setting.since)
