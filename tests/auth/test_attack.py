"""Eight attackers at once, for a bounded while: wrong and right passwords, registrations and resets of one address.

Everything that they count, make and are told is looked at afterwards: nothing is lost, doubled, leaked or broken.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from mealplanner import create_app
from mealplanner.client import utc_now
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.post import Post
from tests.visitor import PASSWORD, Visitor
from tests.waiting import PATIENCE

ATTACKERS, ATTEMPTS = 8, 24
EACH = ATTEMPTS // 4
"""How often every attacker does each of four things."""

VICTIM, FORGETFUL, WANTED = "victim@example.org", "forgetful@example.org", "wanted@example.org"
WRONG, CHOSEN = "not what it was", "chosen by an attacker {}"
Rows = Callable[..., list[tuple[Any, ...]]]


class Attacker:
    """One thread with an address of its own; records every answer."""

    def __init__(self, app: Any, number: int) -> None:
        self.visitor = Visitor(app, f"attacker{number}@example.org")
        self.visitor.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        self.number = number
        self.answers: list[tuple[str, int, str]] = []

    def attack(self, start: Barrier, link: str) -> None:
        """Do the same mixture as the others, in another order."""
        acts = {"wrong": self.wrong, "right": self.right, "register": self.register, "forgot": self.forgot}
        plan = list(acts) * EACH
        random.Random(self.number).shuffle(plan)
        start.wait()
        self.note("reset", self.visitor.post(link, {"password": CHOSEN.format(self.number)}))
        for act in plan:
            self.note(act, acts[act]())

    def wrong(self) -> Any:
        """Guess at another person's password."""
        return self.visitor.post("/auth/login", {"email": VICTIM, "password": WRONG})

    def right(self) -> Any:
        """Sign in to the attacker's own account, which should allow no more guesses."""
        return self.visitor.sign_in()

    def register(self) -> Any:
        """Register an address that all of them want."""
        return self.visitor.post("/auth/register", {"email": WANTED, "password": CHOSEN.format(self.number)})

    def forgot(self) -> Any:
        """Ask for a link to another person's mail."""
        return self.visitor.post("/auth/forgot", {"email": FORGETFUL})

    def note(self, act: str, answer: Any) -> None:
        """Record what came back."""
        self.answers.append((act, answer.status_code, answer.text))


def test_an_attack_ends_with_exact_counters_one_account_and_nothing_leaked(
    config: Config, database: Database, post: Post, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    """Every failure counts once, one registration and one reset succeed, and no answer or log line tells more."""
    app = create_app(replace(config, leniency=1000), database, clock=Clock(utc_now()))
    app.testing = False  # as in production: an exception becomes a page with status 500
    attackers = [Attacker(app, number) for number in range(ATTACKERS)]
    owner = Visitor(app, VICTIM)
    for visitor in (owner, Visitor(app, FORGETFUL), *(attacker.visitor for attacker in attackers)):
        visitor.register()
    post.deliver()
    owner.post("/auth/forgot", {"email": FORGETFUL})
    link = post.link()
    start = Barrier(ATTACKERS, timeout=PATIENCE)
    caplog.set_level(logging.DEBUG)
    caplog.clear()

    with ThreadPoolExecutor(ATTACKERS) as pool:
        for done in [pool.submit(attacker.attack, start, link) for attacker in attackers]:
            done.result(PATIENCE)
    answers = [answer for attacker in attackers for answer in attacker.answers]
    statuses = Counter((act, status) for act, status, _ in answers)

    all_attempts = ATTACKERS * EACH
    assert statuses == {
        ("reset", 303): 1, ("reset", 404): ATTACKERS - 1, ("wrong", 401): all_attempts, ("right", 303): all_attempts,
        ("register", 303): 1, ("register", 422): all_attempts - 1, ("forgot", 303): all_attempts,
    }  # fmt: skip

    names = [attacker.visitor.email for attacker in attackers]
    assert rows("SELECT email FROM users ORDER BY email") == [(name,) for name in [*names, FORGETFUL, VICTIM, WANTED]]
    assert rows("SELECT email, failed_logins FROM users WHERE failed_logins > 0") == [(VICTIM, all_attempts)]
    levels = "SELECT action, split_part(key, ':', 1), sum(level) FROM throttles GROUP BY 1, 2 ORDER BY 1, 2"
    assert rows(levels) == [
        ("forgot", "account", all_attempts + 1),
        ("forgot", "address", all_attempts),
        ("login", "account", all_attempts),
        ("login", "address", all_attempts),
        ("register", "address", all_attempts + ATTACKERS),
    ]
    assert rows("SELECT recipient, count(*) FROM mails WHERE kind = 'password-changed' GROUP BY 1") == [(FORGETFUL, 1)]
    assert rows("SELECT count(*) FROM mails WHERE recipient = :wanted", wanted=WANTED) == [(1,)]
    assert len(post.deliver()) == 3  # word of the change, one link to confirm, and of the links to reset the newest
    assert owner.get("/preferences").status_code == 200

    secrets = [WRONG, PASSWORD, link.rsplit("/", 1)[1], *(CHOSEN.format(number) for number in range(ATTACKERS))]
    secrets += [secret for row in rows("SELECT password_hash, session_token::text FROM users") for secret in row]
    told = "\n".join([*(text for _, _, text in answers), *(record.getMessage() for record in caplog.records)])
    assert [secret for secret in secrets if secret in told] == []
    assert "Traceback" not in told
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
