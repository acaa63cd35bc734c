"""What becomes of what a request wrote, and of its cookie, on both sides of the flag."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Response, abort, redirect, session
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from mealplanner.db.errors import PendingWrites, SwallowedFailure
from mealplanner.errors import Conflict, Invalid, NotFound
from mealplanner.storage.database import Database
from mealplanner.web.access import public
from mealplanner.web.application import Application
from mealplanner.web.pages import DeferredResponse
from mealplanner.web.transactions import db_session, request_unit_of_work
from tests.rows import add_clashing_meals, add_user
from tests.web.writing import write_then

pytestmark = pytest.mark.sides("pooled", "direct")

Serve = Callable[..., FlaskClient]
Count = Callable[[], int]


@pytest.mark.parametrize("answer", ["fine", ("made", 201), lambda: redirect("/elsewhere", 303)])
def test_303_after_post_keeps_the_row(serve: Serve, stored: Count, answer: Any) -> None:
    """Below 400 everything is committed, the 303 after a POST included."""
    serve(write_then(answer)).post("/")
    assert stored() == 1


@pytest.mark.parametrize("answer", [("no", 422), ("no", 400), lambda: Response("no", 500)])
def test_returned_422_leaves_no_row(serve: Serve, stored: Count, answer: Any) -> None:
    """From 400 on everything is rolled back, in whatever form the view says it."""
    serve(write_then(answer)).post("/")
    assert stored() == 0


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound(), 404), (Conflict(), 409), (Invalid({"email": ["Nope."]}), 422)],
)
def test_a_handled_domain_error_leaves_no_row(serve: Serve, stored: Count, error: Exception, status: int) -> None:
    """An error that a handler turns into a page is still an error."""
    assert serve(write_then(error)).post("/").status_code == status
    assert stored() == 0


def test_an_aborted_request_leaves_no_row(serve: Serve, stored: Count) -> None:
    """The errors of Flask itself count too."""
    assert serve(write_then(partial(abort, 403))).post("/").status_code == 403
    assert stored() == 0


def test_a_view_that_is_registered_late_is_in_a_unit_of_work_too(app: Application, stored: Count) -> None:
    """And behind the sign-in."""
    app.add_url_rule("/late", "late", public(write_then(("no", 422))), methods=["POST"])
    app.add_url_rule("/closed", "closed", write_then("fine"))
    client = app.test_client()
    token = re.search(r'csrf-token" content="([^"]+)', client.get("/auth/login").text)
    assert token is not None
    assert client.post("/late", headers={"X-CSRFToken": token[1]}).status_code == 422
    assert client.get("/closed").status_code == 303
    assert stored() == 0


@pytest.mark.parametrize(
    "end",
    [
        lambda: ("no", 422),
        lambda: request_unit_of_work().doom("only a rehearsal") or "as if",
        lambda: Response("no", 400, headers={"Set-Cookie": "own=cookie"}),
        lambda: DeferredResponse(build=lambda: "no", status=409),
    ],
)
def test_no_cookie_tells_of_what_was_rolled_back(serve: Serve, end: Callable[[], Any]) -> None:
    """Whatever the decision, if it is not a commit."""

    def view() -> Any:
        session["signed_in"] = "an account that was never stored"
        return end()

    assert "Set-Cookie" not in serve(view).post("/").headers


def test_no_cookie_tells_of_what_a_get_wrote(serve: Serve) -> None:
    """In production the page is served, without the cookie."""

    def view() -> str:
        add_user(db_session())
        session["signed_in"] = "an account that was never stored"
        return "fine"

    answer = serve(view, serve_writing_gets=True).get("/")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_deferred_constraint_gives_409_no_cookie_no_row(serve: Serve, stored: Count) -> None:
    """A failed commit is an error like any other, and undoes the change of the cookie."""

    def view() -> str:
        add_clashing_meals(db_session())
        session["signed_in"] = "an account that was never stored"
        return "welcome"

    response = serve(view).post("/")
    assert response.status_code == 409
    assert "Set-Cookie" not in response.headers
    assert stored() == 0


def test_a_swallowed_statement_error_is_an_error_not_a_200(serve: Serve, stored: Count) -> None:
    """The view assumes success; PostgreSQL would silently drop the row."""

    def view() -> str:
        add_user(db_session())
        with pytest.raises(DBAPIError):
            db_session().execute(text("SELECT 1/0"))
        return "fine"

    with pytest.raises(SwallowedFailure):
        serve(view).post("/")
    assert serve(view, testing=False).post("/").status_code == 500
    assert stored() == 0


def test_a_get_that_writes_is_caught(serve: Serve, stored: Count, caplog: pytest.LogCaptureFixture) -> None:
    """In tests it raises; in production the page is served, the write undone and the mistake logged."""
    with pytest.raises(PendingWrites):
        serve(write_then("fine")).get("/")
    served = serve(write_then("fine"), serve_writing_gets=True).get("/")
    assert (served.status_code, served.text) == (200, "fine")
    assert "GET probe wrote to the database; it is rolled back: INSERT INTO users" in caplog.text
    assert stored() == 0


def test_a_doomed_request_rolls_back_and_keeps_its_answer(serve: Serve, stored: Count) -> None:
    """For a dry run: the answer is as usual, the database unchanged."""

    def view() -> str:
        add_user(db_session())
        request_unit_of_work().doom("only a rehearsal")
        return "as if"

    assert serve(view).post("/").text == "as if"
    assert stored() == 0


def test_after_commit_hooks_and_always_writes_follow_the_decision(serve: Serve, stored: Count) -> None:
    """A hook runs only after a commit, an always-write after either."""
    seen: list[int] = []
    insert = text(
        "INSERT INTO users (id, email, email_key, password_hash, session_token) "
        "VALUES (gen_random_uuid(), 'always@example.org', 'always@example.org', 'none', gen_random_uuid())"
    )

    def view() -> Any:
        request_unit_of_work().after_commit(seen.append, 1)
        request_unit_of_work().always(lambda connection: connection.execute(insert))
        add_user(db_session())
        return "no", 422

    serve(view).post("/")
    assert seen == []
    assert stored() == 1


def test_every_request_commits_at_most_once(serve: Serve, database: Database) -> None:
    """One transaction, one COMMIT."""
    commits: list[object] = []
    event.listen(database.engine(), "commit", commits.append)
    serve(write_then("fine")).post("/")
    assert len(commits) == 1


def test_a_swallowed_refusal_of_a_write_does_not_hide_the_rest(serve: Serve) -> None:
    """A GET that catches the refusal has a broken transaction, which is an error of its own."""

    def view() -> str:
        with pytest.raises(DBAPIError):
            db_session().execute(text("UPDATE users SET failed_logins = 1"))
        return "fine"

    with pytest.raises(SwallowedFailure):
        serve(view).get("/")


def test_pages_are_read_in_read_only_transactions(serve: Serve) -> None:
    """Without a query at the end."""
    client = serve(lambda: str(db_session().scalar(text("SHOW transaction_read_only"))))
    assert client.get("/").text == "on"
    assert client.post("/").text == "off"
