"""A database without tables."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from mealplanner.embedded_postgres.server import EmbeddedPostgres


@pytest.fixture
def empty_url(server: EmbeddedPostgres, admin: Engine) -> Iterator[str]:
    """A database with nothing in it."""
    name = f"empty_{uuid.uuid4().hex[:8]}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.url().set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
