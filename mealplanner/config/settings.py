"""The settings of one process: read from the environment once, checked at once, never changed after.

A value that cannot be used raises `ConfigError`, which names the variable and says what it takes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import platformdirs
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from mealplanner.config.kept_secret import kept_secret
from mealplanner.config.model_server import MODEL_VARIABLES, ModelServer, model_server
from mealplanner.config.parsing import ConfigError, number, on_this_machine, one_of, site_address
from mealplanner.config.rollout import Rollout, rollout
from mealplanner.config.sign_in_provider import PROVIDER_VARIABLES, SignInProvider, sign_in_provider
from mealplanner.config.smtp_server import SmtpServer, sender, smtp_server

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting; docs/configuration.md explains them by their variables."""

    environment: str = "development"
    database_url: str | None = None
    secret_key: str | None = None
    secret_key_fallback: str | None = None
    data_dir: Path = Path()
    base_url: str | None = None
    listening_at: str | None = None
    trusted_proxies: int = 0
    leniency: float = 1.0
    registration: str = "open"
    smtp: SmtpServer | None = None
    mail_from: str = "mealplanner <mealplanner@localhost>"
    model: ModelServer | None = None
    provider: SignInProvider | None = None
    rollout: Rollout = field(default_factory=Rollout)
    pool_size: int = 8
    pool_overflow: int = 2
    pool_timeout: float = 3.0
    statement_timeout_ms: int = 10_000
    lock_timeout_ms: int = 3_000
    idle_in_transaction_timeout_ms: int = 15_000
    slow_transaction_ms: int = 500
    drain_seconds: float = 0.0
    backup_hours: float | None = None
    backup_keep: int = 7
    backup_dir: Path | None = None
    log_level: str = "WARNING"
    log_format: str = "text"
    testing: bool = False

    @property
    def production(self) -> bool:
        """Whether this is a deployment, which must be given its secrets and its database."""
        return self.environment == "production"

    @property
    def hours_between_backups(self) -> float:
        """How often `mealplanner up` makes a backup; 0 for never. A database of one's own has backups of its own."""
        if self.backup_hours is not None:
            return self.backup_hours
        return 24.0 if self.database_url is None else 0.0

    @property
    def address(self) -> str:
        """The address of this installation for links in mails; never a request's, which may name another host."""
        return self.base_url or self.listening_at or "http://127.0.0.1:8000"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read `environ`, by default the process's own. Raise `ConfigError` for the first value that cannot be used."""
        environ = os.environ if environ is None else environ
        values = {
            name: _parsed(variable, parse, environ[variable])
            for variable, (name, parse) in VARIABLES.items()
            if environ.get(variable)
        }
        quiet = "INFO" if values.get("environment") == "production" else "WARNING"
        model = model_server({name: values.pop(name) for name, _ in MODEL_VARIABLES.values() if name in values})
        provider = sign_in_provider(
            {name: values.pop(name) for name, _ in PROVIDER_VARIABLES.values() if name in values}
        )
        if "data_dir" not in values:
            values["data_dir"] = default_data_dir()
        defaults = {
            "log_level": quiet,
            "registration": _welcome(values.get("base_url")),
        }
        config = cls(**{**defaults, **values}, model=model, provider=provider)
        for variable, reason in _required(config):
            if not environ.get(variable):
                raise ConfigError(variable, f"is required {reason}")
        return config

    def signing_keys(self) -> tuple[str, ...]:
        """Return the key that signs, which is made once and kept unless it is set, and then the other that counts."""
        signing = self.secret_key or kept_secret(self.data_dir / "secret_key")
        return (signing, self.secret_key_fallback) if self.secret_key_fallback else (signing,)


def _required(config: Config) -> Iterator[tuple[str, str]]:
    """Yield each variable that the rest of `config` requires, and why."""
    if config.production:
        yield "SECRET_KEY", "when MEALPLANNER_ENV=production: set it to a long random text."
    if config.smtp is not None:
        yield "MAIL_FROM", "when SMTP_URL is set: the address that mail comes from, like meals@example.org."
        if config.production:
            yield "MEALPLANNER_BASE_URL", "for the links in mails, when MEALPLANNER_ENV=production and SMTP_URL is set."
    if config.provider is not None:
        yield "MEALPLANNER_OIDC_CLIENT_ID", "when MEALPLANNER_OIDC_ISSUER is set: the name of this site there."
    if config.model is not None and config.model.base_url is not None:
        yield "OPENAI_MODEL", "when OPENAI_BASE_URL is set: the name that the server there gives to its model."


def _welcome(base_url: str | None) -> str:
    """Return who may register unless it is set: anyone on this machine, and elsewhere the first person only."""
    return "open" if base_url is None or on_this_machine(urlsplit(base_url).hostname or "") else "first"


