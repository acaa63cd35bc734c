"""How PostgreSQL answers every statement of the application in a large database.

    python -m tests.benchmarks.fill FOLDER
    pytest -p tests.benchmarks.recorder --statements FILE
    python -m tests.benchmarks.plans FOLDER FILE

Asks for the plan that is used whatever the values are, with the statistics of the filled database and the settings as
they are. Prints each statement that reads all rows of a table which grows, and ends with 1 if there is one.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from mealplanner.models import Base
from mealplanner.storage.migrations import upgrade
from tests.benchmarks.fill import server_in
from tests.benchmarks.recorder import read

BOUNDED: Final = {
    "chores": "one row for each kind of housekeeping",
    "operators": "a few people who run the installation",
    "queue_workers": "one row for each worker",
}
"""Tables of ours that do not grow -> why."""

GROWING: Final = (Base.metadata.tables.keys() - BOUNDED.keys()) | {"procrastinate_jobs", "procrastinate_events"}

STREAMING: Final = {
    *("Append", "Group", "Incremental Sort", "LockRows", "Memoize", "Merge Append", "Nested Loop", "ProjectSet"),
    *("Result", "Subquery Scan", "Unique"),
}
"""Steps that stop reading once a limit above them is reached."""

PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s|%%")

KNOWN: Final = {
    r"FROM procrastinate_jobs WHERE \(%\(id\)s::bigint IS NULL OR": "the queue's library has one statement for all its"
    " questions; PostgreSQL plans it with the values, which leave an index",
    r"FROM procrastinate_jobs WHERE status = 'failed'": "operators look at the jobs of a week at most",
    r"FROM mails WHERE mails.status IN": "a partial index fits the values, which this plan does not know",
    r"FROM throttles WHERE throttles.action = \S+ AND \(throttles.key LIKE": "an operator's command lists all"
    " who have to wait; rows go after eight hours",
    r"FROM page JOIN procrastinate_events|WITH chosen AS \(SELECT sessions.id": "reads so much of"
    " so small a table that the index costs more; with more rows it costs less",
    r"FROM invitations ORDER BY invitations.created_at": "an operator's command lists them",
    r"WITH chosen AS .* LIMIT 1000 FOR UPDATE OF (throttles|audit_entries|used_challenges|invitations)": "once a day",
}
"""Statements that may read a whole table -> why."""


def main() -> int:
    """Print what was found; return how the program ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the private PostgreSQL is that `fill` has filled")
    parser.add_argument("statements", type=Path, help="the file that the recorder wrote")
    parser.add_argument("--database-url", help="a filled database instead of the one in the folder")
    options = parser.parse_args()
    with server_in(options.folder, options.database_url) as url:
        upgrade(url)
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("SET plan_cache_mode = force_generic_plan"))
            connection.execute(text("ANALYZE"))
            wrong = list(findings(connection, sorted(read(options.statements))))
        engine.dispose()
    for statement, found in wrong:
        print(f"{', '.join(found)}:\n    {' '.join(statement.split())}\n")
    return 1 if wrong else 0


def findings(connection: Connection, statements: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the statements that read a whole table which grows, with what they read."""
    partial = set(
        connection.scalars(
            text("SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indpred IS NOT NULL")
        )
    )
    asked = skipped = 0
    for statement in statements:
        try:
            plan = plan_of(connection, statement)
        except DBAPIError as error:
            skipped += 1
            print(f"no plan ({str(error.orig).splitlines()[0]}): {' '.join(statement.split())[:150]}", file=sys.stderr)
            continue
        asked += plan is not None
        found = sorted(set(whole_tables(plan, partial))) if plan is not None else []
        if found and not any(re.search(known, " ".join(statement.split())) for known in KNOWN):
            yield statement, found
    print(f"{asked} statements planned, {skipped} not", file=sys.stderr)


def plan_of(connection: Connection, statement: str) -> dict[str, Any] | None:
    """Return the plan of a statement whatever its values are, None for one that has none, such as `SET`."""
    if not re.match(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)", statement):
        return None
    numbers: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return "%" if found[1] is None else f"${numbers.setdefault(found[1], len(numbers) + 1)}"

    prepared = PLACEHOLDER.sub(number, statement).replace("now() - $", "now() - INTERVAL '1 s' * $")
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        with driver.transaction():
            driver.execute(f"PREPARE asked AS {prepared}".encode())
            values = f"({', '.join(['NULL'] * len(numbers))})" if numbers else ""
            row = driver.execute(f"EXPLAIN (FORMAT JSON) EXECUTE asked{values}".encode()).fetchone()
            driver.execute(b"DEALLOCATE asked")
    except psycopg.Error as error:
        raise DBAPIError(statement, None, error) from error
    assert row is not None
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan


def whole_tables(node: dict[str, Any], partial: set[str], *, limited: bool = False) -> Iterator[str]:
    """Yield what a plan reads from end to end: a table that grows, or its index without stopping at a limit.

    A limit stops nothing where rows are left out on the way, since all may be. Indexes in `partial` hold a few rows.
    """
    kind, name = node["Node Type"], node.get("Relation Name")
    if name in GROWING:
        some = "Index Cond" in node or node.get("Index Name") in partial or (limited and "Filter" not in node)
        if kind in ("Seq Scan", "Index Scan", "Index Only Scan") and not some:
            yield f"{kind} of {name}"
    limits = kind == "Limit" or (limited and kind in STREAMING)
    for child in node.get("Plans", ()):
        is_input = child["Parent Relationship"] in ("Outer", "Member", "Subquery")
        yield from whole_tables(child, partial, limited=limits and is_input)


if __name__ == "__main__":
    sys.exit(main())
