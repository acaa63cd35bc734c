"""The settings of an account: time zone and units."""

from __future__ import annotations

import re

import pytest

from tests.visitor import Visitor


def test_how_times_and_dates_are_written_stays_when_a_program_leaves_it_out(person: Visitor) -> None:
    form = {"time_zone": "America/New_York", "units": "imperial"}
    person.post("/auth/account/settings", {**form, "hours": "12h", "dates": "month-first"})
    assert person.post("/auth/account/settings", form).status_code == 303
    shown = person.get("/auth/account", json=True).get_json()
    assert (shown["hours"], shown["dates"]) == ("12h", "month-first")
    written = r">[A-Z][a-z]{2}, [A-Z][a-z]{2} \d{1,2} \d{1,2}:\d\d\xa0[AP]M</time>"
    assert re.search(written, person.get("/auth/sign-ins").text)


def test_time_zone_and_units_are_kept(person: Visitor) -> None:
    """And shown to people and to programs."""
    form = {"time_zone": "America/New_York", "units": "imperial", "hours": "12h", "dates": "month-first"}
    assert person.post("/auth/account/settings", form).status_code == 303
    shown = person.get("/auth/account", json=True).get_json()
    assert shown == {"email": person.email, "verified": False, **form}
    assert '<option value="America/New_York" selected>' in person.get("/auth/account").text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"time_zone": "Mars/Olympus", "units": "metric"}, "time_zone"),
        ({"time_zone": "../../etc/passwd", "units": "metric"}, "time_zone"),
        ({"time_zone": "UTC", "units": "stone"}, "units"),
        ({"time_zone": "UTC", "units": "metric", "hours": "decimal"}, "hours"),
        ({"time_zone": "UTC", "units": "metric", "dates": "iso"}, "dates"),
        ({}, "time_zone"),
    ],
)
def test_settings_that_do_not_exist_are_refused(person: Visitor, form: dict[str, str], field: str) -> None:
    """With a message at the field; nothing is stored."""
    refused = person.post("/auth/account/settings", json=form)
    assert (refused.status_code, field in refused.get_json()["errors"]) == (422, True)
    assert person.post("/auth/account/settings", form).status_code == 422
    assert person.get("/auth/account", json=True).get_json()["time_zone"] == "UTC"
