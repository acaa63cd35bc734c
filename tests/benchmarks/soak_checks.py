"""After a soak: check that every promise holds, and that nothing is held when the site is idle."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from tests.benchmarks.soak_ledger import Account, Ledger, Outcome
from tests.benchmarks.soak_promises import broken_menus, broken_preferences, broken_registration
from tests.benchmarks.soak_site import Site
from tests.faults.remote import Remote
from tests.visitor import PASSWORD
from tests.waiting import eventually

HELD = """
    SELECT format('backend %s is %s for %s: %s', pid, state, now() - state_change, left(query, 100)) AS wrong
    FROM pg_stat_activity
    WHERE application_name LIKE 'mealplanner%' AND (state <> 'idle' OR xact_start IS NOT NULL)
"""
LEFT = "SELECT format('backend %s of %s', pid, application_name) AS wrong FROM pg_stat_activity" + (
    " WHERE application_name LIKE 'mealplanner%'"
)
IN_FLIGHT = "SELECT id FROM menus WHERE status IN ('queued', 'running')"
JOBS = "SELECT id FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
MEALS = """
    SELECT format('menu %s is %s and has %s of %s meals', menus.id, status, count(meals.id), wanted.number) AS wrong
    FROM menus
    CROSS JOIN LATERAL (
        SELECT days * ((SELECT count(*) FROM jsonb_object_keys(preferences::jsonb -> 'meal_times'))
            + (preferences::jsonb ->> 'snacks_per_day')::int) AS number
    ) AS wanted
    LEFT JOIN meals ON meals.menu_id = menus.id
    GROUP BY menus.id, wanted.number
    HAVING count(meals.id) <> CASE status WHEN 'ready' THEN wanted.number ELSE 0 END
        OR count(meals.id) <> count(DISTINCT (day, position)) FILTER (WHERE meals.id IS NOT NULL)
"""
ACCOUNTS = """
    SELECT lower(email) AS email, coalesce(version, 0) AS version, disliked_ingredients AS marks
    FROM users LEFT JOIN user_profiles ON user_profiles.user_id = users.id
"""
MENUS = """
    SELECT lower(email) AS email, menus.id::text, status, idempotency_key::text AS key, error_code
    FROM menus JOIN users ON users.id = menus.user_id
