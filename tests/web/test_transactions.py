"""The unit of work behind every request, on both sides of the flag."""

from __future__ import annotations

import logging
import re
import secrets
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from flask import Response, abort, flash, g, get_flashed_messages, redirect, request, session, stream_with_context
from flask.testing import FlaskClient
from psycopg.errors import SerializationFailure
from sqlalchemy import Engine, TextClause, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from mealplanner.auth.links.services import BYTES
from mealplanner.db.errors import OutsideScope, PendingWrites, SwallowedFailure
from mealplanner.errors import Conflict, Invalid, NotFound
from mealplanner.storage.database import Database
from mealplanner.telemetry.logs import ScopeFilter
from mealplanner.web.access import public
from mealplanner.web.application import Application
from mealplanner.web.pages import DeferredResponse
from mealplanner.web.transactions import db_session, request_unit_of_work
from tests.rows import add_clashing_meals, add_user, count_users
from tests.visitor import Visitor

pytestmark = pytest.mark.sides("pooled", "direct")

Serve = Callable[..., FlaskClient]
Count = Callable[[], int]


def write_then(answer: Any) -> Any:
    """Return a view that writes a row and then answers, or raises, as told."""

    def view() -> Any:
        add_user(db_session())
        if isinstance(answer, BaseException):
            raise answer
        return answer() if callable(answer) else answer

    return view


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


def test_it_rolls_back_before_the_error_handler_runs(database: Database, stored: Count) -> None:
    """A handler finds no transaction, no connection and no session to write into."""
    seen: list[object] = []
    app = Application("probe", database=database)
    app.secret_key = "only for tests"

    @app.errorhandler(ZeroDivisionError)
    def handler(_error: ZeroDivisionError) -> tuple[str, int]:
        seen.append(database.pooled.pool.checkedout())  # type: ignore[attr-defined]
        with pytest.raises(OutsideScope):
            db_session()
        return "handled", 500

    app.add_url_rule("/", "probe", write_then(ZeroDivisionError()), methods=["POST"])
    assert app.test_client().post("/").text == "handled"
    assert seen == [0]
    assert stored() == 0


def test_a_page_is_drawn_when_nothing_is_open(serve: Serve, database: Database, stored: Count) -> None:
    """What a view defers is built after the decision, which goes by the status that it names."""
    held: list[object] = []

    def draw() -> str:
        held.append(database.pooled.pool.checkedout())  # type: ignore[attr-defined]
        return "drawn"

    made = serve(write_then(lambda: DeferredResponse(build=draw, status=201, headers={"X-Made": "yes"}))).post("/")
    assert (made.text, made.status_code, made.headers["X-Made"]) == ("drawn", 201, "yes")
    assert stored() == 1
    refused = serve(lambda: db_session().execute(text("SELECT 1")) and DeferredResponse(build=draw, status=422))
    assert refused.post("/").status_code == 422
    assert held == [0, 0]


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


def test_a_streaming_body_sees_no_session(serve: Serve, database: Database) -> None:
    """The decision is made before the first byte; what streams must be plain values."""
    seen: list[object] = []

    def view() -> Response:
        count_users(db_session())

        def body() -> Iterator[str]:
            yield "first"
            seen.append(database.pooled.pool.checkedout())  # type: ignore[attr-defined]
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
        assert database.pooled.pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("answer", ["fine", ("no", 422), NotFound(), SystemExit(1)])
def test_teardown_removes_on_every_path(serve: Serve, database: Database, answer: Any) -> None:
    """Whatever a view does, even ending its process, the connection goes back."""
    client = serve(write_then(answer))
    if isinstance(answer, SystemExit):
        with pytest.raises(SystemExit):
            client.post("/")
    else:
        client.post("/")
    assert database.pooled.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_every_request_commits_at_most_once(serve: Serve, database: Database) -> None:
    """One transaction, one COMMIT."""
    commits: list[object] = []
    event.listen(database.engine(), "commit", commits.append)
    serve(write_then("fine")).post("/")
    assert len(commits) == 1


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


def test_the_request_id_is_in_the_logs_and_in_the_answer(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """An id that a proxy gave is kept; one that could not be an id is replaced."""
    caplog.handler.addFilter(ScopeFilter())
    client = serve(write_then("fine"))
    with caplog.at_level(logging.DEBUG, "mealplanner"):
        assert client.post("/", headers={"X-Request-ID": "proxy-1234"}).headers["X-Request-ID"] == "proxy-1234"
    told = {record.request_id for record in caplog.records if record.name == "mealplanner.db"}  # type: ignore[attr-defined]
    assert told == {"proxy-1234"}
    replaced = serve(lambda: request.method).get("/", headers={"X-Request-ID": "no id\tat all"})
    assert len(replaced.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize("path", ["/auth/verify/{}", "/auth/reset/{}", "/auth/reset/{}/", "/auth/rest/{}"])
def test_the_secret_of_a_link_is_not_logged(visitor: Visitor, caplog: pytest.LogCaptureFixture, path: str) -> None:
    """A reader of the log could use it, also where the rest of the address was mistyped."""
    caplog.set_level(logging.INFO)
    secret = secrets.token_urlsafe(BYTES)
    visitor.get(path.format(secret))
    assert any(path.format("<token>") in line for line in caplog.messages)
    assert secret not in caplog.text


def test_the_ids_of_what_people_ask_for_are_logged(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    """They are not secret, and help to find a fault."""
    caplog.set_level(logging.INFO)
    path = f"/menu/{uuid.uuid4()}/progress"
    visitor.get(path)
    assert any(path in line for line in caplog.messages)


def test_a_get_that_wrote_holds_nothing_when_its_error_is_handled(database: Database) -> None:
    """The refusal is an error like any other: rolled back before the handler runs."""
    held: list[int] = []
    app = Application("probe", database=database)
    app.secret_key = "only for tests"

    @app.errorhandler(PendingWrites)
    def handler(_error: PendingWrites) -> tuple[str, int]:
        held.append(database.pooled.pool.checkedout())  # type: ignore[attr-defined]
        with pytest.raises(OutsideScope):
            db_session()
        return "refused", 500

    app.add_url_rule("/", "probe", write_then("fine"))
    assert app.test_client().get("/").text == "refused"
    assert held == [0]


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
