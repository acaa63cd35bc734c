"""Each variable: what it takes, and what is said about anything else."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path

import pytest

from mealplanner.config import Config, ConfigError, Rollout, settings
from mealplanner.config.model_server import ModelServer
from mealplanner.config.settings import SECRETS, VARIABLES
from mealplanner.config.smtp_server import SmtpServer
from mealplanner.embedded_postgres.location import attached

GOOD = {
    "MEALPLANNER_ENV": ("development", "development"),
    "DATABASE_URL": ("postgres://me:pw@host/db", "postgresql+psycopg://me:pw@host/db"),
    "SECRET_KEY": ("sixteen letters!", "sixteen letters!"),
    "SECRET_KEY_FALLBACK": ("another sixteen!", "another sixteen!"),
    "MEALPLANNER_DATA_DIR": ("/nowhere/yet", Path("/nowhere/yet")),
    "MEALPLANNER_BASE_URL": ("https://meals.example.org/", "https://meals.example.org"),
    "MEALPLANNER_LISTENING_AT": ("http://127.0.0.1:8001", "http://127.0.0.1:8001"),
    "MEALPLANNER_TRUSTED_PROXIES": ("1", 1),
    "MEALPLANNER_LENIENCY": ("2.5", 2.5),
    "MEALPLANNER_REGISTRATION": ("Closed", "closed"),
    "SMTP_URL": (
        "smtp://me%40example.org:p%3Aw@mail.example.org:2525",
        SmtpServer(host="mail.example.org", port=2525, tls="starttls", user="me@example.org", password="p:w"),
    ),
    "MAIL_FROM": ("Meals <meals@example.org>", "Meals <meals@example.org>"),
    "OPENAI_API_KEY": ("sk-test", "sk-test"),
    "OPENAI_BASE_URL": ("http://localhost:11434/v1/", "http://localhost:11434/v1"),
    "OPENAI_MODEL": ("qwen3:8b", "qwen3:8b"),
    "MEALPLANNER_MODEL_DEADLINE": ("2.5", 2.5),
    "MEALPLANNER_MODEL_PARALLEL": ("2", 2),
    "MEALPLANNER_MODEL_IN_FLIGHT": ("3", 3),
    "MEALPLANNER_MODEL_DISHES": ("6", 6),
    "MEALPLANNER_MODEL_TOKENS_PER_MENU": ("20000", 20_000),
    "MEALPLANNER_MODEL_MONTHLY_TOKENS_PERSON": ("1000000", 1_000_000),
    "MEALPLANNER_MODEL_MONTHLY_TOKENS_TOTAL": ("0", None),
    "MEALPLANNER_MODEL_PRICE_IN": ("0.75", 0.75),
    "MEALPLANNER_MODEL_PRICE_OUT": ("4.5", 4.5),
    "MEALPLANNER_MODEL_LIMIT_FIELD": ("MAX_TOKENS", "max_tokens"),
    "MEALPLANNER_OIDC_ISSUER": ("https://id.example.org/realms/home/", "https://id.example.org/realms/home/"),
    "MEALPLANNER_OIDC_CLIENT_ID": ("meals", "meals"),
    "MEALPLANNER_OIDC_CLIENT_SECRET": ("s3cret", "s3cret"),
    "MEALPLANNER_OIDC_NAME": ("Our house", "Our house"),
    "USE_NEW_CONNECTION_HANDLING": ("menu, auth", Rollout(everything=False, blueprints=frozenset({"menu", "auth"}))),
    "MEALPLANNER_POOL_SIZE": ("7", 7),
    "MEALPLANNER_POOL_OVERFLOW": ("0", 0),
    "MEALPLANNER_POOL_TIMEOUT": ("1.5", 1.5),
    "MEALPLANNER_STATEMENT_TIMEOUT_MS": ("0", 0),
    "MEALPLANNER_LOCK_TIMEOUT_MS": ("100", 100),
    "MEALPLANNER_IDLE_IN_TRANSACTION_TIMEOUT_MS": ("100", 100),
    "MEALPLANNER_SLOW_TRANSACTION_MS": ("100", 100),
    "MEALPLANNER_DRAIN_SECONDS": ("7.5", 7.5),
    "MEALPLANNER_BACKUP_HOURS": ("0.5", 0.5),
    "MEALPLANNER_BACKUP_KEEP": ("3", 3),
    "MEALPLANNER_BACKUP_DIR": ("/nowhere/yet", Path("/nowhere/yet")),
    "MEALPLANNER_LOG_LEVEL": ("debug", "DEBUG"),
    "MEALPLANNER_LOG_FORMAT": ("json", "json"),
}
"""Variable -> a text that it takes, and the setting that this makes."""

BAD = {
    "MEALPLANNER_ENV": ("staging", "takes one of development, production"),
    "DATABASE_URL": ("mysql://host/db", "takes a PostgreSQL URL"),
    "SECRET_KEY": ("short", "takes at least 16 characters"),
    "SECRET_KEY_FALLBACK": ("short", "takes at least 16 characters"),
    "MEALPLANNER_DATA_DIR": (__file__, "takes a directory"),
    "MEALPLANNER_BASE_URL": ("meals.example.org", "takes an address that begins with"),
    "MEALPLANNER_LISTENING_AT": ("127.0.0.1:8001", "takes an address that begins with"),
    "MEALPLANNER_TRUSTED_PROXIES": ("-1", "takes a whole number from 0 to 10"),
    "MEALPLANNER_LENIENCY": ("0", "takes a number from 1 to 1000"),
    "MEALPLANNER_REGISTRATION": ("friends", "takes one of open, first, invited, closed"),
    "SMTP_URL": ("mail.example.org:25", "takes a URL like smtps://user:password@host"),
    "MAIL_FROM": ("meals", "takes an e-mail address like meals@example.org"),
    "OPENAI_API_KEY": ("sk test", "takes a key as the provider shows it"),
    "OPENAI_BASE_URL": ("localhost:11434", "takes the address of an OpenAI-compatible server"),
    "OPENAI_MODEL": ("x" * 201, "takes the name of a model"),
    "MEALPLANNER_MODEL_DEADLINE": ("0", "takes a number from 1 to 600"),
    "MEALPLANNER_MODEL_PARALLEL": ("0", "takes a whole number from 1 to 100"),
    "MEALPLANNER_MODEL_IN_FLIGHT": ("many", "takes a whole number from 1 to 1000"),
    "MEALPLANNER_MODEL_DISHES": ("0", "takes a whole number from 1 to 100"),
    "MEALPLANNER_MODEL_TOKENS_PER_MENU": ("10", "takes a whole number from 1000 to"),
    "MEALPLANNER_MODEL_MONTHLY_TOKENS_PERSON": ("-1", "takes a whole number from 0 to"),
    "MEALPLANNER_MODEL_MONTHLY_TOKENS_TOTAL": ("1.5", "takes a whole number from 0 to"),
    "MEALPLANNER_MODEL_PRICE_IN": ("-1", "takes a number from 0 to"),
    "MEALPLANNER_MODEL_PRICE_OUT": ("free", "takes a number from 0 to"),
    "MEALPLANNER_MODEL_LIMIT_FIELD": ("max_output", "takes one of max_tokens, max_completion_tokens"),
    "MEALPLANNER_OIDC_ISSUER": ("http://id.example.org", "takes the address of a provider"),
    "MEALPLANNER_OIDC_CLIENT_ID": ("x" * 501, "takes 1 to 500 characters"),
    "MEALPLANNER_OIDC_CLIENT_SECRET": ("x" * 501, "takes 1 to 500 characters"),
    "MEALPLANNER_OIDC_NAME": ("x" * 41, "takes a name of at most 40 characters"),
    "USE_NEW_CONNECTION_HANDLING": ("not-a-blueprint", "takes true, false or a comma-separated list"),
    "MEALPLANNER_POOL_SIZE": ("0", "takes a whole number from 1 to 1000"),
    "MEALPLANNER_POOL_OVERFLOW": ("-1", "takes a whole number from 0 to 1000"),
    "MEALPLANNER_POOL_TIMEOUT": ("nan", "takes a number from 0 to 600"),
    "MEALPLANNER_STATEMENT_TIMEOUT_MS": ("1.5", "takes a whole number from 0 to"),
    "MEALPLANNER_LOCK_TIMEOUT_MS": ("soon", "takes a whole number from 0 to"),
    "MEALPLANNER_IDLE_IN_TRANSACTION_TIMEOUT_MS": ("-5", "takes a whole number from 0 to"),
    "MEALPLANNER_SLOW_TRANSACTION_MS": ("x", "takes a whole number from 0 to"),
    "MEALPLANNER_DRAIN_SECONDS": ("-1", "takes a number from 0 to"),
    "MEALPLANNER_BACKUP_HOURS": ("daily", "takes a number from 0 to"),
    "MEALPLANNER_BACKUP_KEEP": ("0", "takes a whole number from 1 to 1000"),
    "MEALPLANNER_BACKUP_DIR": (__file__, "takes a directory"),
    "MEALPLANNER_LOG_LEVEL": ("loud", "takes one of DEBUG, INFO"),
    "MEALPLANNER_LOG_FORMAT": ("xml", "takes one of text, json"),
}
"""Variable -> a text that it does not take, and what the message says."""


PROVIDER = {"MEALPLANNER_OIDC_ISSUER": "https://id.example.org", "MEALPLANNER_OIDC_CLIENT_ID": "meals"}


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_good_value_is_taken(variable: str) -> None:
    text, value = GOOD[variable]
    environ = {
        "MAIL_FROM": "meals@example.org",
        "OPENAI_API_KEY": "sk-any",
        "OPENAI_MODEL": "any",
        **PROVIDER,
        variable: text,
    }
    assert attrgetter(VARIABLES[variable][0])(Config.from_environ(environ)) == value


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_bad_value_is_named_with_what_is_expected(variable: str) -> None:
    """The message begins with the variable's name and ends with its text, unless that may be a secret."""
    text, expected = BAD[variable]
    with pytest.raises(ConfigError) as error:
        Config.from_environ({variable: text})
    assert str(error.value).startswith(f"{variable} {expected}")
    assert str(error.value).endswith(f"not {text!r}.") is (variable not in SECRETS)
    assert (text in str(error.value)) is (variable not in SECRETS)


