"""What is old is deleted, what is young or in use stays."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from mealplanner.auth.sessions.lifetime import IDLE
from mealplanner.jobs.tasks import JobContext, WorkerStopping
from mealplanner.retention import job, rules
from mealplanner.retention.job import tidy
from mealplanner.storage.database import Database
from tests.personal_data.everything import Live, counted
from tests.visitor import Visitor

Rows = Callable[..., list[tuple[Any, ...]]]
USER = "(SELECT id FROM users)"
MENU = "md5('m')::uuid"
DISH = "md5('d')::uuid"

MADE = f"""
INSERT INTO menus (id, user_id, idempotency_key, status, start_date, days, seed, source, preferences, targets, step,
    steps, message, warnings, created_at)
VALUES ({{id}}, {USER}, gen_random_uuid(), '{{status}}', current_date - {{days}}, 1, 1, 'model', '{{{{}}}}', '{{{{}}}}',
    1, 1, 'Ready', '[]', now() - interval '{{days}} days')
"""
OWN_DISH = f"""
INSERT INTO recipes (id, owner_id, slug, title, cuisine, main_protein, kinds, minutes, appliances, steps, created_at,
    retired_at)
VALUES ({DISH}, {USER}, 'stew', 'Stew', 'british', 'beans', '["main"]', 30, '[]', '[]',
    now() - interval '{{days}} days', {{retired}})
"""
MEAL = f"""
INSERT INTO meals (id, menu_id, recipe_id, day, position, slot, time, portion, servings, locked, kcal, protein_g,
    carbohydrate_g, fat_g)
