"""People who use the site during a soak: each has a thread, a browser and an account."""

from __future__ import annotations

import http.client
import json
import random
import re
import socket
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks.soak_ledger import Account, Ask, Ledger, Outcome, Save, at_most_one, outcome_of
from tests.benchmarks.soak_watch import Requests
from tests.faults.remote import Answer, Remote
from tests.visitor import PASSWORD
from tests.waiting import PATIENCE

JSON = {"Accept": "application/json"}
PAGES = ("/", "/menu/", "/preferences", "/healthz", "/readyz")
NONSENSE: tuple[tuple[str, str, bytes, str], ...] = (
    ("POST", "/preferences", b"calorie_goal=lots&version=0", "application/x-www-form-urlencoded"),
    ("POST", "/preferences", b'{"version": 0, "calorie_goal": 1e99}', "application/json"),
    ("POST", "/menu/", b"start_date=yesterday&days=99", "application/x-www-form-urlencoded"),
    ("POST", "/menu/", b'{"start_date": ', "application/json"),
    ("POST", "/menu/", b"[]", "application/json"),
    ("POST", f"/menu/{uuid.UUID(int=1)}/delete", b"", "application/x-www-form-urlencoded"),
    ("GET", f"/menu/{uuid.UUID(int=1)}", b"", ""),
    ("GET", "/menu/no-id", b"", ""),
    ("DELETE", "/preferences", b"", ""),
    ("GET", "/nowhere", b"", ""),
)


