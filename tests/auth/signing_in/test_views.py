"""Registering, signing in and out, as people do it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from tests.together import map_at_once
from tests.visitor import PASSWORD, Visitor
from tests.waiting import PATIENCE

Count = Callable[[], int]


def failures(engine: Engine) -> int:
    """Return how many failed sign-ins were counted."""
    with engine.connect() as connection:
        return connection.scalar(text("SELECT sum(failed_logins) FROM users")) or 0


def test_registering_signs_in_and_leads_to_the_first_step(visitor: Visitor, stored: Count) -> None:
    answer = visitor.post("/auth/register", {"email": " New@Example.org ", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/preferences/food")
    assert "New@example.org" in visitor.get("/preferences").text
    assert stored() == 1


def test_an_address_has_one_account_in_whatever_case(person: Visitor, stored: Count) -> None:
    """The form comes back as typed, with a message at the field and no password in it."""
    answer = person.post("/auth/register", {"email": "PERSON@example.org", "password": "another secret word"})
    assert answer.status_code == 422
    assert "There is an account with this address already" in answer.text
    assert 'value="PERSON@example.org"' in answer.text
    assert "another secret word" not in answer.text
    assert stored() == 1


def test_two_registrations_of_one_address_at_once_make_one_account(visitor: Visitor, stored: Count) -> None:
    """The constraint decides, not a query before."""
    tokens = [(other := Visitor(visitor.app), other.token()) for _ in range(2)]

    def register(one: Visitor, token: str) -> int:
        form = {"email": "person@example.org", "password": PASSWORD}
        return one.client.post("/auth/register", data=form, headers={"X-CSRFToken": token}).status_code

    assert sorted(map_at_once(lambda pair: register(*pair), tokens)) == [303, 422]
    assert stored() == 1


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"email": "nobody", "password": PASSWORD}, "Enter an e-mail address"),
        ({"email": "a@example.org", "password": "short"}, "Use 10 to 1000 characters"),
        ({}, "Enter a password"),
    ],
)
def test_a_wrong_field_comes_back_with_what_was_expected(
    visitor: Visitor, stored: Count, form: dict[str, str], message: str
) -> None:
    """422, with a message at the field and what was typed."""
    answer = visitor.post("/auth/register", form)
    assert answer.status_code == 422
    assert message in answer.text
    assert form.get("email", "") in answer.text
    assert stored() == 0


def test_signing_in_leads_where_the_person_wanted_to_go(person: Visitor) -> None:
    """A page that asks for a sign-in is shown after it."""
    person.post("/auth/logout")
    wanted = person.get("/menu/")
    assert (wanted.status_code, wanted.location) == (303, "/auth/login?next=/menu/")
    answer = person.post("/auth/login", {"email": person.email, "password": PASSWORD, "next": "/menu/"})
    assert (answer.status_code, answer.location) == (303, "/menu/")


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/a\nb"]
)
def test_signing_in_never_leads_elsewhere(person: Visitor, target: str) -> None:
    """Only a path of this site is followed."""
    answer = person.post("/auth/login", {"email": person.email, "password": PASSWORD, "next": target})
    assert answer.location == "/"


def test_a_wrong_password_and_an_unknown_address_look_alike(person: Visitor, engine: Engine) -> None:
    """401 with the same words; the failure is counted although the request is rolled back."""
    wrong = person.sign_in("not the password")
    unknown = Visitor(person.app, "nobody@example.org").sign_in()
    assert wrong.status_code == unknown.status_code == 401
    for answer in (wrong, unknown):
        assert "The e-mail address or the password is wrong." in answer.text
    assert failures(engine) == 1


def test_a_sign_in_clears_the_count(person: Visitor, engine: Engine) -> None:
    """Failures are counted since the last success."""
    person.sign_in("not the password")
    assert person.sign_in().status_code == 303
    assert failures(engine) == 0


def test_failed_sign_ins_are_counted_exactly_under_eight_threads(person: Visitor, engine: Engine) -> None:
    """The database adds, so no failure is lost to a race."""
    start = Barrier(8, timeout=PATIENCE)

    def fail_three_times(_number: int) -> list[int]:
        visitor = Visitor(person.app)
        visitor.token()
        start.wait()
        return [visitor.sign_in("not the password").status_code for _ in range(3)]

    with ThreadPoolExecutor(8) as pool:
        statuses = [status for found in pool.map(fail_three_times, range(8)) for status in found]
    assert set(statuses) == {401}
    assert failures(engine) == 24


def test_signing_out_ends_the_session(person: Visitor) -> None:
    """Twice is fine, and pages ask for a sign-in again."""
    assert person.post("/auth/logout").status_code == 303
    assert person.post("/auth/logout").status_code == 303
    assert person.get("/preferences").status_code == 303


def test_a_session_ends_with_its_row(person: Visitor, engine: Engine) -> None:
    """The cookie names the session, not the account."""
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM sessions"))
    assert person.get("/preferences").status_code == 303


def test_without_its_token_a_form_is_refused(visitor: Visitor, stored: Count) -> None:
    """400 with a sentence that says so."""
    answer = visitor.client.post("/auth/register", data={"email": "a@example.org", "password": PASSWORD})
    assert answer.status_code == 400
    assert "security token" in answer.text
    assert stored() == 0


def test_programs_get_json(visitor: Visitor) -> None:
    """The same paths speak JSON, with problem details for what is wrong."""
    refused = visitor.get("/menu/", json=True)
    assert refused.status_code == 401
    assert refused.mimetype == "application/problem+json"
    wrong = visitor.post("/auth/register", json={"email": "nobody", "password": PASSWORD})
    assert wrong.status_code == 422
    assert list(wrong.get_json()["errors"]) == ["email"]
    made = visitor.post("/auth/register", json={"email": "a@example.org", "password": PASSWORD})
    assert (made.status_code, made.get_json()) == (200, {"email": "a@example.org"})


def settings_of(person: Visitor) -> dict[str, str]:
    """Return the time zone and the units of the account."""
    shown = person.get("/auth/account", json=True).get_json()
    return {name: shown[name] for name in ("time_zone", "units", "hours", "dates")}


def test_a_new_account_has_the_time_zone_and_the_units_of_its_form(visitor: Visitor) -> None:
    settings = {"time_zone": "America/New_York", "units": "imperial", "hours": "12h", "dates": "month-first"}
    assert visitor.post("/auth/register", {"email": visitor.email, "password": PASSWORD, **settings}).status_code == 303
    assert settings_of(visitor) == settings


def test_a_program_need_not_say_them(person: Visitor) -> None:
    assert settings_of(person) == {"time_zone": "UTC", "units": "metric", "hours": "24h", "dates": "day-first"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"time_zone": "Mars/Olympus", "units": "metric"}, "Choose a time zone from the list, like Europe/Berlin."),
        ({"time_zone": "", "units": "metric"}, "Choose a time zone from the list, like Europe/Berlin."),
        ({"time_zone": "../../etc/passwd", "units": "metric"}, "Choose a time zone from the list, like Europe/Berlin."),
        ({"time_zone": "Asia/Tokyo", "units": "stone"}, "Choose metric or imperial."),
    ],
)
def test_a_time_zone_or_units_that_do_not_exist_make_no_account(
    visitor: Visitor, stored: Count, settings: dict[str, str], message: str
) -> None:
    """The form comes back with what was typed, and open."""
    refused = visitor.post("/auth/register", {"email": visitor.email, "password": PASSWORD, **settings})
    assert (refused.status_code, stored()) == (422, 0)
    assert message in refused.text
    assert f'value="{visitor.email}"' in refused.text
    assert "data-browser" not in refused.text
    if settings["time_zone"] == "Asia/Tokyo":
        assert '<option value="Asia/Tokyo" selected>' in refused.text


@pytest.mark.parametrize(
    ("languages", "units", "hours", "dates"),
    [
        ("en-US,en;q=0.8", "imperial", "12h", "month-first"),
        ("en-NZ", "metric", "12h", "day-first"),
        ("en-GB,en-US;q=0.8", "metric", "24h", "day-first"),
        ("de", "metric", "24h", "day-first"),
        ("", "metric", "24h", "day-first"),
    ],
)
def test_the_form_asks_with_the_units_and_the_clock_of_the_readers_country(
    visitor: Visitor, languages: str, units: str, hours: str, dates: str
) -> None:
    """For browsers without a script; with one, the browser fills in all of it. The zone has to be chosen."""
    page = visitor.client.get("/auth/register", headers={"Accept-Language": languages}).text
    assert f'name="units" value="{units}" checked' in page
    assert f'name="hours" value="{hours}" checked' in page
    assert f'name="dates" value="{dates}" checked' in page
    assert page.count("checked") == 3
    assert '<option value="">Choose the place nearest to you</option>' in page
    assert " selected>" not in page
