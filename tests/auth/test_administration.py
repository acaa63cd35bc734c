"""`mealplanner user`, as an operator types it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from mealplanner.cli.main import main
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.visitor import PASSWORD, Visitor

Run = Callable[..., Result]
Count = Callable[[], int]


@pytest.fixture
def user(database: Database, config: Config, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`user("create", "a@example.org")` runs the command on the database of the tests."""
    monkeypatch.setenv("DATABASE_URL", database.pooled.url.render_as_string(hide_password=False))
    monkeypatch.setenv("USE_NEW_CONNECTION_HANDLING", str(config.rollout.everything))

    def run(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, ["user", *arguments], input=typed)

    return run


def printed_password(result: Result) -> str:
    """Return the password that was printed."""
    found = re.fullmatch(r"Sign in as (\S+) with the password (\S+)\n", result.output)
    assert found is not None, result.output
    return found.group(2)


def test_create_prints_a_password_that_works(user: Run, visitor: Visitor) -> None:
    """Once."""
    made = user("create", " Person@Example.org ")
    assert made.output.startswith("Sign in as Person@example.org ")
    assert visitor.sign_in(printed_password(made)).status_code == 303


@pytest.mark.parametrize("command", ["create", "reset"])
def test_a_password_may_be_typed_without_an_echo(user: Run, visitor: Visitor, command: str) -> None:
    """Twice, without an echo."""
    if command == "reset":
        user("create", visitor.email)
    made = user(command, visitor.email, "--ask", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    assert visitor.sign_in().status_code == 303


@pytest.mark.parametrize("command", ["create", "verify", "disable", "enable", "reset"])
def test_no_command_takes_a_password_as_an_argument(user: Run, command: str) -> None:
    """It would stay in the shell's history and in the list of processes."""
    assert "unexpected extra argument" in user(command, "a@example.org", PASSWORD).output
    assert "password" not in {name for parameter in main.commands["user"].commands[command].params
                              for name in parameter.opts}  # type: ignore[attr-defined]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "typed", "message"),
    [
        (("create", "person@example.org"), "", "There is an account with this address already."),
        (("create", "nobody"), "", "Enter an e-mail address, like name@example.org."),
        (("create", "b@example.org", "--ask"), "short\nshort\n", "Use 10 to 1000 characters."),
        (("reset", "person@example.org", "--ask"), "password123\npassword123\n", "is known from break-ins"),
        (("reset", "b@example.org"), "", "There is no account for b@example.org."),
        (("verify", "b@example.org"), "", "There is no account for b@example.org."),
        (("disable", "b@example.org"), "", "There is no account for b@example.org."),
        (("enable", "b@example.org"), "", "There is no account for b@example.org."),
        (("delete", "b@example.org", "--yes"), "", "There is no account for b@example.org."),
        (("delete", "person@example.org"), "n\n", "Aborted!"),
    ],
)
def test_what_does_not_work_is_said_in_a_sentence(
    user: Run, person: Visitor, stored: Count, arguments: tuple[str, ...], typed: str, message: str
) -> None:
    """Nothing is changed."""
    answer = user(*arguments, typed=typed)
    assert answer.exit_code != 0
    assert message in answer.output
    assert "Traceback" not in answer.output
    assert stored() == 1
    assert person.get("/preferences").status_code == 200


def test_a_closed_account_is_signed_out_and_kept_out(user: Run, person: Visitor) -> None:
    """At once; the right password gets the reason. Opened again, it works."""
    assert user("disable", "PERSON@example.org").exit_code == 0
    assert person.get("/preferences").status_code == 303
    refused = person.sign_in()
    assert refused.status_code == 401
    assert "This account is closed for now." in refused.text
    assert "This account is closed" not in person.sign_in("not what it was").text
    assert user("enable", person.email).exit_code == 0
    assert person.get("/preferences").status_code == 303
    assert person.sign_in().status_code == 303


