"""The configuration: read once from the environment, checked at once, never changed after.

This is the only module that reads the environment. A value that cannot be used ends the start with the name of its
variable and what it takes.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import platformdirs
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from mealplanner.config.model_server import MODEL_VARIABLES, ModelServer, model_server
from mealplanner.config.parsing import number, one_of, web_address
from mealplanner.config.smtp_server import SmtpServer, sender, smtp_server

T = TypeVar("T")


class ConfigError(Exception):
    """A variable of the environment holds something that cannot be used."""

    def __init__(self, variable: str, expected: str) -> None:
        super().__init__(f"{variable} {expected}")


@dataclass(frozen=True, slots=True)
class Rollout:
    """Which blueprints take their connections from the pool; the others open one for each unit of work."""

    everything: bool = True
    blueprints: frozenset[str] = frozenset()

    def covers(self, scope: str) -> bool:
        """Whether the unit of work named `scope` (`blueprint.endpoint`, or a job's name) is on the pooled side."""
        return self.everything or scope.split(".", 1)[0] in self.blueprints

    def check(self, known: Collection[str]) -> None:
        """Raises `ConfigError` for a blueprint that does not exist, rather than leave it silently on the other side."""
        if unknown := self.blueprints - set(known):
            raise ConfigError(
                "USE_NEW_CONNECTION_HANDLING",
                f"names {', '.join(sorted(unknown))}; there is {', '.join(sorted(known))}.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting, by the name that `docs/configuration.md` explains."""

    environment: str = "development"
    database_url: str | None = None
    secret_key: str | None = None
    data_dir: Path = Path()
    base_url: str | None = None
    listening_at: str | None = None
    trusted_proxies: int = 0
    leniency: float = 1.0
    smtp: SmtpServer | None = None
    mail_from: str = "mealplanner <mealplanner@localhost>"
    model: ModelServer | None = None
    rollout: Rollout = Rollout()
    pool_size: int = 5
    pool_overflow: int = 5
    pool_timeout: float = 3.0
    statement_timeout_ms: int = 10_000
    lock_timeout_ms: int = 3_000
    idle_in_transaction_timeout_ms: int = 15_000
    slow_transaction_ms: int = 500
    log_level: str = "WARNING"
    log_format: str = "text"
    testing: bool = False

    @property
    def production(self) -> bool:
        """Whether this is a deployment that must not invent its own secrets."""
        return self.environment == "production"

    @property
    def address(self) -> str:
        """Where people find this installation, for the links in mails: never what a visitor's request says."""
        return self.base_url or self.listening_at or "http://127.0.0.1:8000"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Reads `environ` (by default the process's own); raises `ConfigError` for the first value it cannot use."""
        environ = os.environ if environ is None else environ
        values = {
            name: _parsed(variable, parse, environ[variable])
            for variable, (name, parse) in VARIABLES.items()
            if environ.get(variable)
        }
        quiet = "INFO" if values.get("environment") == "production" else "WARNING"
        model = model_server({name: values.pop(name) for name, _ in MODEL_VARIABLES.values() if name in values})
        config = cls(**{"data_dir": default_data_dir(), "log_level": quiet, **values}, model=model)
        for variable, reason in _required(config):
            if not environ.get(variable):
                raise ConfigError(variable, f"is required {reason}")
        return config

    def signing_key(self) -> str:
        """The key that signs cookies: `SECRET_KEY`, or one made once and kept in the data directory (mode 0600)."""
        return self.secret_key or _kept_secret(self.data_dir / "secret_key")


def _required(config: Config) -> Iterator[tuple[str, str]]:
    """(variable, why it has to be set) for what the rest of `config` asks for."""
    if config.production:
        yield "SECRET_KEY", "when MEALPLANNER_ENV=production: set it to a long random text."
    if config.smtp is not None:
        yield "MAIL_FROM", "when SMTP_URL is set: the address that mail comes from, like meals@example.org."
        if config.production:
            yield "MEALPLANNER_BASE_URL", "for the links in mails, when MEALPLANNER_ENV=production and SMTP_URL is set."
    if config.model is not None and config.model.base_url is not None:
        yield "OPENAI_MODEL", "when OPENAI_BASE_URL is set: the name that the server there gives to its model."


def default_data_dir() -> Path:
    """Where everything is kept unless told otherwise; root's own is one that the database's user can reach."""
    return Path("/var/lib/mealplanner") if os.geteuid() == 0 else platformdirs.user_data_path("mealplanner")


def child_environment(**changes: str) -> dict[str, str]:
    """The environment for a process of ours: this one's, with `changes`."""
    return {**os.environ, **changes}


def multiprocess_metrics() -> bool:
    """Whether several processes share one folder of figures, as `mealplanner.gunicorn` arranges."""
    return "PROMETHEUS_MULTIPROC_DIR" in os.environ


def metrics_folder() -> Path | None:
    """The folder in which several processes keep their figures, None for a process that keeps its own."""
    return Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]) if multiprocess_metrics() else None


def share_metrics() -> None:
    """Makes this process and its children keep their figures in one folder, which goes when this process ends.

    Must run before `mealplanner.metrics` is imported.
    """
    maker, folder = os.getpid(), tempfile.mkdtemp(prefix="mealplanner-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder

    def clear() -> None:
        if os.getpid() == maker:  # forked children inherit this handler
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clear)


def _kept_secret(path: Path) -> str:
    """Reads the secret at `path`, or makes it; of several processes that make it at once, one wins and all agree."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _parsed(variable: str, parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise ConfigError(variable, f"{error}." if variable in SECRETS else f"{error}, not {text!r}.") from None


def _database_url(text: str) -> str:
    try:
        url: URL = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError("takes a URL like postgresql://user:password@host/database") from None
    if url.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise ValueError("takes a PostgreSQL URL like postgresql://user:password@host/database")
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _secret(text: str) -> str:
    if len(text) < 16:
        raise ValueError("takes at least 16 characters")
    return text


def _directory(text: str) -> Path:
    path = Path(text).expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError("takes a directory")
    return path.absolute()


def _rollout(text: str) -> Rollout:
    lowered = text.strip().lower()
    if lowered in ("true", "1", "yes", "on"):
        return Rollout()
    if lowered in ("false", "0", "no", "off"):
        return Rollout(everything=False)
    names = frozenset(name.strip() for name in lowered.split(",") if name.strip())
    if not names or not all(name.isidentifier() for name in names):
        raise ValueError("takes true, false or a comma-separated list of blueprints like preferences,menu")
    return Rollout(everything=False, blueprints=names)


SECRETS: Collection[str] = frozenset({"DATABASE_URL", "SECRET_KEY", "SMTP_URL", "OPENAI_API_KEY"})
"""Variables whose text is not repeated, even where it cannot be used."""

_milliseconds = number(int, 0, 3_600_000)

VARIABLES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "MEALPLANNER_ENV": ("environment", one_of("development", "production")),
    "DATABASE_URL": ("database_url", _database_url),
    "SECRET_KEY": ("secret_key", _secret),
    "MEALPLANNER_DATA_DIR": ("data_dir", _directory),
    "MEALPLANNER_BASE_URL": ("base_url", web_address),
    "MEALPLANNER_LISTENING_AT": ("listening_at", web_address),
    "MEALPLANNER_TRUSTED_PROXIES": ("trusted_proxies", number(int, 0, 10)),
    "MEALPLANNER_LENIENCY": ("leniency", number(float, 1, 1000)),
    "SMTP_URL": ("smtp", smtp_server),
    "MAIL_FROM": ("mail_from", sender),
    **MODEL_VARIABLES,
    "USE_NEW_CONNECTION_HANDLING": ("rollout", _rollout),
    "MEALPLANNER_POOL_SIZE": ("pool_size", number(int, 1, 1000)),
    "MEALPLANNER_POOL_OVERFLOW": ("pool_overflow", number(int, 0, 1000)),
    "MEALPLANNER_POOL_TIMEOUT": ("pool_timeout", number(float, 0, 600)),
    "MEALPLANNER_STATEMENT_TIMEOUT_MS": ("statement_timeout_ms", _milliseconds),
    "MEALPLANNER_LOCK_TIMEOUT_MS": ("lock_timeout_ms", _milliseconds),
    "MEALPLANNER_IDLE_IN_TRANSACTION_TIMEOUT_MS": ("idle_in_transaction_timeout_ms", _milliseconds),
    "MEALPLANNER_SLOW_TRANSACTION_MS": ("slow_transaction_ms", _milliseconds),
    "MEALPLANNER_LOG_LEVEL": ("log_level", one_of("DEBUG", "INFO", "WARNING", "ERROR")),
    "MEALPLANNER_LOG_FORMAT": ("log_format", one_of("text", "json")),
}
"""Variable -> the setting it fills, `model.` standing before those of the model server, and how its text is read."""
