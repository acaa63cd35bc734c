"""The database: the one at `DATABASE_URL`, or an embedded one in the data directory, which runs while it is used."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from mealplanner.config import Config, ConfigError
from mealplanner.embedded_postgres.keeper import kept_running
from mealplanner.embedded_postgres.server import EmbeddedPostgres, EmbeddedPostgresError

__all__ = ["EmbeddedPostgresError", "attached"]


@contextmanager
def attached(config: Config) -> Iterator[Config]:
    """Yield `config` with a `database_url` that answers during the block.

    Raise `ConfigError` in production without `DATABASE_URL`, and `EmbeddedPostgresError` when the embedded server
    cannot run.
    """
    if config.database_url is not None:
        yield config
        return
    if config.production:
        raise ConfigError("DATABASE_URL", "is required when MEALPLANNER_ENV=production.")
    with EmbeddedPostgres(config.data_dir / "postgres") as server, kept_running(server):
        yield dataclasses.replace(config, database_url=server.url().render_as_string(hide_password=False))
