"""The soak itself, for a few seconds; and that it notices a broken promise."""

from __future__ import annotations

import http.client
from collections.abc import Sequence

import pytest

from mealplanner.errors import OutcomeUnknown, Unavailable
from tests.benchmarks.soak import soak
from tests.benchmarks.soak_faults import GENTLE, Faults
from tests.benchmarks.soak_ledger import Account, Ask, Outcome, Save, at_most_one, outcome_of
from tests.benchmarks.soak_people import Person
from tests.benchmarks.soak_promises import broken_menus, broken_preferences, broken_registration
from tests.faults.remote import Answer

WRITES = {"POST /auth/register", "POST /preferences", "POST /menu/"}

KEPT, REFUSED, BUSY, UNKNOWN = Outcome.KEPT, Outcome.REFUSED, Outcome.BUSY, Outcome.UNKNOWN


def everything_happened(_seconds: float, crowd: Sequence[Person], faults: Faults) -> bool:
    """Return whether every fault has been caused, and every promised thing has been asked for."""
    return faults.done.keys() >= GENTLE.keys() and all(
        any(request in person.requests.seconds for person in crowd) for request in WRITES
    )


@pytest.mark.process
def test_a_short_soak_holds(capsys: pytest.CaptureFixture[str]) -> None:
    """Real traffic, and each of the faults that need no restart: every check passes, and says so."""
    failed = soak(everything_happened, seed=1, people=4, pause=1.0, restarts=False, postgres={"fsync": "off"})
    report = capsys.readouterr().out
    assert failed == [], report
    for words in ("requests in", *GENTLE, "POST /preferences", "  ok      no connection is in use"):
        assert words in report


@pytest.mark.parametrize(
    ("status", "text", "outcome"),
    [
        (303, "", KEPT),
        (422, "", REFUSED),
        (500, "", Outcome.FAILED),
        (503, Unavailable.message, BUSY),
        (503, f"<p>{OutcomeUnknown.message}</p>", UNKNOWN),
    ],
)
def test_an_answer_promises_what_it_says(status: int, text: str, outcome: Outcome) -> None:
    """Of the two kinds of 503, one says that nothing was saved, the other that the outcome is unknown."""
    assert outcome_of(Answer(status, http.client.HTTPMessage(), text)) is outcome


def test_no_answer_promises_nothing() -> None:
    """The process may have died before or after the commit."""
    assert outcome_of(None) is UNKNOWN


@pytest.mark.parametrize(
    ("outcomes", "there", "broken"),
    [
        ([KEPT], True, False),
        ([KEPT], False, True),
        ([REFUSED, KEPT], True, False),
        ([BUSY], True, True),
        ([BUSY], False, False),
        ([UNKNOWN], True, False),
        ([UNKNOWN], False, False),
    ],
)
def test_a_lost_or_a_phantom_account_is_noticed(outcomes: list[Outcome], there: bool, broken: bool) -> None:
    """Where nothing was promised, both are fine."""
    account = Account("eva@example.org", registrations=outcomes)
    assert bool(list(broken_registration(account, there=there))) is broken


@pytest.mark.parametrize(
    ("saves", "version", "mark", "broken"),
    [
        ([Save("a", KEPT, 1)], 1, "a", False),
        ([Save("a", KEPT, 1)], 0, "", True),
        ([Save("a", KEPT, 1), Save("b", KEPT, 2)], 2, "b", False),
        ([Save("a", KEPT, 1), Save("b", KEPT, 2)], 2, "a", True),
        ([Save("a", KEPT, 1), Save("b", KEPT, 2)], 1, "b", True),
        ([Save("a", KEPT, 1), Save("b", UNKNOWN)], 1, "a", False),
        ([Save("a", KEPT, 1), Save("b", UNKNOWN)], 2, "b", False),
        ([Save("a", KEPT, 1), Save("b", BUSY)], 2, "b", True),
        ([Save("a", KEPT, 1), Save("b", REFUSED)], 1, "b", True),
        ([], 0, "", False),
    ],
)
def test_a_lost_or_a_phantom_save_is_noticed(saves: list[Save], version: int, mark: str, broken: bool) -> None:
    """By its version, which counts them, and by its mark, which no other has."""
    account = Account("eva@example.org", saves=saves)
    assert bool(list(broken_preferences(account, version=version, marks=[mark] if mark else []))) is broken


READY = {"key": "k", "status": "ready"}


@pytest.mark.parametrize(
    ("account", "there", "broken"),
    [
        (Account("-", asks=[Ask("k", KEPT, "m")]), {"m": READY}, False),
        (Account("-", asks=[Ask("k", KEPT, "m")]), {}, True),
        (Account("-", asks=[Ask("k", UNKNOWN)]), {"m": READY}, False),
        (Account("-", asks=[Ask("k", UNKNOWN)]), {}, False),
        (Account("-", asks=[Ask("k", BUSY)]), {"m": READY}, True),
        (Account("-", asks=[Ask("k", KEPT, "m")], deletes=[("m", KEPT)]), {}, False),
        (Account("-", asks=[Ask("k", KEPT, "m")], deletes=[("m", KEPT)]), {"m": READY}, True),
        (Account("-", asks=[Ask("k", KEPT, "m")], deletes=[("m", BUSY)]), {}, True),
        (Account("-", asks=[Ask("k", KEPT, "m")], cancels=[("m", KEPT)]), {"m": {**READY, "status": "running"}}, True),
        (Account("-", asks=[Ask("k", KEPT, "m")], cancels=[("m", KEPT)]), {"m": READY}, False),
    ],
)
def test_a_menu_that_is_not_as_promised_is_noticed(
    account: Account, there: dict[str, dict[str, str]], broken: bool
) -> None:
    """Lost, present although deleted, never asked for, or still unfinished."""
    assert bool(list(broken_menus(account, there))) is broken


def test_of_two_rivals_one_may_win() -> None:
    """Or neither."""
    assert at_most_one([KEPT, REFUSED, UNKNOWN])
    assert at_most_one([REFUSED, BUSY])
    assert not at_most_one([KEPT, KEPT])
