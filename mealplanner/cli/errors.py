"""Errors in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import psycopg
from sqlalchemy.exc import OperationalError

from mealplanner.backups.errors import BackupError
from mealplanner.config import ConfigError
from mealplanner.embedded_postgres.location import EmbeddedPostgresError
from mealplanner.errors import DomainError, Invalid


def explained(command: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `command` so that an expected error is shown as a sentence instead of a traceback."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except (
            ConfigError,
            EmbeddedPostgresError,
            BackupError,
            DomainError,
            OperationalError,
            psycopg.OperationalError,
        ) as error:
            raise click.ClickException(_sentence(error)) from error

    return run


def _sentence(error: Exception) -> str:
    if isinstance(error, Invalid):
        return " ".join(message for messages in error.errors.values() for message in messages)
    if isinstance(error, OperationalError):  # its own text adds the statement
        return f"The database does not answer: {str(error.orig).strip()}"
    if isinstance(error, psycopg.OperationalError):
        return f"The database does not answer: {str(error).strip()}"
    return str(error)
