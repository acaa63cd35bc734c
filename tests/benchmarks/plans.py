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

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from mealplanner.storage.migrations import upgrade
from tests.benchmarks.fill import server_in
from tests.benchmarks.recorder import read

FEW: Final = 3000
"""Rows of a table that may be read from end to end: the catalogue, and what belongs to the installation."""

PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s|%%")

KNOWN: Final = {
    r"FROM procrastinate_jobs WHERE status = 'failed'": "operators look at the jobs of a week at most",
    r"FROM mails WHERE mails.status IN": "a partial index fits the values, which this plan does not know",
    r"WITH chosen AS .* LIMIT 1000 FOR UPDATE OF (throttles|audit_entries|used_challenges|invitations)": "once a day",
    r"FROM users WHERE users.email = |DELETE FROM procrastinate_jobs WHERE status = 'todo'": "a test asks this",
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
    large = set(
        connection.scalars(text("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > :few"), {"few": FEW})
    )
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
        found = sorted(set(whole_tables(plan, large, partial))) if plan is not None else []
        if found and not any(re.search(known, " ".join(statement.split())) for known in KNOWN):
            yield statement, found
    print(f"{asked} statements planned, {skipped} not, {len(large)} tables with more than {FEW} rows", file=sys.stderr)


def plan_of(connection: Connection, statement: str) -> dict[str, Any] | None:
    """Return the plan of a statement whatever its values are, None for one that has none, such as `SET`."""
    if not re.match(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)", statement):
        return None
    numbers: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return "%" if found[1] is None else f"${numbers.setdefault(found[1], len(numbers) + 1)}"

    prepared = PLACEHOLDER.sub(number, statement).replace("now() - $", "now() - INTERVAL '1 s' * $")
    cursor = connection.connection.cursor()
    try:
        cursor.execute(f"PREPARE asked AS {prepared}".encode())
        values = f"({', '.join(['NULL'] * len(numbers))})" if numbers else ""
        cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE asked{values}".encode())
        row = cursor.fetchone()
        cursor.execute(b"DEALLOCATE asked")
    except Exception as error:
        raise DBAPIError(statement, None, error) from error
    finally:
        cursor.close()
    assert row is not None
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan


def whole_tables(node: dict[str, Any], large: set[str], partial: set[str], *, limited: bool = False) -> Iterator[str]:
    """Yield what a plan reads from end to end: a large table, or all of an index without stopping at a limit."""
    limited = limited or node["Node Type"] == "Limit"
    name = node.get("Relation Name")
    if name in large:
        some = "Index Cond" in node or node.get("Index Name") in partial
        whole_index = node["Node Type"] in ("Index Scan", "Index Only Scan") and not some
        if node["Node Type"] == "Seq Scan" or (whole_index and not limited):
            yield f"{node['Node Type']} of {name}"
    for child in node.get("Plans", ()):
        yield from whole_tables(child, large, partial, limited=limited)


if __name__ == "__main__":
    sys.exit(main())