@pytest.mark.parametrize(
    "text",
    ["٨", "५", "1_000", "1,5", "+5", "-0", "1e1", "0x10", "inf", "nan", "-inf", "9" * 30, "5 s", " "],
)
def test_a_number_is_written_in_plain_digits(text: str) -> None:
    """Whatever else the language reads as one."""
    for variable, (_, expected) in BAD.items():
        if "number" in expected:
            with pytest.raises(ConfigError, match=f"^{variable} takes a (whole )?number from .*, not "):
                Config.from_environ({variable: text})


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("SECRET_KEY", " " * 20),
        ("SECRET_KEY", "\N{NO-BREAK SPACE}" * 20),
        ("MEALPLANNER_DATA_DIR", " "),
        ("MEALPLANNER_BACKUP_DIR", f"{__file__}/below"),
        ("MEALPLANNER_BASE_URL", "https://"),
        ("MEALPLANNER_BASE_URL", "https://:8000"),
        ("MEALPLANNER_BASE_URL", "https://."),
        ("MEALPLANNER_BASE_URL", "https://-.example.org"),
        ("MEALPLANNER_BASE_URL", "https://meals.example.org:٨٠"),
        ("MEALPLANNER_LISTENING_AT", "http://"),
        ("MEALPLANNER_LISTENING_AT", "http://:8000"),
        ("DATABASE_URL", " "),
        ("DATABASE_URL", "postgresql://host:port/meals"),
        ("DATABASE_URL", "postgresql://host:99999999/meals"),
        ("DATABASE_URL", "postgresql://ho st/meals"),
        ("OPENAI_BASE_URL", "http://:11434/v1"),
        ("OPENAI_BASE_URL", "http://a b/v1"),
        ("OPENAI_MODEL", " "),
        ("OPENAI_API_KEY", "   "),
        ("MEALPLANNER_OIDC_ISSUER", "https://"),
        ("MEALPLANNER_OIDC_CLIENT_ID", "  "),
        ("MEALPLANNER_OIDC_CLIENT_SECRET", "  "),
        ("MEALPLANNER_OIDC_NAME", "  "),
        ("USE_NEW_CONNECTION_HANDLING", " , "),
        ("MEALPLANNER_ENV", " "),
    ],
)
def test_what_names_nothing_is_refused(variable: str, text: str) -> None:
    """Blanks, addresses without a host, folders that cannot be made."""
    with pytest.raises(ConfigError, match=f"^{variable} takes "):
        Config.from_environ({variable: text})