VALUES (gen_random_uuid(), {MENU}, {DISH}, 0, 0, 'lunch', '12:00', 1, 1, false, 1, 1, 1, 1)
"""
CALL = f"""
INSERT INTO model_calls (id, user_id, month, purpose, outcome, reserved_tokens, created_at, settled_at, sent, received)
VALUES (gen_random_uuid(), {USER}, '2026-11-01', 'dish', 'ok', 10, now() - interval '{{days}} days', now(), 'a', 'b')
"""
LIST = "current_date - {days} - 6, current_date - {days}"

AGED = {
    "mails": f"""INSERT INTO mails (id, user_id, kind, recipient, status, created_at)
        VALUES (gen_random_uuid(), {USER}, 'verify', 'a@example.org', 'sent', now() - interval '{{days}} days')""",
    "account_tokens": f"""INSERT INTO account_tokens (id, user_id, purpose, token_hash, expires_at)
        VALUES (gen_random_uuid(), {USER}, 'verify', '\\x00', now() - interval '{{days}} days')""",
    "sign_ins": f"""INSERT INTO sign_ins (user_id, at, address, browser, succeeded)
        VALUES ({USER}, now() - interval '{{days}} days', '203.0.113.7', 'Firefox', true)""",
    "api_tokens": f"""INSERT INTO api_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at, ended_at)
        VALUES (gen_random_uuid(), {USER}, 'a', '\\x00', ARRAY['menus:read'], now(), now() + interval '1 year',
        now() - interval '{{days}} days')""",
    "sessions": f"""INSERT INTO sessions (id, user_id, secret_hash, browser, address, created_at, used_at)
        VALUES (gen_random_uuid(), {USER}, '\\x00', 'Firefox', '203.0.113.7', now() - interval '{{days}} days',
        now() - interval '{{days}} days')""",
    "invitations": """INSERT INTO invitations (id, token_hash, note, created_at, expires_at)
        VALUES (gen_random_uuid(), '\\x00', '', now(), now() - interval '{days} days')""",
    "shopping_shares": f"""INSERT INTO shopping_shares (id, user_id, token_hash, first_day, last_day, created_at,
        expires_at) VALUES (gen_random_uuid(), {USER}, '\\x00', {LIST}, now() - interval '2 years',
        now() - interval '{{days}} days')""",
    "shopping_ticks": f"""INSERT INTO shopping_ticks (user_id, id, first_day, last_day, food_id, state, grams, replaces)
        VALUES ({USER}, gen_random_uuid(), {LIST}, 'carrots', 'bought', 1, '{{{{}}}}')""",
    "shopping_items": f"""INSERT INTO shopping_items (user_id, id, first_day, last_day, text)
        VALUES ({USER}, gen_random_uuid(), {LIST}, 'Kitchen roll')""",
    "shopping_baselines": f"""INSERT INTO shopping_baselines (user_id, first_day, last_day, needs)
        VALUES ({USER}, {LIST}, '{{{{}}}}')""",
    "larder_moves": f"""INSERT INTO larder_moves (user_id, cause, food_id, grams, moved_at)
        VALUES ({USER}, gen_random_uuid(), 'carrots', 1, now() - interval '{{days}} days')""",
    "model_calls": CALL,
    "budgets": f"""INSERT INTO budgets (user_id, month, reserved, spent, cost)
        VALUES ({USER}, current_date - {{days}}, 0, 1, 0)""",
    "menus": MADE.format(id="gen_random_uuid()", status="failed", days="{days}").replace("'{}'", "'{{}}'"),
    "throttles": """INSERT INTO throttles (action, key, level, at)
        VALUES ('login', 'address:203.0.113.{days}', 1, now() - interval '{days} days')""",
    "audit_entries": """INSERT INTO audit_entries (user_id, actor, event, details, at)
        VALUES (NULL, 'system', 'account-deleted', '{{}}', now() - interval '{days} days')""",
}
"""Table -> a row of that age."""

LIMITS = {
    **{"mails": 90, "account_tokens": 90, "sign_ins": 365, "api_tokens": 90, "shopping_shares": 90, "menus": 90},
    **{"shopping_ticks": 400, "shopping_items": 400, "shopping_baselines": 400, "larder_moves": 400},
    **{
        "model_calls": 730,
        "budgets": 760,
        "throttles": 1,
        "invitations": 90,
        "sessions": IDLE.days,
        "audit_entries": 365,
    },
}
"""Table -> after how many days its rows go."""


@pytest.fixture
def tidied(database: Database) -> Callable[[], None]:
    """Return a function that runs the job."""
    return lambda: tidy(JobContext(database=database))


@pytest.fixture
def one(person: Visitor, rows: Rows) -> Visitor:
    """Return the one person there is, about whom nothing else is stored."""
    for table in AGED.keys() - {"sessions"}:
        rows(f"DELETE FROM {table}")
    return person


@pytest.mark.parametrize("table", AGED)
@pytest.mark.usefixtures("one")
def test_rows_go_by_age(rows: Rows, tidied: Callable[[], None], table: str) -> None:
    for days in (LIMITS[table] - 2, LIMITS[table] + 2):
        rows(AGED[table].format(days=days).replace("'\\x00'", f"'\\x{days:08x}'"))
        if table == "api_tokens":
            rows("UPDATE api_tokens SET name = name || 'b'")
    ((stored,),) = rows(f"SELECT count(*) FROM {table}")
    tidied()
    assert rows(f"SELECT count(*) FROM {table}") == [(stored - 1,)]


@pytest.mark.usefixtures("one")
@pytest.mark.parametrize(("days", "kept"), [(179, "a"), (181, None)])
def test_texts_of_calls_go_before_their_figures(
    rows: Rows, tidied: Callable[[], None], days: int, kept: str | None
) -> None:
    rows(CALL.format(days=days))
    tidied()
    assert rows("SELECT sent FROM model_calls") == [(kept,)]


@pytest.mark.parametrize(
    ("months", "days", "kept"), [("0", 3000, True), ("12", 360, True), ("12", 370, False), ("24", 700, True)]
)
def test_menus_go_as_their_owner_chose(
    one: Visitor, rows: Rows, tidied: Callable[[], None], months: str, days: int, kept: bool
) -> None:
    """With their meals; a dish of the person's own that is young stays."""
    assert one.post("/auth/account/old-menus", {"months": months}).status_code == 303
    assert one.get("/auth/account/old-menus", json=True).get_json() == {"months": months}
    rows(MADE.format(id=MENU, status="ready", days=days))
    rows(OWN_DISH.format(days=1, retired="NULL"))
    rows(MEAL)
    tidied()
    assert rows("SELECT count(*) FROM menus") == rows("SELECT count(*) FROM meals") == [(int(kept),)]
    assert rows("SELECT count(*) FROM recipes WHERE owner_id IS NOT NULL") == [(1,)]


