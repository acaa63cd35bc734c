"""A database as large as that of a big installation: `python -m tests.benchmarks.fill FOLDER`.

Makes a private PostgreSQL in FOLDER, or fills the empty database of `--database-url`, with rows that PostgreSQL
generates by itself, and prints how large each table is. Every account has the password `correct horse battery`; the
addresses are `person-1@example.org` and so on, and the first one has `--heavy` menus, many more than the others.
`tests.benchmarks.plans` then looks at how PostgreSQL answers the statements of the application.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from mealplanner.auth.passwords.hashing import hashed
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.food.catalogue import load_catalogue
from mealplanner.models import Base
from mealplanner.recipes import services as recipes
from mealplanner.recipes.rows import recipe_rows
from mealplanner.storage.migrations import upgrade
from tests.benchmarks.tables import markdown
from tests.visitor import PASSWORD

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
"""A database that is made again when the machine fails need not wait for the disk."""

USER = "md5('user ' || {})::uuid"
MENU = "md5('menu ' || {})::uuid"
EDITED = """jsonb_build_object(md5('meal ' || n || v)::uuid, jsonb_build_object(
        'day', 1, 'slot', 'lunch', 'title', 'A dish', 'note', '{}'))"""

STATEMENTS = (
    "CREATE TEMP TABLE dishes AS SELECT row_number() OVER (ORDER BY id) - 1 AS number, id, slug FROM recipes",
    "CREATE UNIQUE INDEX ON dishes (number)",
    f"""
    INSERT INTO users (id, email, email_key, password_hash, session_token, verified_at, created_at)
    SELECT {USER.format("i")}, 'person-' || i || '@example.org', 'person-' || i || '@example.org', :password_hash,
        gen_random_uuid(), now() - interval '1 year', now() - interval '1 year' * (i % 3 + 1)
    FROM generate_series(1, :accounts) AS i
    """,
    """
    INSERT INTO user_profiles (user_id, diet_type, dietary_restrictions, disliked_ingredients, recipe_type,
        macro_protein, macro_carbs, macro_fat, calorie_goal, meal_times, appliances, prep_complexity,
        servings_per_meal, snacks_per_day, version)
    SELECT id, 'omnivore', '[]', '[]', '[]', 20, 50, 30, 2000,
        '{"breakfast": "08:00", "lunch": "12:30", "dinner": "19:00"}', '["stove", "oven"]', 60, 2, 1, 1
    FROM users
    """,
    # The menus of a person follow one another, a week each; the last one is that of today.
    f"""
    INSERT INTO menus (id, user_id, idempotency_key, status, start_date, days, seed, source, preferences, targets,
        planner_version, catalogue_version, step, steps, message, warnings, created_at, finished_at, version)
    SELECT {MENU.format("n")}, {USER.format("person")}, gen_random_uuid(), 'ready', first_day, 7, n, 'catalogue',
        (SELECT to_jsonb(p) - 'user_id' - 'version' - 'updated_at' - 'settled_dislikes' - 'minutes_by_weekday'
            FROM user_profiles p LIMIT 1),
        '{{"kcal": 2000, "protein_g": 100, "carbohydrate_g": 250, "fat_g": 66.7}}', '1', '1', 7, 7, 'Done', '[]',
        first_day - interval '2 days', first_day - interval '2 days', 4
    FROM (
        SELECT n, person, current_date + 7 - 7 * (row_number() OVER (PARTITION BY person ORDER BY n))::int AS first_day
        FROM (SELECT n, CASE WHEN n <= :heavy THEN 1 ELSE n % :accounts + 1 END AS person
              FROM generate_series(1, :menus) AS n) AS owned
    ) AS placed
    """,
    f"""
    INSERT INTO meals (id, menu_id, recipe_id, day, position, slot, time, portion, servings, locked, kcal, protein_g,
        carbohydrate_g, fat_g, eaten_at)
    SELECT gen_random_uuid(), {MENU.format("n")}, dishes.id, i / :a_day, i % :a_day,
        (ARRAY['breakfast', 'lunch', 'dinner', 'snack'])[i % :a_day % 4 + 1],
        (ARRAY['08:00', '12:30', '19:00', '16:00'])[i % :a_day % 4 + 1]::time, 1, 2, false, 500, 25, 62, 17,
        CASE WHEN n % 10 = 0 THEN now() - interval '1 day' END
    FROM generate_series(1, :menus) AS n, generate_series(0, :meals_each - 1) AS i, dishes
    WHERE dishes.number = (n * 31 + i * 17) % (SELECT count(*) FROM dishes)
    """,
    """
    INSERT INTO planned_days (user_id, date, menu_id)
    SELECT user_id, start_date + i, id FROM menus, generate_series(0, 6) AS i ON CONFLICT DO NOTHING
    """,
    f"""
    INSERT INTO menu_edits (menu_id, version, what, before, after, made_at)
    SELECT {MENU.format("n")}, v, 'note', {EDITED.format("")}, {EDITED.format("Ann comes too")}, now()
    FROM generate_series(1, :menus) AS n, generate_series(2, 4) AS v
    """,
    f"""
    INSERT INTO rebalancings (menu_id, version, status, step, steps, message, requested_at)
    SELECT {MENU.format("n")}, 4, 'done', 1, 1, 'Your menu is balanced again.', now()
    FROM generate_series(1, :menus, 10) AS n
    """,
    """
    INSERT INTO recipes (id, owner_id, slug, title, cuisine, main_protein, kinds, minutes, appliances, steps)
    SELECT md5('own ' || i || users.id)::uuid, users.id, 'own-' || i, 'A dish of my own ' || i, 'british', 'beans',
        '["main"]', 30, '["stove"]', '["Cook it.", "Serve it."]'
    FROM users, generate_series(1, 3) AS i
    """,
    """
    INSERT INTO recipe_ingredients (recipe_id, position, food_id, grams)
    SELECT id, i, (ARRAY['rolled-oats', 'carrots', 'chickpeas-dry'])[i + 1], 60
    FROM recipes, generate_series(0, 2) AS i WHERE owner_id IS NOT NULL
    """,
    """
    INSERT INTO ratings (user_id, slug, value)
    SELECT users.id, dishes.slug, 1 FROM users, dishes WHERE dishes.number % 40 = 0
    """,
    """
    INSERT INTO opinions (user_id, slug, opinion)
    SELECT users.id, dishes.slug, 'too-long' FROM users, dishes WHERE dishes.number % 200 = 1
    """,
    """
    INSERT INTO usual_meals (user_id, slot, weekday, slug)
    SELECT users.id, 'breakfast', i, (SELECT slug FROM dishes WHERE number = 0) FROM users, generate_series(0, 4) AS i
    """,
    f"""
    INSERT INTO proposals (menu_id, position, kind, title, cuisine, main_protein, recipe_id)
    SELECT {MENU.format("n")}, i, 'main', 'A dish of my own', 'british', 'beans',
        md5('own 1' || (SELECT user_id FROM menus WHERE id = {MENU.format("n")}))::uuid
    FROM generate_series(1, :menus, 10) AS n, generate_series(0, 2) AS i
    """,
    f"""
    INSERT INTO model_calls (id, user_id, menu_id, month, purpose, outcome, reserved_tokens, tokens_in, tokens_out,
        cost, seconds, sent, received, created_at, settled_at)
    SELECT gen_random_uuid(), (SELECT user_id FROM menus WHERE id = {MENU.format("n")}), {MENU.format("n")},
        date_trunc('month', now())::date, 'dish', 'ok', 3000, 1500, 600, 0.01, 4, repeat('a word ', 500),
        repeat('a word ', 200), now() - interval '1 day' * (n % 700), now()
    FROM generate_series(1, :menus, 10) AS n, generate_series(1, 4) AS i
    """,
    """
    INSERT INTO budgets (user_id, month, reserved, spent, cost)
    SELECT users.id, (date_trunc('month', now()) - interval '1 month' * i)::date, 0, 8400, 0.04
    FROM users, generate_series(0, 2) AS i
    """,
    """
    INSERT INTO sign_ins (user_id, at, address, browser, succeeded)
    SELECT users.id, now() - interval '40 days' * i, '203.0.113.' || i, 'Firefox', i % 4 > 0
    FROM users, generate_series(0, 9) AS i
    """,
    """
    INSERT INTO mails (id, user_id, kind, recipient, status, created_at, finished_at)
    SELECT gen_random_uuid(), id, 'verify', email, 'sent', now() - interval '30 days' * i, now()
    FROM users, generate_series(0, 3) AS i
    """,
    """
    INSERT INTO account_tokens (id, user_id, purpose, token_hash, expires_at, used_at, created_at)
    SELECT gen_random_uuid(), id, 'verify', sha256((id || ' ' || i)::text::bytea),
        now() - interval '50 days' * i, now(), now() - interval '50 days' * i
    FROM users, generate_series(0, 3) AS i
    """,
    """
    INSERT INTO throttles (action, key, level, at)
    SELECT action, 'account:' || id, 1, now() - interval '1 minute'
    FROM users, unnest(ARRAY['login', 'forgot']) AS action
    """,
    """
    INSERT INTO shopping_items (user_id, id, first_day, last_day, text, added_at)
    SELECT users.id, gen_random_uuid(), current_date - 7 * i, current_date - 7 * i + 6, 'Kitchen roll', now()
    FROM users, generate_series(0, 4) AS i
    """,
    """
    INSERT INTO shopping_ticks (user_id, id, first_day, last_day, food_id, state, grams, replaces, said_at)
    SELECT users.id, gen_random_uuid(), current_date - 7 * (i / 6), current_date - 7 * (i / 6) + 6, 'carrots',
        'bought', 500, '{}', now() - interval '1 day' * i
    FROM users, generate_series(0, 29) AS i
    """,
    """
    INSERT INTO shopping_baselines (user_id, first_day, last_day, needs)
    SELECT users.id, current_date - 7 * i, current_date - 7 * i + 6, '{"carrots": 500, "rolled-oats": 120}'
    FROM users, generate_series(0, 4) AS i
    """,
    "INSERT INTO shopping_notes (user_id, food_id, text) SELECT id, 'carrots', 'The long ones' FROM users",
    'INSERT INTO shopping_habits (user_id, aisles) SELECT id, \'["fruit", "vegetables"]\' FROM users',
    """
    INSERT INTO shopping_shares (id, user_id, token_hash, first_day, last_day, created_at, expires_at)
    SELECT gen_random_uuid(), id, sha256(('share ' || id)::bytea), current_date, current_date + 6, now(),
        now() + interval '7 days' FROM users
    """,
    """
    INSERT INTO calendar_feeds (user_id, id, token_hash, created_at)
    SELECT id, gen_random_uuid(), sha256(('feed ' || id)::bytea), now() FROM users
    """,
    """
    INSERT INTO larder_items (user_id, food_id, grams, best_before)
    SELECT users.id, 'carrots', 500, current_date + i FROM users, generate_series(0, 9) AS i
    """,
    """
    INSERT INTO larder_moves (user_id, cause, food_id, grams, moved_at)
    SELECT users.id, gen_random_uuid(), 'carrots', -100, now() - interval '7 days' * i
    FROM users, generate_series(0, 19) AS i
    """,
    "INSERT INTO larder_always_there (user_id, food_id) SELECT id, 'salt' FROM users",
    "INSERT INTO larder_settings (user_id) SELECT id FROM users",
    """
    INSERT INTO sessions (id, user_id, secret_hash, browser, address, created_at, used_at)
    SELECT gen_random_uuid(), id, sha256(('session ' || id || i)::bytea), 'Firefox', '203.0.113.7', now(), now()
    FROM users, generate_series(1, 2) AS i
    """,
    """
    INSERT INTO api_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at)
    SELECT gen_random_uuid(), id, 'kitchen', sha256(('token ' || id)::bytea), ARRAY['menus:read'], now(),
        now() + interval '1 year' FROM users
    """,
    """
    INSERT INTO audit_entries (user_id, actor, event, details, address, at)
    SELECT id, 'self', 'signed-in', '{"browser": "Firefox"}', '203.0.113.7', now() - interval '20 days' * i
    FROM users, generate_series(0, 9) AS i
    """,
    # Every third account has a second factor; the first two sign in without.
    f"""
    INSERT INTO authenticators (user_id, sealed_secret, last_step, created_at)
    SELECT {USER.format("i")}, sha256(i::text::bytea), 0, now() FROM generate_series(3, :accounts, 3) AS i
    """,
    """
    INSERT INTO recovery_codes (user_id, code_hash, created_at)
    SELECT user_id, sha256(('code ' || user_id || i)::bytea), now() FROM authenticators, generate_series(1, 8) AS i
    """,
    """
    INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name, created_at)
    SELECT gen_random_uuid(), user_id, sha256(('key ' || user_id)::bytea), sealed_secret, 0, 'Phone', now()
    FROM authenticators
    """,
    """
    INSERT INTO oidc_identities (user_id, issuer, subject, label, linked_at)
    SELECT id, 'https://id.example.org', id::text, email, now() FROM users
    """,
    """
    INSERT INTO invitations (id, token_hash, note, created_at, expires_at, used_at, used_by)
    SELECT gen_random_uuid(), sha256(('invitation ' || id)::bytea), 'For a friend', created_at,
        created_at + interval '7 days', created_at, id FROM users
    """,
    "INSERT INTO used_challenges (challenge_hash, at) SELECT sha256(('asked ' || id)::bytea), now() FROM users",
    """
    INSERT INTO procrastinate_jobs (queue_name, task_name, status, args, attempts)
    SELECT 'default', 'menu.generate', 'succeeded',
        jsonb_build_object('arguments', jsonb_build_object('menu_id', id)), 1
    FROM menus
    """,
    """
    INSERT INTO procrastinate_events (job_id, type, at)
    SELECT id, type, now() - interval '1 hour' * (id % 48)
    FROM procrastinate_jobs, unnest(ARRAY['deferred', 'started', 'succeeded']::procrastinate_job_event_type[]) AS type
    """,
    """
    INSERT INTO job_people (job_id, user_id)
    SELECT job.id, menus.user_id FROM procrastinate_jobs AS job
    JOIN menus ON menus.id = (job.args -> 'arguments' ->> 'menu_id')::uuid
    """,
)


def main() -> None:
    """Fill a database and print the size of its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the private PostgreSQL is, or is to be made")
    parser.add_argument("--database-url", help="an empty database to fill instead")
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--menus", type=int, default=100_000)
    parser.add_argument("--meals", type=int, default=2_000_000)
    parser.add_argument("--heavy", type=int, default=1_000, help="menus of the first account")
    options = parser.parse_args()
    with server_in(options.folder, options.database_url) as url:
        upgrade(url)
        fill(url, accounts=options.accounts, menus=options.menus, meals=options.meals, heavy=options.heavy)
        print_sizes(url)


