"""What a shopping list costs: `python -m tests.benchmarks.shopping`, in half a minute.

Twenty-eight days with four meals for eight people. CPU is of this process; what PostgreSQL takes is in the wall time.
"""

from __future__ import annotations

import datetime
import gzip
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select, update

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.models import Meal, User
from mealplanner.shopping import queries
from mealplanner.shopping.assembly import shopping_list
from mealplanner.shopping.page import list_page
from mealplanner.shopping.values import Span
from mealplanner.storage.database import Database
from mealplanner.storage.migrations import upgrade
from tests.menu.editing.planned import MONDAY, store_menu
from tests.visitor import Visitor

DAYS = 28
PEOPLE = 8
TIMES = 30


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="mealplanner-shopping-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as server:
            url = server.url().render_as_string(hide_password=False)
            upgrade(url)
            config = Config(database_url=url, data_dir=Path(folder), secret_key="only for this benchmark, and long")
            database = Database(config)
            try:
                measure(database, Visitor(create_app(config, database)))
            finally:
                database.dispose()


def measure(database: Database, person: Visitor) -> None:
    """Store a month, and measure its list and, beside it, its page."""
    person.register()
    owner = database.run(lambda session: session.scalars(select(User.id)).one())
    menu = database.run(lambda session: store_menu(session, owner, days=DAYS))
    database.run(lambda session: session.execute(update(Meal).values(servings=PEOPLE)))
    span = Span(MONDAY, MONDAY + datetime.timedelta(days=DAYS - 1))
    rows = database.run(lambda session: queries.list_rows(session, owner, span))
    address = f"/menu/{menu}/shopping"
    print("| what | CPU, ms | wall, ms |\n|---|---:|---:|")
    told("read the list", lambda: database.run(lambda session: queries.list_rows(session, owner, span)))
    told("needs, packs and differences", lambda: shopping_list(rows))
    told("the same with the texts of its page", lambda: list_page(rows, units="metric"))
    told("the whole page of the list", lambda: person.get(address))
    told("the whole page of the menu, drawn before", lambda: person.get(f"/menu/{menu}"))
    text = person.get(address).data
    print(f"\n{len(shopping_list(rows).lines)} lines; {len(text):,} bytes, {len(gzip.compress(text)):,} of them sent.")


def told(what: str, act: Callable[[], Any]) -> None:
    """Print the median of some runs."""
    act()
    found = []
    for _ in range(TIMES):
        begun, cpu = time.perf_counter(), time.process_time()
        act()
        found.append((time.process_time() - cpu, time.perf_counter() - begun))
    cpu, wall = (1000 * median(values) for values in zip(*found, strict=True))
    print(f"| {what} | {cpu:.1f} | {wall:.1f} |")


if __name__ == "__main__":
    main()
