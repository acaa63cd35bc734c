"""Requests that met another transaction are run again, on both sides of the flag."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import flash, g, get_flashed_messages, request, session
from flask.testing import FlaskClient
from psycopg.errors import SerializationFailure
from sqlalchemy import TextClause, text
from sqlalchemy.exc import OperationalError

from mealplanner.web.transactions import db_session, request_unit_of_work
from tests.rows import add_user

pytestmark = pytest.mark.sides("pooled", "direct")

Serve = Callable[..., FlaskClient]
Count = Callable[[], int]


SERIALIZATION = text("DO $$ BEGIN RAISE EXCEPTION 'two transactions met' USING ERRCODE = '40001'; END $$")


DEADLOCK = text("DO $$ BEGIN RAISE EXCEPTION 'two transactions met' USING ERRCODE = '40P01'; END $$")


@pytest.mark.parametrize("failure", [SERIALIZATION, DEADLOCK], ids=["serialization", "deadlock"])
@pytest.mark.parametrize("late", [False, True], ids=["at a statement", "at the commit"])
def test_a_request_that_met_another_transaction_is_run_again(
    serve: Serve, stored: Count, failure: TextClause, late: bool
) -> None:
    """From the same start: its body, its cookie and `g` are as they were."""
    seen: list[object] = []

    def view() -> str:
        seen.append((request.form["name"], request.get_data(as_text=True), session.get("attempt"), g.get("attempt")))
        session["attempt"] = g.attempt = len(seen)
        flash(f"attempt {len(seen)}")
        add_user(db_session())
        if len(seen) == 1:
            unit = request_unit_of_work()
            unit.before_commit(lambda: unit.session.execute(failure)) if late else unit.session.execute(failure)
        return ", ".join(get_flashed_messages())

    answer = serve(view).post("/", data={"name": "Ada"})
    assert (answer.status_code, answer.text) == (200, "attempt 2")
    assert seen == [("Ada", "", None, None)] * 2
    assert stored() == 1


def test_a_request_is_not_run_again_after_an_external_effect(serve: Serve, stored: Count) -> None:
    """It would happen twice."""
    seen: list[int] = []

    def view() -> str:
        seen.append(1)
        request_unit_of_work().external_effect()
        db_session().execute(SERIALIZATION)
        return "fine"

    assert serve(view).post("/").status_code == 503
    assert seen == [1]
    assert stored() == 0


@pytest.mark.parametrize(
    ("read", "sent", "seen"),
    [
        (lambda: request.files["menu"].read(), {}, [b"soup", b"soup"]),
        (lambda: request.get_data(), {"data": b"soup", "content_type": "text/plain"}, [b"soup", b"soup"]),
        (lambda: request.stream.read(), {"data": b"soup", "content_type": "text/plain"}, [b"soup"]),
        (lambda: request.get_data(cache=False), {"data": b"soup", "content_type": "text/plain"}, [b"soup"]),
    ],
    ids=["a file", "a body that is kept", "a stream", "a body that is not kept"],
)
def test_a_request_is_run_again_only_with_its_whole_body(
    serve: Serve, stored: Count, read: Callable[[], bytes], sent: dict[str, Any], seen: list[bytes]
) -> None:
    """An attempt that finds its file or its body empty would store that."""
    found: list[bytes] = []
    sent = sent or {"data": {"menu": (BytesIO(b"soup"), "menu.txt")}}

    def view() -> str:
        found.append(read())
        add_user(db_session())
        if len(found) == 1:
            raise OperationalError("INSERT", {}, SerializationFailure("try again"))
        return "done"

    assert serve(view).post("/", **sent).status_code == (200 if len(seen) == 2 else 503)
    assert found == seen
    assert stored() == len(seen) - 1


def test_a_request_is_run_again_a_few_times_at_most(serve: Serve) -> None:
    """Then the person is asked to try later. Its always-writes are made once."""
    seen: list[int] = []
    always: list[int] = []

    def view() -> str:
        seen.append(1)
        request_unit_of_work().always(lambda _connection: always.append(1))
        db_session().execute(DEADLOCK)
        return "fine"

    answer = serve(view).post("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert (len(seen), len(always)) == (3, 1)
