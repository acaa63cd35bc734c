"""Where the connection of a request is while it is answered, on both sides of the flag."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Response, stream_with_context
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from mealplanner.db.errors import OutsideScope, PendingWrites
from mealplanner.db.testing import checked_out
from mealplanner.errors import NotFound
from mealplanner.storage.database import Database
from mealplanner.web.application import Application
from mealplanner.web.pages import DeferredResponse
from mealplanner.web.transactions import db_session
from tests.rows import count_users
from tests.web.writing import write_then

pytestmark = pytest.mark.sides("pooled", "direct")

Serve = Callable[..., FlaskClient]
Count = Callable[[], int]


def handling(database: Database, kind: type[Exception], view: Callable[..., Any]) -> tuple[FlaskClient, list[int]]:
    """Return a client of an application with `view` and a handler for errors of `kind`, which finds no session; and
    how many connections were out whenever that ran."""
    seen: list[int] = []
    app = Application("probe", database=database)
    app.secret_key = "only for tests"

    @app.errorhandler(kind)
    def handler(_error: Exception) -> tuple[str, int]:
        seen.append(checked_out(database.pooled))
        with pytest.raises(OutsideScope):
            db_session()
        return "handled", 500

    app.add_url_rule("/", "probe", view, methods=["GET", "POST"])
    return app.test_client(), seen


def test_it_rolls_back_before_the_error_handler_runs(database: Database, stored: Count) -> None:
    """A handler finds no transaction, no connection and no session to write into."""
    client, seen = handling(database, ZeroDivisionError, write_then(ZeroDivisionError()))
    assert client.post("/").text == "handled"
    assert seen == [0]
    assert stored() == 0


def test_a_page_is_drawn_when_nothing_is_open(serve: Serve, database: Database, stored: Count) -> None:
    """What a view defers is built after the decision, which goes by the status that it names."""
    held: list[object] = []

    def draw() -> str:
        held.append(checked_out(database.pooled))
        return "drawn"

    made = serve(write_then(lambda: DeferredResponse(build=draw, status=201, headers={"X-Made": "yes"}))).post("/")
    assert (made.text, made.status_code, made.headers["X-Made"]) == ("drawn", 201, "yes")
    assert stored() == 1
    refused = serve(lambda: db_session().execute(text("SELECT 1")) and DeferredResponse(build=draw, status=422))
    assert refused.post("/").status_code == 422
    assert held == [0, 0]


def test_a_streaming_body_sees_no_session(serve: Serve, database: Database) -> None:
    """The decision is made before the first byte; what streams must be plain values."""
    seen: list[object] = []

    def view() -> Response:
        count_users(db_session())

        def body() -> Iterator[str]:
            yield "first"
            seen.append(checked_out(database.pooled))
            with pytest.raises(OutsideScope):
                db_session()
            yield "second"

        return Response(stream_with_context(body()))

    assert serve(view).get("/").text == "firstsecond"
    assert seen == [0]


def test_session_of_request_a_is_invisible_to_b_on_the_same_thread(serve: Serve) -> None:
    """On the same thread, one inside the other."""
    sessions: list[object] = []

    def inner() -> str:
        sessions.append(db_session())
        return "inner"

    inner_client = serve(inner)

    def outer() -> str:
        sessions.append(db_session())
        inner_client.get("/")
        sessions.append(db_session())
        return "outer"

    assert serve(outer).get("/").text == "outer"
    before, inside, after = sessions
    assert before is after
    assert before is not inside


def test_it_works_nested_in_an_outer_application_context(serve: Serve, stored: Count, database: Database) -> None:
    """An outer context may outlive the request; the connection may not."""
    client = serve(write_then("fine"))
    with client.application.app_context():
        client.post("/")
        assert stored() == 1
        assert checked_out(database.pooled) == 0


@pytest.mark.parametrize("answer", ["fine", ("no", 422), NotFound(), SystemExit(1)])
def test_teardown_removes_on_every_path(serve: Serve, database: Database, answer: Any) -> None:
    """Whatever a view does, even ending its process, the connection goes back."""
    client = serve(write_then(answer))
    if isinstance(answer, SystemExit):
        with pytest.raises(SystemExit):
            client.post("/")
    else:
        client.post("/")
    assert checked_out(database.pooled) == 0


def test_connection_lost_mid_commit_gives_503_and_is_logged_as_outcome_unknown(
    serve: Serve, database: Database, admin: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """The person is told to look before repeating; the next request is served without a restart."""

    def cut(connection: Any) -> None:
        pid = connection.connection.driver_connection.info.backend_pid
        with admin.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})

    event.listen(database.engine(), "commit", cut, once=True)
    client = serve(write_then("fine"))
    response = client.post("/")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "outcome unknown" in caplog.text
    assert client.post("/").status_code == 200


def test_a_connection_cut_between_requests_is_replaced(serve: Serve, admin: Engine) -> None:
    """A pooled connection that broke is noticed when it is taken, not by the person."""
    client = serve(lambda: str(count_users(db_session())))
    assert client.get("/").text == "0"
    with admin.connect() as other:
        other.execute(
            text("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'mealplanner'")
        )
    assert client.get("/").text == "0"


def test_a_get_that_wrote_holds_nothing_when_its_error_is_handled(database: Database) -> None:
    """The refusal is an error like any other: rolled back before the handler runs."""
    client, seen = handling(database, PendingWrites, write_then("fine"))
    assert client.get("/").text == "handled"
    assert seen == [0]
