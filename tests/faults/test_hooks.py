"""Code that fails in every place where code of ours or of an extension runs around a view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.faults.postgres import Postgres
from tests.faults.programs import Web
from tests.faults.remote import Remote

pytestmark = pytest.mark.process

WRITE = ["sql", "INSERT INTO marks VALUES ('written')"]
COUNT = "INSERT INTO marks VALUES ('tries', 1) ON CONFLICT (name) DO UPDATE SET value = marks.value + 1"
NOTHING: Mapping[str, int] = {}
WRITTEN = {"written": 0}


@pytest.mark.parametrize(
    ("place", "status", "kept"),
    [
        ("before_request", 500, NOTHING),
        ("after_request", 500, WRITTEN),
        ("teardown_request", 500, WRITTEN),
        ("appcontext", 500, WRITTEN),
    ],
)
def test_a_request_hook_that_fails(
    visitor: Remote, postgres: Postgres, place: str, status: int, kept: Mapping[str, int]
) -> None:
    """Before the view everything is rolled back; after the decision the answer changes and the database does not."""
    assert visitor.run(WRITE, misbehave=place).status == status
    assert postgres.marks() == kept
    assert visitor.run(["sql", "SELECT 1"]).status == 200


def test_a_teardown_that_fails_before_a_decision(web: Web, visitor: Remote, postgres: Postgres) -> None:
    """A hook wrote and answered instead of the view: that is rolled back though another teardown failed before ours."""
    (process,) = visitor.run(["tell"]).json["found"]
    with web.only(process):
        assert visitor.run(WRITE, misbehave="teardown after an early answer").status == 500
        assert postgres.held() == []
        assert visitor.run(["sql", "SELECT 1"]).status == 200
    assert postgres.marks() == NOTHING


@pytest.mark.parametrize(
    ("hook", "status", "kept"),
    [
        (["before_commit", [["raise"]]], 500, NOTHING),
        (["before_commit", [["sql", "SELECT 1/0"]]], 500, NOTHING),
        (["before_commit", [["sql", "SELECT fail_as('53100')"]]], 503, NOTHING),
        (["after_commit"], 200, WRITTEN),
        (["always", "SELECT 1/0"], 200, WRITTEN),
        (["always", "INSERT INTO marks VALUES ('too')", "SELECT pg_terminate_backend(pg_backend_pid())"], 200, WRITTEN),
    ],
)
def test_a_hook_of_the_unit_of_work_that_fails(
    visitor: Remote, postgres: Postgres, hook: list[Any], status: int, kept: Mapping[str, int]
) -> None:
    """Before the commit it prevents it; after it, what was committed stands and the person gets the page."""
    assert visitor.run(WRITE, hook).status == status
    assert postgres.marks() == kept


@pytest.mark.parametrize("hook", ["after_commit", "always"])
def test_a_hook_that_fails_is_counted(web: Web, visitor: Remote, hook: str) -> None:
    """No page shows it, so a metric must."""
    figure = ("mealplanner_unit_of_work_hook_failures_total", f'kind="{hook}"')
    before = web.figure(*figure)
    assert visitor.run([hook, *(["SELECT 1/0"] if hook == "always" else [])]).status == 200
    assert web.figure(*figure) == before + 1


def test_an_always_write_after_every_hook_that_fails(visitor: Remote, postgres: Postgres) -> None:
    """It survives the error of the view and of the hook before the commit."""
    for ending in (["raise"], ["refuse"], ["before_commit", [["raise"]]]):
        visitor.run(["always", COUNT], WRITE, ending)
    assert postgres.marks() == {"tries": 3}


def test_an_error_handler_that_fails(visitor: Remote, postgres: Postgres) -> None:
    """The handler for unexpected errors takes over; the transaction had ended before either ran."""
    answer = visitor.run(WRITE, path="/probe/unlucky")
    assert (answer.status, answer.json["title"]) == (500, "Internal Server Error")
    assert postgres.marks() == NOTHING


def test_an_error_page_that_fails(visitor: Remote, postgres: Postgres) -> None:
    """When even the last handler fails, the server answers without a page, and continues."""
    answer = visitor.post("/auth/register", {"email": "nobody"}, **{"X-Misbehave": "the error page"})
    assert (answer.status, "csrf-token" in answer.text) == (500, False)
    assert postgres.marks() == NOTHING