def test_nothing_has_to_be_set() -> None:
    """A variable that is empty counts as unset."""
    assert Config.from_environ({}) == Config.from_environ(dict.fromkeys(VARIABLES, ""))


def test_a_user_without_a_home_folder_says_where_data_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs as a number."""

    def homeless(_name: str) -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(settings.platformdirs, "user_data_path", homeless)
    monkeypatch.setattr(settings.os, "geteuid", lambda: 10001)
    assert Config.from_environ({"MEALPLANNER_DATA_DIR": "/data"}).data_dir == Path("/data")
    with pytest.raises(ConfigError, match="MEALPLANNER_DATA_DIR is required for a user without a home folder"):
        Config.from_environ({})


def test_production_invents_nothing() -> None:
    """It needs a secret and a database."""
    with pytest.raises(ConfigError, match="SECRET_KEY is required"):
        Config.from_environ({"MEALPLANNER_ENV": "production"})
    config = Config.from_environ({"MEALPLANNER_ENV": "production", "SECRET_KEY": "sixteen letters!"})
    with pytest.raises(ConfigError, match="DATABASE_URL is required"), attached(config):
        pass


def test_mail_needs_a_sender_and_in_production_an_address_for_its_links() -> None:
    """Without a mail server neither is required."""
    environ = {"SMTP_URL": "smtp://localhost"}
    with pytest.raises(ConfigError, match=r"^MAIL_FROM is required when SMTP_URL is set"):
        Config.from_environ(environ)
    environ |= {"MAIL_FROM": "meals@example.org"}
    assert Config.from_environ(environ).address == "http://127.0.0.1:8000"
    environ |= {"MEALPLANNER_LISTENING_AT": "http://127.0.0.1:8001"}
    assert Config.from_environ(environ).address == "http://127.0.0.1:8001"
    environ |= {"MEALPLANNER_ENV": "production", "SECRET_KEY": "sixteen letters!"}
    with pytest.raises(ConfigError, match=r"^MEALPLANNER_BASE_URL is required for the links in mails"):
        Config.from_environ(environ)
    environ |= {"MEALPLANNER_BASE_URL": "https://meals.example.org/"}
    assert Config.from_environ(environ).address == "https://meals.example.org"


def test_no_budget_is_endless_unless_the_operator_says_so() -> None:
    model = Config.from_environ({"OPENAI_API_KEY": "sk-test"}).model
    assert model is not None
    assert (model.tokens_per_menu, model.monthly_tokens_person, model.monthly_tokens_total) == (
        *(150_000, 2_000_000, 10_000_000),
    )
    endless = dict.fromkeys(("MEALPLANNER_MODEL_MONTHLY_TOKENS_PERSON", "MEALPLANNER_MODEL_MONTHLY_TOKENS_TOTAL"), "0")
    model = Config.from_environ({"OPENAI_API_KEY": "sk-test", **endless}).model
    assert model is not None
    assert (model.monthly_tokens_person, model.monthly_tokens_total) == (None, None)


def test_a_model_is_asked_when_there_is_a_key_or_an_address() -> None:
    """A server at another address than OpenAI's has models of its own, so one has to be named."""
    assert Config.from_environ({"OPENAI_MODEL": "any", "MEALPLANNER_MODEL_DEADLINE": "5"}).model is None
    openai = Config.from_environ({"OPENAI_API_KEY": "sk-test"}).model
    assert openai == ModelServer(api_key="sk-test", answer_tokens="max_completion_tokens")
    environ = {"OPENAI_BASE_URL": "http://localhost:11434/v1"}
    with pytest.raises(ConfigError, match=r"^OPENAI_MODEL is required when OPENAI_BASE_URL is set"):
        Config.from_environ(environ)
    own = Config.from_environ(environ | {"OPENAI_MODEL": "qwen3:8b"}).model
    assert own == ModelServer(base_url="http://localhost:11434/v1", model="qwen3:8b")


