"""A form that could not be used comes back as it was sent, with what is wrong."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from jinja2 import DictLoader

from mealplanner.errors import Conflict, DomainError, Invalid, NotFound, TooMany, Unauthenticated
from mealplanner.web.errors import errors
from mealplanner.web.forms import EMPTY, Draft, done, form_page, go_on, sent_from
from mealplanner.web.keys import init_keys
from mealplanner.web.pages import Answer

NAME = "{{ form.name }}|{{ errors.get('name', []) | join }}|{{ errors.get('form', []) | join }}|{{ next }}"


class Stale(Conflict):
    """A conflict that its form explains."""


class Room:
    """A small application with one form, whose view raises what it is told to."""

    def __init__(self) -> None:
        self.raises: DomainError | None = None
        room = Blueprint("room", __name__)

        @room.get("/name/<int:number>")
        def name_form(number: int, draft: Draft = EMPTY) -> Answer:
            form = draft.or_else({"name": f"stored {number}"})
            return form_page("name.html", draft, form=form)

        @room.post("/name/<int:number>")
        @sent_from(name_form, Stale, Unauthenticated)
        def change_name(number: int) -> Answer:
            if self.raises is not None:
                raise self.raises
            return done("Changed.", "room.name_form", number=number)

        @room.post("/onward")
        def onward() -> Answer:
            return go_on("room.name_form", number=1)

        app = Flask("room")
        init_keys(app, ("only for tests",))
        app.jinja_loader = DictLoader({"name.html": NAME})
        app.register_blueprint(errors)
        app.register_blueprint(room)
        self.client: FlaskClient = app.test_client()


@pytest.fixture
def room() -> Room:
    """Return the small application."""
    return Room()


def test_a_page_that_was_just_opened_shows_what_is_stored(room: Room) -> None:
    answer = room.client.get("/name/7")
    assert (answer.status_code, answer.text) == (200, "stored 7|||None")


@pytest.mark.parametrize(
    ("error", "status", "page"),
    [
        (Invalid({"name": ["Too short."]}), 422, "typed|Too short.||None"),
        (TooMany("5 minutes", seconds=299.5), 429, "typed||Too many attempts. Try again in 5 minutes.|None"),
        (Unauthenticated("No such account."), 401, "typed||No such account.|None"),
        (Stale("Changed elsewhere."), 409, "typed||Changed elsewhere.|None"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_was_sent_comes_back_with_what_is_wrong(room: Room, error: DomainError, status: int, page: str) -> None:
    room.raises = error
    answer = room.client.post("/name/7", data={"name": "typed"})
    assert (answer.status_code, answer.text) == (status, page)
    assert answer.headers.get("Retry-After") == ("300" if status == 429 else None)


def test_an_empty_form_comes_back_with_its_errors(room: Room) -> None:
    room.raises = Invalid({"name": ["Enter a name."]})
    answer = room.client.post("/name/7")
    assert (answer.status_code, answer.text) == (422, "|Enter a name.||None")


@pytest.mark.parametrize("how", [{"json": {"name": "typed"}}, {"headers": {"Accept": "application/json"}}])
def test_programs_get_problem_details_instead(room: Room, how: dict[str, object]) -> None:
    room.raises = Invalid({"name": ["Too short."]})
    answer = room.client.post("/name/7", **how)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["errors"] == {"name": ["Too short."]}


def test_an_error_that_no_form_explains_has_a_page_of_its_own(room: Room) -> None:
    room.raises = NotFound()
    assert room.client.post("/name/7", headers={"Accept": "application/json"}).status_code == 404


def test_success_leads_on_and_says_so(room: Room) -> None:
    answer = room.client.post("/name/7")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/name/7")
    assert room.client.post("/name/7", json={}).get_json() == {"message": "Changed."}


@pytest.mark.parametrize(("target", "location"), [("/menu/?a=b", "/menu/?a=b"), ("//evil.example", "/name/1")])
def test_people_go_on_to_where_they_were_going_on_this_site(room: Room, target: str, location: str) -> None:
    assert room.client.post("/onward", data={"next": target}).headers["Location"] == location
