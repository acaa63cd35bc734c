"""The download of everything that is stored about a person."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, String, select

from mealplanner.db.testing import assert_nothing_checked_out
from mealplanner.storage.database import Database
from tests.personal_data.everything import Live, belongs, counted, tables_of_people
from tests.visitor import Visitor

Found = dict[str, Any]

ENTRIES: dict[str, Callable[[Found], int]] = {
    "users": lambda found: len([found["account"]]),
    "user_profiles": lambda found: len([found["preferences"]]),
    "menus": lambda found: len(found["menus"]),
    "meals": lambda found: sum(len(day["meals"]) for menu in found["menus"] for day in menu["days"]),
    "planned_days": lambda found: len(found["planned_days"]),
    "rebalancings": lambda found: len(found["rebalancings"]),
    "menu_edits": lambda found: len(found["edits"]),
    "recipes": lambda found: len(found["recipes"]),
    "recipe_ingredients": lambda found: sum(len(recipe["ingredients"]) for recipe in found["recipes"]),
    "ratings": lambda found: len(found["ratings"]),
    "opinions": lambda found: sum(len(said) for said in found["opinions"].values()),
    "usual_meals": lambda found: sum(len(usual["weekdays"]) for usual in found["usual_meals"]),
    "shopping_ticks": lambda found: len(found["shopping"]["ticks"]),
    "shopping_items": lambda found: len(found["shopping"]["items"]),
    "shopping_notes": lambda found: len(found["shopping"]["notes"]),
    "shopping_habits": lambda found: len(found["shopping"]["habits"]),
    "shopping_baselines": lambda found: len(found["shopping"]["baselines"]),
    "shopping_shares": lambda found: len(found["shopping"]["links"]),
    "larder_items": lambda found: len(found["larder"]["items"]),
    "larder_moves": lambda found: len(found["larder"]["moves"]),
    "larder_always_there": lambda found: len(found["larder"]["always_there"]),
    "larder_settings": lambda found: len([found["larder"]["settings"]]),
    "calendar_feeds": lambda found: len([found["calendar"]]),
    "proposals": lambda found: len(found["proposals"]),
    "model_calls": lambda found: len(found["model_calls"]),
    "budgets": lambda found: len(found["model_use"]),
    "oidc_identities": lambda found: len(found["linked"]),
    "invitations": lambda found: len([found["invitation"]]),
    "audit_entries": lambda found: len(found["audit"]),
    "authenticators": lambda found: len([found["factors"]["app"]]),
    "passkeys": lambda found: len(found["factors"]["passkeys"]),
    "recovery_codes": lambda found: len(found["factors"]["recovery_codes"]),
    "sessions": lambda found: len(found["sessions"]),
    "sign_ins": lambda found: len(found["sign_ins"]),
    "account_tokens": lambda found: len(found["links"]),
    "api_tokens": lambda found: len(found["api_tokens"]),
    "operators": lambda found: len([found["operator_since"]]),
    "mails": lambda found: len(found["mails"]),
}
"""Table -> how many of its rows the download has."""

OF_THE_QUEUE = {"job_people"}
"""Tables that say nothing of a person: which jobs of theirs wait."""

UNTOLD = {
    ("users", "password_hash"),  # would let others in
    *(
        ("menus", name) for name in ("planner_version", "catalogue_version", "as_planned")
    ),  # of the program, not of the person
    *(("recipes", name) for name in ("slug",)),  # a name for the program
}
"""Columns of text that are kept back."""


def download(person: Visitor) -> Found:
    """Return the download."""
    answer = person.get("/auth/account/export")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == "attachment; filename=mealplanner.json"
    assert answer.headers["Cache-Control"] == "no-store"
    found: Found = json.loads(answer.text)
    return found


def test_the_download_has_every_row_of_every_table(visitor: Visitor, lived: Live, engine: Engine) -> None:
    """A table that is added later has to be listed in `ENTRIES`."""
    user_id = lived(visitor)
    found = download(visitor)
    assert set(ENTRIES) == {table.name for table in tables_of_people()} - OF_THE_QUEUE
    with engine.connect() as connection:
        stored = {table: rows for table, rows in counted(connection, user_id).items() if table not in OF_THE_QUEUE}
    assert {table: entries(found) for table, entries in ENTRIES.items()} == stored
    assert all(stored.values())


def test_the_download_has_what_the_rows_say(visitor: Visitor, lived: Live, engine: Engine) -> None:
    """Every text that is stored is in it, except those that are listed as kept back."""
    user_id = lived(visitor)
    text = json.dumps(download(visitor), ensure_ascii=False)
    checked = 0
    with engine.connect() as connection:
        for table in tables_of_people():
            for column in table.columns:
                if isinstance(column.type, String) and (table.name, column.name) not in UNTOLD:
                    for (value,) in connection.execute(select(column).where(belongs(table, user_id)).distinct()):
                        assert value is None or json.dumps(value, ensure_ascii=False)[1:-1] in text, column
                        checked += 1
    assert checked > 20


def test_the_download_has_no_secret(visitor: Visitor, lived: Live, engine: Engine) -> None:
    """It has no hash, no token, and nothing of other people."""
    lived(visitor)
    other = Visitor(visitor.app, "other@example.org")
    lived(other)
    text = visitor.get("/auth/account/export").text
    with engine.connect() as connection:
        for query in ("SELECT password_hash FROM users", "SELECT session_token::text FROM users"):
            assert not any(secret in text for secret in connection.exec_driver_sql(query).scalars())
        for query in ("token_hash, 'hex') FROM account_tokens", "secret_hash, 'hex') FROM sessions"):
            hashes = connection.exec_driver_sql(f"SELECT encode({query}").scalars().all()
            assert hashes
            assert not any(secret in text for secret in hashes)
    assert "other@example.org" not in text.replace("new-person@example.org", "")


def test_a_new_account_has_a_download_too(person: Visitor) -> None:
    found = download(person)
    assert found["account"]["email"] == person.email
    assert (found["menus"], found["recipes"], len(found["sign_ins"])) == ([], [], 1)


@pytest.fixture
def long_life(person: Visitor, engine: Engine) -> Visitor:
    """Return a person with more of everything than a part of the download holds."""
    user, menu = "(SELECT id FROM users)", "md5('m' || 1)::uuid"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"""
            INSERT INTO menus (id, user_id, idempotency_key, status, start_date, days, seed, source, preferences,
                targets, step, steps, message, warnings)
            SELECT md5('m' || i)::uuid, {user}, gen_random_uuid(), 'cancelled', date '2026-11-23' - i / 2, 1, 1,
                'model', '{{}}', '{{"kcal": 1, "protein_g": 1, "carbohydrate_g": 1, "fat_g": 1}}', 1, 1, '', '[]'
            FROM generate_series(1, 130) AS i;
            INSERT INTO menu_edits (menu_id, version, what, before, after, made_at)
            SELECT md5('m' || i)::uuid, v, 'note', '{{}}', '{{}}', now()
            FROM generate_series(1, 130) AS i, generate_series(2, 4) AS v;
            INSERT INTO model_calls (id, user_id, menu_id, month, purpose, outcome, reserved_tokens, created_at,
                settled_at)
            SELECT gen_random_uuid(), {user}, {menu}, '2026-11-01', 'dish', 'ok', 10, now(), now()
            FROM generate_series(1, 90);
            INSERT INTO recipes (id, owner_id, slug, title, cuisine, main_protein, kinds, minutes, appliances, steps)
            SELECT gen_random_uuid(), {user}, 'own-' || i, 'Stew', 'british', 'beans', '["main"]', 30, '[]', '[]'
            FROM generate_series(1, 210) AS i
        """)
    return person


def test_all_parts_are_there_once(long_life: Visitor) -> None:
    """However many there are; the document names the moments between which it was read."""
    found = download(long_life)
    counts = {"menus": 130, "edits": 390, "model_calls": 90, "recipes": 210}
    assert {name: len(found[name]) for name in counts} == counts
    for name in ("menus", "model_calls", "recipes"):
        assert len({one["id"] for one in found[name]}) == counts[name]
    assert found["begun_at"] <= found["ended_at"]


def test_no_connection_is_held_while_a_client_reads(long_life: Visitor, database: Database) -> None:
    """Between two pieces, nothing is checked out and nothing in a transaction."""
    answer = long_life.client.get("/auth/account/export", buffered=False)
    sizes = []
    for piece in answer.response:
        assert_nothing_checked_out(database.pooled)
        sizes.append(len(piece))
    assert len(sizes) > 100
    assert max(sizes) < sum(sizes) / 10


def test_it_is_sent_compressed(long_life: Visitor) -> None:
    packed = long_life.client.get("/auth/account/export", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(json.loads(gzip.decompress(packed.data))["menus"]) == 130