@pytest.mark.parametrize("text", ["x" * 5000, "~no-such-user/meals"])
def test_a_folder_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="MEALPLANNER_DATA_DIR takes a directory"):
        Config.from_environ({"MEALPLANNER_DATA_DIR": text})


@pytest.mark.parametrize("text", ["https://example.org/meals/", "https://example.org:8443/a/b.c_d~e-f"])
def test_the_site_may_be_served_below_a_path(text: str) -> None:
    assert Config.from_environ({"MEALPLANNER_BASE_URL": text}).base_url == text.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        *("https://", "https://me@host", "https://host/?a", "https://host/#a", "https://host//a", "https://host/../a"),
        *("https://[::1", "https://host:99999", "https://host:web", "https://host:0", "https://:8000"),
    ],
)
def test_an_address_that_the_site_could_not_be_served_at_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="MEALPLANNER_BASE_URL takes an address like"):
        Config.from_environ({"MEALPLANNER_BASE_URL": address})


@pytest.mark.parametrize(
    ("environ", "registration"),
    [
        ({}, "open"),
        ({"MEALPLANNER_BASE_URL": "http://127.0.0.1:8000"}, "open"),
        ({"MEALPLANNER_BASE_URL": "https://meals.example.org"}, "first"),
        ({"MEALPLANNER_BASE_URL": "https://meals.example.org", "MEALPLANNER_REGISTRATION": "open"}, "open"),
    ],
)
def test_a_site_on_the_web_takes_its_first_account_only(environ: dict[str, str], registration: str) -> None:
    assert Config.from_environ(environ).registration == registration
