"""Every example of the developers' guide runs, and shows what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint
from sqlalchemy import Engine, Executable

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.rows import add_user
from tests.visitor import Visitor

pytestmark = pytest.mark.sides("pooled", "direct")

DOCS = Path(__file__).resolve().parents[1] / "docs"
GUIDE = (DOCS / "connection-patterns.md").read_text()
EXAMPLES = {
    title: GUIDE[: found.start(2)].count("\n") * "\n" + found[2]  # so that a traceback names the line of the page
    for found in re.finditer(r"^### ([^\n]+)\n(?:(?!^#).)*?^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    if (title := found[1])
}


@pytest.fixture
def scaffold(config: Config, database: Database, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names that the page takes for granted, and an environment for scripts."""
    monkeypatch.setenv("DATABASE_URL", config.database_url or "")
    monkeypatch.setenv("MEALPLANNER_DATA_DIR", str(config.data_dir))

    def stored(query: Executable) -> Any:
        with engine.connect() as connection:
            return connection.execute(query).scalar()

    def site(blueprint: Blueprint) -> Visitor:
        app = create_app(config, database)
        app.register_blueprint(blueprint)
        visitor = Visitor(app, "visitor@example.org")
        visitor.register()
        return visitor

    user_id = database.run(lambda session: add_user(session).id)
    return {"__name__": "example", "config": config, "database": database, "user_id": user_id} | {
        "stored": stored, "site": site,
    }  # fmt: skip


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_example_does_what_it_says(title: str, scaffold: dict[str, Any]) -> None:
    """From its imports to its assertions, as it stands on the page."""
    exec(compile(EXAMPLES[title], str(DOCS / "connection-patterns.md"), "exec"), scaffold)


def test_no_example_is_left_out() -> None:
    """Each section below a heading of the third rank has one, and each shows something."""
    assert GUIDE.count("```python") == len(EXAMPLES) == len(re.findall("^### ", GUIDE, re.MULTILINE))
    assert all("assert " in example or "pytest.raises" in example for example in EXAMPLES.values())


@pytest.mark.parametrize("part", GUIDE.split("\n## Never\n"), ids=["patterns", "never"])
def test_each_table_leads_to_its_examples(part: str) -> None:
    """Row by row, in its order."""
    rows = re.findall(r"^\| \[([^]]+)\]", part, re.MULTILINE)
    assert [row.lower() for row in rows] == [title.lower() for title in re.findall(r"^### (.+)$", part, re.MULTILINE)]