class Person(threading.Thread):
    """A person who does one thing after another until told to stop, and records every promise in the ledger."""

    def __init__(self, address: tuple[str, int], ledger: Ledger, seed: str, stop: threading.Event) -> None:
        super().__init__(name=f"person {seed}")
        self._address, self._ledger, self._stop_asked = address, ledger, stop
        self._rng = random.Random(seed)
        self._account = Account("-")
        self._browser = Remote(address, "-")
        self._lock = threading.Lock()
        self.requests = Requests()
        self.error: BaseException | None = None

    def run(self) -> None:
        """Make an account, then act."""
        actions, weights = zip(*ACTIONS.items(), strict=True)
        try:
            while not self._stop_asked.is_set():
                if Outcome.KEPT not in self._account.registrations:
                    self.register()
                else:
                    self._rng.choices(actions, weights)[0](self)
                self._stop_asked.wait(self._rng.uniform(0.0, 0.05))
        except BaseException as error:
            self.error = error

    # How a request is made ----------------------------------------------------------------------------------------

    def _send(
        self, browser: Remote, label: str, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> tuple[Outcome, Answer | None]:
        """Send it and note how it ended; no answer is one of the ways."""
        began, answer = time.monotonic(), None
        with suppress(OSError, http.client.HTTPException, AssertionError):  # the last: a page without a token
            answer = browser.request(method, path, body, headers)
        outcome, now = outcome_of(answer), time.monotonic()
        status = str(answer.status) if answer else "none"
        with self._lock:
            self.requests.note(label, status, outcome, now - began, now)
        if outcome is Outcome.FAILED:
            self._ledger.wrong(f"{method} {path} answered {status}")
        return outcome, answer

    def _form(self, browser: Remote, label: str, path: str, **fields: str) -> tuple[Outcome, Answer | None]:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send(browser, label, "POST", path, form, urlencode(fields).encode())

    def _json(self, browser: Remote, label: str, path: str, body: object) -> tuple[Outcome, Answer | None]:
        as_json = {"Content-Type": "application/json", **JSON}
        return self._send(browser, label, "POST", path, as_json, json.dumps(body).encode())

    def _twin(self) -> Remote:
        """Return another window of the same browser."""
        twin = Remote(self._address, self._account.email)
        twin.cookies = dict(self._browser.cookies)
        return twin

    @staticmethod
    def _at_once(*calls: Callable[[], Any]) -> list[Any]:
        with ThreadPoolExecutor(len(calls)) as threads:
            return [call.result() for call in [threads.submit(call) for call in calls]]

    # What people do -----------------------------------------------------------------------------------------------

    def register(self) -> None:
        """Make a new account and continue with it; sometimes it is asked for twice at the same moment."""
        account = self._ledger.new_account()
        browser = Remote(self._address, account.email)
        rivals = [browser] + [Remote(self._address, account.email)] * (self._rng.random() < 0.3)
        form = {"email": account.email, "password": PASSWORD}

        def ask(one: Remote) -> Outcome:
            outcome, _ = self._form(one, "POST /auth/register", "/auth/register", **form)
            account.registrations.append(outcome)
            return outcome

        outcomes = self._at_once(*(partial(ask, one) for one in rivals))
        if not at_most_one(outcomes):
            self._ledger.wrong(f"two registrations of {account.email} were welcomed")
        if Outcome.KEPT in outcomes:
            self._account, self._browser = account, rivals[outcomes.index(Outcome.KEPT)]
            self._browser._token = None  # signing in begins a new session

    def sign_in(self) -> None:
        """Sign in again."""
        browser = Remote(self._address, self._account.email)
        outcome, answer = self._form(
            browser, "POST /auth/login", "/auth/login", email=self._account.email, password=PASSWORD
        )
        if outcome is Outcome.KEPT:
            browser._token = None
            self._browser = browser
        elif outcome is Outcome.REFUSED and answer is not None and answer.status != 429:
            self._ledger.wrong(f"{self._account.email} could not sign in: {answer.status}")

    def read(self) -> None:
        """Open a page."""
        path = self._rng.choice(PAGES)
        self._send(self._browser, f"GET {path}", "GET", path, self._rng.choice([{}, JSON]))

    def read_menu(self) -> None:
        """Open a menu, and a dish of it."""
        if (menu := self._some_menu()) is None:
            return
        self._send(self._browser, "GET /menu/<id>", "GET", f"/menu/{menu}", {})
        outcome, answer = self._send(self._browser, "GET /menu/<id> as JSON", "GET", f"/menu/{menu}", JSON)
        if outcome is Outcome.KEPT and answer is not None and (days := _body(answer).get("days")):
            dish = self._rng.choice(days[0]["meals"])["recipe"]["id"]
            self._send(self._browser, "GET /recipes/<id>", "GET", f"/recipes/{dish}", {})

    def watch_menu(self) -> None:
        """Look at the progress of a menu."""
        if (menu := self._some_menu()) is not None:
            self._send(self._browser, "GET /menu/<id>/progress", "GET", f"/menu/{menu}/progress", JSON)

    def save(self) -> None:
        """Save preferences, and read them back; sometimes two windows save over the same version at once."""
        outcome, answer = self._send(self._browser, "GET /preferences", "GET", "/preferences", JSON)
        if outcome is not Outcome.KEPT or answer is None or "version" not in _body(answer):
            return
        stored = _body(answer)
        windows = [self._browser] + [self._twin()] * (self._rng.random() < 0.3)
        kcal = self._rng.randint(1500, 2800)

        def save(window: Remote) -> Save:
            mark = self._ledger.mark()
            body = {**stored, "calorie_goal": kcal, "disliked_ingredients": [mark]}
            outcome, answer = self._json(window, "POST /preferences", "/preferences", body)
            told = _body(answer).get("version") if outcome is Outcome.KEPT and answer is not None else None
            saved = Save(mark, outcome, told)
            self._account.saves.append(saved)
            return saved

        saves = self._at_once(*(partial(save, window) for window in windows))
        if not at_most_one(saved.outcome for saved in saves):
            self._ledger.wrong(f"two saves over version {stored['version']} of {self._account.email} were accepted")
        for saved in saves:
            if saved.outcome is Outcome.KEPT:
                self._read_back(saved)

    def _read_back(self, saved: Save) -> None:
        outcome, answer = self._send(self._browser, "GET /preferences", "GET", "/preferences", JSON)
        if outcome is Outcome.KEPT and answer is not None and "version" in _body(answer):
            found = _body(answer)
            later = found["version"] > (saved.version or 0)
            if not later and (found["version"], found["disliked_ingredients"]) != (saved.version, [saved.mark]):
                self._ledger.wrong(f"{self._account.email} saved {saved} and read {found}")

    def ask(self) -> None:
        """Ask for a menu; sometimes send the form twice."""
        key = str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
        days = str(self._rng.choice((1, 1, 2)))
        wish = {"start_date": "2026-11-23", "days": days, "overlap": "after", "idempotency_key": key}
        windows = [self._browser] + [self._twin()] * (self._rng.random() < 0.3)

        def ask(window: Remote) -> None:
            outcome, answer = self._form(window, "POST /menu/", "/menu/", **wish)
            led = answer.headers.get("Location", "") if answer is not None else ""
            found = re.fullmatch(r"/menu/([0-9a-f-]{36})", led)
            asked = Ask(key, outcome, found[1] if found else None)
            if outcome is Outcome.KEPT and found is None:
                asked.outcome = Outcome.REFUSED  # led to the sign-in
            self._account.asks.append(asked)

        self._at_once(*(partial(ask, window) for window in windows))

    def cancel(self) -> None:
        """Stop the newest menu."""
        self._end("cancel", self._account.cancels)

    def delete(self) -> None:
        """Delete a menu."""
        self._end("delete", self._account.deletes)

    def _end(self, how: str, kept: list[tuple[str, Outcome]]) -> None:
        if (menu := self._some_menu()) is not None:
            outcome, answer = self._form(self._browser, f"POST /menu/<id>/{how}", f"/menu/{menu}/{how}")
            if outcome is Outcome.KEPT and answer is not None and "/auth/login" in answer.headers.get("Location", ""):
                outcome = Outcome.REFUSED
            kept.append((menu, outcome))

    def err(self) -> None:
        """Send something unusable; it must be refused, whatever else happens."""
        method, path, body, kind = self._rng.choice(NONSENSE)
        outcome, answer = self._send(
            self._browser, "nonsense", method, path, {"Content-Type": kind or "text/plain"}, body or None
        )
        if outcome is Outcome.KEPT and answer is not None and answer.status == 200:
            self._ledger.wrong(f"{method} {path} {body!r} was accepted")

    def guess(self) -> None:
        """Type the wrong password."""
        browser = Remote(self._address, self._account.email)
        outcome, _ = self._form(
            browser, "POST /auth/login, wrong", "/auth/login", email=self._account.email, password="not the one"
        )
        if outcome is Outcome.KEPT:
            self._ledger.wrong(f"{self._account.email} signed in with a wrong password")

    def hang_up(self) -> None:
        """Close the window in the middle, so that the outcome is unknown."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        key = str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
        body = urlencode({"start_date": "2026-11-23", "days": "1", "idempotency_key": key}).encode()
        with suppress(OSError, http.client.HTTPException, AssertionError):
            dressed = self._browser._dressed("POST", form)
            self._account.asks.append(Ask(key, Outcome.UNKNOWN))
            connection = http.client.HTTPConnection(*self._address, timeout=PATIENCE)
            connection.request("POST", "/menu/", body, dressed)
            if self._rng.random() < 0.5 and connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _some_menu(self) -> str | None:
        known = self._account.menus() - {menu for menu, outcome in self._account.deletes if outcome is Outcome.KEPT}
        return self._rng.choice(sorted(known)) if known else None


ACTIONS: Mapping[Callable[[Person], None], float] = {
    Person.read: 30,
    Person.read_menu: 20,
    Person.watch_menu: 15,
    Person.save: 15,
    Person.ask: 6,
    Person.cancel: 2,
    Person.delete: 2,
    Person.err: 8,
    Person.hang_up: 3,
    Person.guess: 1,
    Person.sign_in: 2,
    Person.register: 2,
}
"""What people do -> how often, of a hundred or so."""


def _body(answer: Answer) -> dict[str, Any]:
    """Return the JSON object of an answer; empty for a page."""
    with suppress(ValueError):
        found = json.loads(answer.text)
        return found if isinstance(found, dict) else {}
    return {}