@contextmanager
def server_in(folder: Path, database_url: str | None = None) -> Iterator[str]:
    """Run the private PostgreSQL of `folder` during the block, unless there is an address already."""
    if database_url is not None:
        yield database_url
        return
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    with EmbeddedPostgres(folder / "postgres", settings=FAST) as server:
        yield server.url().render_as_string(hide_password=False)


def fill(url: str, *, accounts: int, menus: int, meals: int, heavy: int) -> None:
    """Store so many rows, and have PostgreSQL learn how they are distributed."""
    meals_each = max(1, meals // menus)
    values = {"accounts": accounts, "menus": menus, "meals_each": meals_each, "a_day": -(-meals_each // 7)}
    values |= {"heavy": heavy, "password_hash": hashed(PASSWORD)}
    engine = create_engine(url)
    with engine.begin() as connection:
        recipes.store(connection, recipe_rows(load_catalogue().recipes))  # type: ignore[arg-type]
        for statement in STATEMENTS:
            began = time.monotonic()
            query = text(statement)
            done = connection.execute(query, {name: values[name] for name in query.compile().params})
            print(
                f"{time.monotonic() - began:6.1f} s  {done.rowcount:>10,}  {' '.join(statement.split()[:3])}",
                flush=True,
            )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
    engine.dispose()


SIZES = """
SELECT relname, reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid)
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 0
ORDER BY pg_total_relation_size(oid) DESC
"""


def print_sizes(url: str) -> None:
    """Print rows, megabytes, and bytes for each row."""
    engine = create_engine(url)
    with engine.connect() as connection:
        print("\n".join(markdown(("table", "rows", "MB", "MB of indexes", "bytes a row"), list(_sizes(connection)))))
    engine.dispose()


def _sizes(connection: Connection) -> Iterator[list[str]]:
    known = set(Base.metadata.tables)
    for name, rows, table, indexes in connection.execute(text(SIZES)):
        if name in known or name.startswith("procrastinate_"):
            yield [name, f"{rows:,}", f"{table / 1e6:.1f}", f"{indexes / 1e6:.1f}", f"{(table + indexes) / rows:.0f}"]


if __name__ == "__main__":
    main()