def test_what_an_operator_did_is_in_the_log_of_the_person(user: Run, person: Visitor) -> None:
    for command in ("verify", "disable", "enable"):
        assert user(command, person.email).exit_code == 0
    password = printed_password(user("reset", person.email))
    person.sign_in(password)
    told = person.get("/auth/account/activity", json=True).get_json()["entries"]
    by_operator = [entry["event"] for entry in told if entry["by"] == "operator"]
    assert by_operator == ["password-changed", "account-enabled", "account-disabled", "address-confirmed"]
    assert "by an operator of this site" in person.get("/auth/account/activity").text


def test_an_account_is_deleted_with_everything_in_it(user: Run, person: Visitor, stored: Count) -> None:
    """Its sessions end, and the log says that an operator deleted an account, not which."""
    answer = user("delete", "PERSON@example.org", typed="y\n")
    assert (answer.exit_code, stored()) == (0, 0)
    assert "is deleted" in answer.output
    assert person.get("/preferences").status_code == 303


@pytest.mark.usefixtures("person")
def test_accounts_are_listed(user: Run) -> None:
    assert user("create", "a@example.org").exit_code == 0
    user("disable", "a@example.org")
    first, second = user("list").output.splitlines()
    day = r"\d{4}-\d\d-\d\d"
    assert re.fullmatch(rf"a@example\.org       since {day}, never signed in, not confirmed, closed", first)
    assert re.fullmatch(rf"person@example\.org  since {day}, signed in {day}, not confirmed", second)


def test_no_account_is_listed_in_words(user: Run) -> None:
    assert user("list").output == "There is no account.\n"


def test_a_reset_ends_sessions_and_the_old_password(user: Run, person: Visitor) -> None:
    """And any wait."""
    password = printed_password(user("reset", person.email))
    assert person.get("/preferences").status_code == 303
    assert person.sign_in().status_code == 401
    assert person.sign_in(password).status_code == 303


def test_verify_vouches_for_the_address(user: Run, person: Visitor, engine: Engine) -> None:
    """A second time keeps the time of the first."""

    def verified_at() -> object:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT verified_at FROM users"))

    assert user("verify", person.email).exit_code == 0
    first = verified_at()
    assert first is not None
    assert user("verify", person.email).exit_code == 0
    assert verified_at() == first


def test_who_is_locked_is_listed(user: Run, person: Visitor, engine: Engine) -> None:
    """Closed accounts, and accounts, familiar addresses and networks that have to wait."""
    assert user("list-locked").output == "No account is locked.\n"
    unknown = "00000000-0000-4000-8000-000000000000"
    with engine.begin() as connection:
        person_id = connection.scalar(text("SELECT id FROM users"))
        keys = (f"account:{person_id}", "account:no.account@example.org", f"account:{unknown}", "address:203.0.113.7")
        keys += (f"pair:{unknown} this machine", f"pair:{person_id} this machine", "network:2001:db8::/48")
        for key in keys:
            connection.execute(text("INSERT INTO throttles VALUES ('login', :key, 1000, now())"), {"key": key})
    user("create", "other@example.org")
    user("disable", "other@example.org")
    lines = user("list-locked").output.splitlines()
    assert lines[0] == "other@example.org  is closed"
    assert re.fullmatch(r"person@example\.org  has to wait until \d\d:\d\d:\d\d UTC", lines[1])
    assert re.fullmatch(r"person@example\.org at this machine  has to wait until \d\d:\d\d:\d\d UTC", lines[2])
    assert re.fullmatch(r"2001:db8::/48  has to wait until \d\d:\d\d:\d\d UTC", lines[3])
    assert re.fullmatch(r"203\.0\.113\.7  has to wait until \d\d:\d\d:\d\d UTC", lines[4])
    assert len(lines) == 5
    user("reset", person.email)
    assert "person@example.org" not in user("list-locked").output


def test_a_database_that_is_behind_is_named(user: Run, admin: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do about it, instead of a missing table."""
    monkeypatch.setenv("DATABASE_URL", admin.url.render_as_string(hide_password=False))
    answer = user("list-locked")
    assert answer.exit_code == 1
    assert "Run `mealplanner migrate`." in answer.output
