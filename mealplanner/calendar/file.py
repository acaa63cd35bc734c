"""Events as iCalendar (RFC 5545). Pure."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import TRANSP, Calendar, Event, Timezone, vDuration

from mealplanner.calendar.values import Entry

MIMETYPE: Final = "text/calendar"
REFRESH: Final = datetime.timedelta(hours=1)
"""How often a calendar that follows a feed is asked to look again."""

_EATING: Final = datetime.timedelta(minutes=30)


def calendar_file(entries: Sequence[Entry], *, name: str, zone: ZoneInfo, since: datetime.date) -> bytes:
    """Return a calendar of `entries`, none of them before `since`, by the clocks of `zone`."""
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//mealplanner//meals//EN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)  # what most programs read instead of NAME
    calendar.add("X-WR-TIMEZONE", zone.key)
    calendar.add("REFRESH-INTERVAL", REFRESH, {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    calendar.add_component(_clocks(zone, since, max((entry.start.year for entry in entries), default=since.year)))
    for entry in entries:
        calendar.add_component(_event(entry))
    sent: bytes = calendar.to_ical()
    return sent


def _clocks(zone: ZoneInfo, since: datetime.date, until: int) -> Timezone:
    """Return how the clock is set from the year of `since` to the year after `until`."""
    clocks = Timezone.from_tzinfo(zone, zone.key, datetime.date(since.year, 1, 1), datetime.date(until + 2, 1, 1))
    for change in clocks.subcomponents:
        _by_the_clock_before(change)
    return clocks


def _by_the_clock_before(change: Any) -> None:
    """Say when the clock is put forward by the time that it shows until then, as RFC 5545 has it.

    icalendar (7.3) says it by the time that the clock shows afterwards.
    """
    forward = change.TZOFFSETTO - change.TZOFFSETFROM
    if forward > datetime.timedelta():
        starts = [change.DTSTART, *(start for start, _ in change.rdates)]
        change.pop("RDATE", None)
        change.DTSTART = starts[0] - forward
        if later := [start - forward for start in starts[1:]]:
            change.add("RDATE", later)


def _event(entry: Entry) -> Event:
    day = not isinstance(entry.start, datetime.datetime)
    event = Event.new(
        uid=entry.uid,
        start=entry.start,
        summary=entry.summary,
        description=entry.description,
        url=entry.link,
        categories=[entry.category],
        sequence=entry.revision.number,
        stamp=entry.revision.at,
        last_modified=entry.revision.at,
        transparency=TRANSP.TRANSPARENT,  # a meal leaves the time free for others to book
    )
    event.DURATION = datetime.timedelta(days=1) if day else _EATING
    return event