def default_data_dir() -> Path:
    """Return the platform's data folder; for root one that the user of the embedded database can reach.

    Raise `ConfigError` for a user without a home folder, as there are in containers.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/mealplanner")
    try:
        return platformdirs.user_data_path("mealplanner")
    except RuntimeError:
        raise ConfigError("MEALPLANNER_DATA_DIR", "is required for a user without a home folder.") from None


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
    port = 5432 if url.port is None else url.port
    if (url.host and not (url.host.isprintable() and " " not in url.host)) or not 0 < port < 65536:
        raise ValueError("takes a URL like postgresql://user:password@host/database")
    if url.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise ValueError("takes a PostgreSQL URL like postgresql://user:password@host/database")
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _secret(text: str) -> str:
    if len(text) < 16 or text.isspace():
        raise ValueError("takes at least 16 characters, and not blanks alone")
    return text


def _directory(text: str) -> Path:
    try:
        path = Path(text).expanduser().absolute()
        there = next(folder for folder in (path, *path.parents) if folder.exists())
        usable = there.is_dir() and not text.isspace()
    except (OSError, RuntimeError):  # too long a name; the home of a user who is not there
        usable = False
    if not usable:
        raise ValueError("takes a directory")
    return path


REGISTRATION: Mapping[str, str] = {
    "open": "Anyone who reaches this site can create an account.",
    "first": "Only the first person can create an account; later ones need an invitation (`mealplanner invitation`).",
    "invited": "An account takes an invitation (`mealplanner invitation`).",
    "closed": "No one can create an account, except an operator (`mealplanner user create`).",
}
"""Who may create an account -> what is said of it at the start."""

SECRETS: Collection[str] = frozenset(
    {"DATABASE_URL", "SECRET_KEY", "SECRET_KEY_FALLBACK", "SMTP_URL", "OPENAI_API_KEY"}
    | {"MEALPLANNER_OIDC_CLIENT_SECRET"}
)
"""Variables whose text no message repeats."""

_milliseconds = number(int, 0, 3_600_000)

VARIABLES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "MEALPLANNER_ENV": ("environment", one_of("development", "production")),
    "DATABASE_URL": ("database_url", _database_url),
    "SECRET_KEY": ("secret_key", _secret),
    "SECRET_KEY_FALLBACK": ("secret_key_fallback", _secret),
    "MEALPLANNER_DATA_DIR": ("data_dir", _directory),
    "MEALPLANNER_BASE_URL": ("base_url", site_address),
    "MEALPLANNER_LISTENING_AT": ("listening_at", site_address),
    "MEALPLANNER_TRUSTED_PROXIES": ("trusted_proxies", number(int, 0, 10)),
    "MEALPLANNER_LENIENCY": ("leniency", number(float, 1, 1000)),
    "MEALPLANNER_REGISTRATION": ("registration", one_of(*REGISTRATION)),
    "SMTP_URL": ("smtp", smtp_server),
    "MAIL_FROM": ("mail_from", sender),
    **MODEL_VARIABLES,
    **PROVIDER_VARIABLES,
    "USE_NEW_CONNECTION_HANDLING": ("rollout", rollout),
    "MEALPLANNER_POOL_SIZE": ("pool_size", number(int, 1, 1000)),
    "MEALPLANNER_POOL_OVERFLOW": ("pool_overflow", number(int, 0, 1000)),
    "MEALPLANNER_POOL_TIMEOUT": ("pool_timeout", number(float, 0, 600)),
    "MEALPLANNER_STATEMENT_TIMEOUT_MS": ("statement_timeout_ms", _milliseconds),
    "MEALPLANNER_LOCK_TIMEOUT_MS": ("lock_timeout_ms", _milliseconds),
    "MEALPLANNER_IDLE_IN_TRANSACTION_TIMEOUT_MS": ("idle_in_transaction_timeout_ms", _milliseconds),
    "MEALPLANNER_SLOW_TRANSACTION_MS": ("slow_transaction_ms", _milliseconds),
    "MEALPLANNER_DRAIN_SECONDS": ("drain_seconds", number(float, 0, 600)),
    "MEALPLANNER_BACKUP_HOURS": ("backup_hours", number(float, 0, 8760)),
    "MEALPLANNER_BACKUP_KEEP": ("backup_keep", number(int, 1, 1000)),
    "MEALPLANNER_BACKUP_DIR": ("backup_dir", _directory),
    "MEALPLANNER_LOG_LEVEL": ("log_level", one_of("DEBUG", "INFO", "WARNING", "ERROR")),
    "MEALPLANNER_LOG_FORMAT": ("log_format", one_of("text", "json")),
}
"""Variable -> the setting that it fills (`model.` or `provider.` before those of a server) and how its text is read."""