@pytest.mark.usefixtures("one")
@pytest.mark.parametrize(
    ("days", "retired", "beside", "kept"),
    [
        (366, "NULL", "", False),
        (364, "NULL", "", True),
        (1, "now()", "", False),
        (366, "NULL", f"INSERT INTO ratings (user_id, slug, value) VALUES ({USER}, 'stew', 1)", True),
        (366, "NULL", f"INSERT INTO ratings (user_id, slug, value) VALUES ({USER}, 'stew', -1)", False),
        (
            366,
            "NULL",
            f"INSERT INTO usual_meals (user_id, slot, weekday, slug) VALUES ({USER}, 'lunch', 1, 'stew')",
            True,
        ),
        (366, "now()", MADE.format(id=MENU, status="ready", days=1) + ";" + MEAL, True),
    ],
)
def test_own_dishes_that_nothing_serves_go(
    rows: Rows, tidied: Callable[[], None], days: int, retired: str, beside: str, kept: bool
) -> None:
    rows(OWN_DISH.format(days=days, retired=retired))
    rows(beside or "SELECT")
    tidied()
    assert rows("SELECT count(*) FROM recipes") == [(int(kept),)]


@pytest.mark.usefixtures("one")
@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ("", False),
        ("UPDATE users SET created_at = now() - interval '29 days'", True),
        ("UPDATE users SET verified_at = now()", True),
        (AGED["sign_ins"].format(days=29), True),
        (MADE.format(id=MENU, status="ready", days=400), True),
    ],
)
def test_accounts_that_were_never_used_go(rows: Rows, tidied: Callable[[], None], changes: str, kept: bool) -> None:
    rows("UPDATE users SET created_at = now() - interval '31 days'")
    rows(changes or "SELECT")
    tidied()
    assert rows("SELECT count(*) FROM users") == [(int(kept),)]
    if not kept:
        assert rows("SELECT actor, event FROM audit_entries") == [("system", "account-deleted")]


def test_an_account_that_is_used_loses_nothing(
    visitor: Visitor,
    lived: Live,
    engine: Engine,
    tidied: Callable[[], None],
) -> None:
    user_id: uuid.UUID = lived(visitor)
    with engine.connect() as connection:
        before = counted(connection, user_id)
        tidied()
        connection.rollback()
        assert counted(connection, user_id) == before


@pytest.mark.usefixtures("one")
def test_portions_are_small_and_all_are_done(rows: Rows, statements: list[str], tidied: Callable[[], None]) -> None:
    """Forty-five menus are deleted in transactions of twenty at most."""
    rows("UPDATE users SET keep_menu_months = 12")
    for _ in range(45):
        rows(MADE.format(id="gen_random_uuid()", status="ready", days=500))
    tidied()
    assert rows("SELECT count(*) FROM menus") == [(0,)]
    in_one, most = 0, 0
    for statement in statements:
        in_one = 0 if statement == "COMMIT" else in_one + statement.startswith("DELETE FROM menus")
        most = max(most, in_one)
    assert most == rules.MENUS_AT_ONCE


@pytest.mark.usefixtures("one")
def test_a_worker_that_stops_leaves_the_rest_for_later(rows: Rows, database: Database) -> None:
    rows(AGED["mails"].format(days=500))
    with pytest.raises(WorkerStopping):
        tidy(JobContext(database=database, interruption=lambda: WorkerStopping))
    assert rows("SELECT count(*) FROM mails") == [(1,)]


def test_every_account_is_looked_at(rows: Rows, tidied: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """However few are looked at together."""
    monkeypatch.setattr(job, "PEOPLE", 2)
    rows(
        """INSERT INTO users (id, email, email_key, password_hash, session_token, created_at)
        SELECT gen_random_uuid(), i || '@example.org', i || '@example.org', '', gen_random_uuid(),
            now() - interval '1 year' FROM generate_series(1, 7) AS i"""
    )
    tidied()
    assert rows("SELECT count(*) FROM users") == [(0,)]
