"""Logging, as text or as JSON; each line names its request and its endpoint or job."""

from __future__ import annotations

import logging.config
import re

from mealplanner.config import Config
from mealplanner.telemetry.scope import current_scope


class ScopeFilter(logging.Filter):
    """Add `request_id`, `scope`, `link` and `token` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record."""
        scope = current_scope()
        record.request_id, record.scope = scope.request_id, scope.name
        record.link, record.token = scope.link, scope.token
        return True


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class OneLine(logging.Formatter):
    """Escape control characters, so that a message cannot forge a line; only a traceback has lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the library's name
        """Return the line without its traceback."""
        return _CONTROL.sub(lambda found: repr(found[0])[1:-1], super().formatMessage(record))


def configure_logging(config: Config) -> None:
    """Log to standard error, in the format and from the level of `config`."""
    text = "%(asctime)s %(levelname)-7s [%(request_id)s %(scope)s %(link)s %(token)s] %(name)s: %(message)s"
    names = "%(asctime)s %(levelname)s %(name)s %(request_id)s %(scope)s %(link)s %(token)s %(message)s"
    formats = {
        "text": {"()": OneLine, "format": text},
        "json": {"()": "pythonjsonlogger.json.JsonFormatter", "format": names},
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"scope": {"()": ScopeFilter}},
            "formatters": {"chosen": formats[config.log_format]},
            "handlers": {
                "stderr": {"class": "logging.StreamHandler", "formatter": "chosen", "filters": ["scope"]},
            },
            "root": {"level": "WARNING", "handlers": ["stderr"]},
            "loggers": {"mealplanner": {"level": config.log_level}, "alembic": {"level": "WARNING"}},
        }
    )
