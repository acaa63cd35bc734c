"""What PostgreSQL refuses in the middle of a request: each has its own answer, and leaves nothing behind."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest

from tests.faults.gates import Gates
from tests.faults.postgres import Postgres
from tests.faults.programs import Web
from tests.faults.remote import Remote
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.process

MAY_WORK_LATER = {
    "08006": "connection failure",
    "25006": "read only since a failover",
    "40001": "serialization failure",
    "40P01": "deadlock",
    "53100": "disk full",
    "53200": "out of memory",
    "53300": "too many connections",
    "53400": "a configured limit",
    "55P03": "lock timeout",
    "57014": "statement timeout",
    "57P01": "shutdown",
    "57P03": "starting up",
    "58030": "input or output error",
}
OURS_TO_MEND = {"22012": "division by zero", "42P01": "no such table", "P0001": "raised", "XX000": "internal error"}
"""SQLSTATE -> what it says."""

ANSWERS = {**dict.fromkeys(MAY_WORK_LATER, 503), **dict.fromkeys(OURS_TO_MEND, 500)}

SORT = "SELECT count(*) FROM (SELECT n FROM generate_series(1, 100000) AS n ORDER BY random()) AS sorted"
WRITE = ["sql", "INSERT INTO marks VALUES ('written')"]


def answers_and_goes_on(visitor: Remote, status: int, *steps: object) -> str:
    """Send steps that must end with `status`, then some that must succeed; return the text of the first answer."""
    answer = visitor.run(*steps)
    assert answer.status == status, answer.text
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert visitor.run(["sql", "SELECT 1"]).json == {"found": [1]}
    return answer.text


@pytest.mark.parametrize(("state", "status"), ANSWERS.items())
def test_a_statement_that_fails(visitor: Remote, postgres: Postgres, state: str, status: int) -> None:
    """503 for what may work later, 500 for a defect; what was written before it is rolled back."""
    answers_and_goes_on(visitor, status, WRITE, ["sql", f"SELECT fail_as('{state}')"])
    assert postgres.marks() == {}


@pytest.mark.parametrize(
    ("state", "words"), [("40001", "your change wasn't"), ("53100", "this wasn't saved"), ("XX000", "othing was saved")]
)
def test_a_commit_that_the_server_refuses(visitor: Remote, postgres: Postgres, state: str, words: str) -> None:
    """The server said that nothing was stored, and so does the page: this outcome is not unknown."""
    text = answers_and_goes_on(visitor, ANSWERS[state], WRITE, ["sql", f"INSERT INTO marks VALUES ('late {state}')"])
    assert words in text
    assert postgres.marks() == {}


def test_a_commit_that_breaks_a_deferred_constraint(visitor: Remote, postgres: Postgres) -> None:
    """A conflict by the constraint's name, and no row of the whole request."""
    answers_and_goes_on(visitor, 409, WRITE, ["clash"])
    assert postgres.marks() == {}
    assert postgres.run("SELECT id FROM menus") == []


@pytest.mark.parametrize(
    ("limit", "statement"),
    [
        ("statement_timeout = '20ms'", "SELECT pg_sleep(60)"),
        ("work_mem = '64kB'; SET LOCAL temp_file_limit = '100kB'", SORT),
        ("work_mem = '64kB'", "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 1000)) TO '/dev/full'"),
    ],
    ids=["statement timeout", "temporary files", "a full device"],
)
def test_a_limit_that_is_reached(visitor: Remote, postgres: Postgres, limit: str, statement: str) -> None:
    """Not simulated with RAISE: the server reaches its own limits."""
    answers_and_goes_on(visitor, 503, WRITE, ["sql", f"SET LOCAL {limit}"], ["sql", statement])
    assert postgres.marks() == {}


def test_a_lock_that_another_transaction_holds(visitor: Remote, postgres: Postgres) -> None:
    """The wait ends at its limit."""
    postgres.run("INSERT INTO marks VALUES ('wanted')")
    with postgres.locked("SELECT FROM marks FOR UPDATE"):
        limit = ["sql", "SET LOCAL lock_timeout = '20ms'"]
        answers_and_goes_on(visitor, 503, WRITE, limit, ["sql", "UPDATE marks SET value = 1"])
    assert visitor.run(["sql", "UPDATE marks SET value = 2"]).status == 200
    assert postgres.marks() == {"wanted": 2}


