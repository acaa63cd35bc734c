"""Where the database is: at `DATABASE_URL`, or a private one in the data directory that runs while somebody uses it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from mealplanner.config import Config, ConfigError
from mealplanner.embedded_postgres.server import EmbeddedPostgres, EmbeddedPostgresError

__all__ = ["EmbeddedPostgresError", "attached"]


@contextmanager
def attached(config: Config) -> Iterator[Config]:
    """Yields `config` with a `database_url` that answers during the block.

    Raises `ConfigError` in production without `DATABASE_URL`, `EmbeddedPostgresError` when the private one cannot run.
    """
    if config.database_url is not None:
        yield config
        return
    if config.production:
        raise ConfigError("DATABASE_URL", "is required when MEALPLANNER_ENV=production.")
    with EmbeddedPostgres(config.data_dir / "postgres") as server:
        yield dataclasses.replace(config, database_url=server.url().render_as_string(hide_password=False))