"""

MISTAKES = ("left over", "unexpected error", "the worker ended and starts again")
"""Signs in the log of what no fault explains: an outage is told in other words."""

JSON = {"Accept": "application/json"}

Check = Callable[[], list[str]]
"""Finds what is wrong; nothing, when all is well."""


class Checks:
    """Everything that is checked once the traffic and the faults have ended."""

    def __init__(self, site: Site, ledger: Ledger) -> None:
        self._site, self._ledger = site, ledger
        self._users: dict[str, dict[str, Any]] = {}
        self._menus: list[dict[str, Any]] = []

    def all(self) -> Iterator[tuple[str, list[str]]]:
        """Return each check's name, and what it found."""
        running: Mapping[str, Check] = {
            "no menu and no job is stuck": self.settled,
            "no connection is in use": self.in_use,
            "no backend is in a transaction": self.held,
        }
        yield from ((name, check()) for name, check in running.items())
        self._users = {row["email"]: row for row in self._site.query(ACCOUNTS)}
        self._menus = self._site.query(MENUS)
        stored: Mapping[str, Check] = {
            "registrations are as they were answered": lambda: self._each(self._registration),
            "preferences are as they were answered": lambda: self._each(self._preferences),
            "menus are as they were answered": lambda: self._each(self._menus_of),
            "every account reads its own over HTTP": lambda: self._each(self.read_back),
            "every menu has its meals once": lambda: self._rows(MEALS),
            "no answer contradicts another": lambda: self._ledger.wrongs,
            "the log tells of no mistake": self.logs,
            "everything stops in good order": self.stop,
            "no backend outlives its process": lambda: self._rows(LEFT),
        }
        yield from ((name, check()) for name, check in stored.items())

    def numbers(self) -> str:
        """Return how much was checked."""
        statuses = Counter(menu["status"] for menu in self._menus)
        menus = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
        versions = sum(user["version"] for user in self._users.values())
        return f"{len(self._users)} accounts, {versions} saved preferences, {len(self._menus)} menus ({menus})"

    # While it runs ------------------------------------------------------------------------------------------------

    def settled(self) -> list[str]:
        """Return the menus that are unfinished, or jobs that no worker does, after ample time."""
        with suppress(AssertionError):
            eventually(lambda: not self._site.query(f"{IN_FLIGHT} UNION ALL SELECT NULL FROM ({JOBS}) AS jobs"))
        return [f"menu {row['id']}" for row in self._site.query(IN_FLIGHT)] + [
            f"job {row['id']}" for row in self._site.query(JOBS)
        ]

    def in_use(self) -> list[str]:
        """Return the connections that are out by the application's own figures, when the site is idle."""
        with suppress(AssertionError):
            eventually(lambda: self._site.in_use() == 0)
        return [f"{count:g} connections"] if (count := self._site.in_use()) else []

    def held(self) -> list[str]:
        """Return backends that are in a transaction at every look; workers begin and end one now and then."""
        try:
            eventually(lambda: not self._rows(HELD))
        except AssertionError:
            return self._rows(HELD)
        return []

    # What is stored ---------------------------------------------------------------------------------------------------

    def _registration(self, account: Account) -> Iterator[str]:
        return broken_registration(account, there=account.email in self._users)

    def _preferences(self, account: Account) -> Iterator[str]:
        row = self._users.get(account.email, {"version": 0, "marks": []})
        return broken_preferences(account, version=row["version"], marks=row["marks"] or [])

    def _menus_of(self, account: Account) -> Iterator[str]:
        return broken_menus(account, {row["id"]: row for row in self._menus if row["email"] == account.email})

    def read_back(self, account: Account) -> Iterator[str]:
        """Compare what an account shows to its owner, after a sign-in, with what is stored."""
        if Outcome.KEPT not in account.registrations:
            return
        browser = Remote(("127.0.0.1", self._site.port), account.email)
        status = browser.post("/auth/login", {"email": account.email, "password": PASSWORD}).status
        if status != 303:
            yield f"{account.email} cannot sign in: {status}"
            return
        shown = json.loads(browser.get("/preferences", Accept="application/json").text)
        row = self._users[account.email]
        if (shown["version"], shown["disliked_ingredients"]) != (row["version"], row["marks"] or []):
            yield f"{account.email} reads {shown} and has {row}"
        listed = {menu["id"]: menu["status"] for menu in json.loads(browser.get("/menu/", **JSON).text)["menus"]}
        stored = {row["id"]: row["status"] for row in self._menus if row["email"] == account.email}
        if not listed.items() <= stored.items():
            yield f"{account.email} sees {listed} of {stored}"

    # What the programs say ----------------------------------------------------------------------------------------

    def logs(self) -> list[str]:
        """Return errors that no fault explains: tracebacks, and work that was left over."""
        said = Counter(
            f"{line['name']}: {line['message']}"
            for line in log_lines(self._site)
            if any(sign in line["message"] for sign in MISTAKES) or line["levelname"] == "?"
        )
        return [f"{number} x {what}" for what, number in said.items()]

    def stop(self) -> list[str]:
        """Return the programs that did not end with 0 when they were asked to."""
        return [f"exit code {code}" for code in self._site.stop() if code != 0]

    # How ----------------------------------------------------------------------------------------------------------

    def _each(self, check: Callable[[Account], Iterator[str]]) -> list[str]:
        wrong: list[str] = []
        for account in self._ledger.accounts():
            try:
                wrong.extend(check(account))
            except (OSError, http.client.HTTPException, ValueError) as error:
                wrong.append(f"{account.email}: {error!r}")
        return wrong

    def _rows(self, query: str) -> list[str]:
        return [row["wrong"] for row in self._site.query(query)]


def log_lines(site: Site) -> Iterator[dict[str, str]]:
    """Return every line that every process has written; one that is no object has the level `?`."""
    for log in site.logs():
        for line in log.read_text(errors="replace").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                if not line.startswith("metrics at"):
                    yield {"levelname": "?", "name": log.name, "message": line}