@pytest.mark.parametrize(
    ("name", "value"),
    [("statement_timeout", "2min"), ("lock_timeout", "1s"), ("idle_in_transaction_session_timeout", "3min")],
)
def test_every_connection_has_its_limits(visitor: Remote, name: str, value: str) -> None:
    """Those of the configuration."""
    assert visitor.run(["sql", f"SHOW {name}"]).json == {"found": [value]}


def test_a_deadlock(web: Web, postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor) -> None:
    """PostgreSQL aborts one request, which is run again: both are served."""
    postgres.run("INSERT INTO marks VALUES ('a'), ('b')")
    patient = ["sql", "SET LOCAL lock_timeout = 0"]
    meetings, answers = [], []
    begin = gates.new()
    begin.open()
    for first, second in ("ab", "ba"):
        gate = gates.new()
        one, other = (["sql", f"UPDATE marks SET value = value + 1 WHERE name = '{name}'"] for name in (first, second))
        steps = (["call", begin.url], patient, one, ["call", gate.url], other)
        answers.append(at_once.submit(web.visitor().run, *steps))
        meetings.append(gate)
    for gate in meetings:
        begin.arrival()
        gate.arrival()
    begin.close()  # or the loser could take its first row again before the winner is granted it, and meet it again
    for gate in meetings:
        gate.open()
    begin.arrival()
    assert [answer.result().status for answer in wait(answers, PATIENCE, FIRST_COMPLETED).done] == [200]
    begin.open()
    assert [answer.result().status for answer in answers] == [200, 200]
    assert postgres.marks() == {"a": 2, "b": 2}


def test_a_serialization_failure(
    visitor: Remote, postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor
) -> None:
    """Another transaction was first: the whole request is run again, on what that one wrote."""
    postgres.run("INSERT INTO marks VALUES ('shared')")
    gate = gates.new()
    steps = (
        ["sql", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"],
        ["sql", "SELECT value FROM marks"],
        ["call", gate.url],
        ["sql", "UPDATE marks SET value = value + 10"],
    )
    answer = at_once.submit(visitor.run, *steps)
    gate.arrival()
    postgres.run("UPDATE marks SET value = 1")
    gate.open()
    assert answer.result().status == 200
    assert postgres.marks() == {"shared": 11}


def test_a_transaction_that_does_nothing_for_too_long(
    visitor: Remote, postgres: Postgres, gates: Gates, at_once: ThreadPoolExecutor
) -> None:
    """PostgreSQL ends it; the connection is replaced."""
    gate = gates.new()
    limit = ["sql", "SET LOCAL idle_in_transaction_session_timeout = '20ms'"]
    answer = at_once.submit(visitor.run, WRITE, limit, ["call", gate.url], ["sql", "SELECT 1"])
    backend = int(gate.arrival()["backend"])
    eventually(lambda: backend not in postgres.backends())
    gate.open()
    assert answer.result().status == 503
    assert visitor.run(["sql", "SELECT 1"]).status == 200
    assert postgres.marks() == {}


def test_a_failure_that_is_swallowed(visitor: Remote, postgres: Postgres) -> None:
    """PostgreSQL would answer COMMIT with a rollback; an error is better than a false success."""
    answers_and_goes_on(visitor, 500, WRITE, ["swallow", "SELECT 1/0"])
    assert postgres.marks() == {}


def test_a_server_that_became_a_standby(web: Web, visitor: Remote) -> None:
    """A connection to it is not used again: the next one may reach the new primary."""
    backend = ["sql", "SELECT pg_backend_pid()"]
    first, process = visitor.run(backend, ["tell"]).json["found"]
    with web.only(process):
        assert visitor.run(WRITE, ["sql", "SELECT fail_as('25006')"]).status == 503
        assert visitor.run(backend).json["found"] != [first]
