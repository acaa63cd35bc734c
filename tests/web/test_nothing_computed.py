"""No page computes while it holds a connection, whatever the person has stored.

Time would be measured on a machine that may be busy, so what is counted is calls of functions, between one statement
and the next: a thousand of them take about a tenth of a millisecond.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mealplanner.db.watch import TransactionWatch
from tests.preferences.form import FORM
from tests.visitor import Visitor

pytestmark = pytest.mark.sides("pooled")

MOST_CALLS = 8_000
"""Well below a millisecond."""

DISLIKES = "\n".join(f"{word} and {word}s, {word}-like; no {word}" for word in ("olive", "xyzzy", "tree nut", "garlic"))


class Meter:
    """A count of calls while a transaction is open and no statement is running; keeps the most in one stretch."""

    def __init__(self) -> None:
        self.most = 0
        self._calls = 0
        self._counting = False

    def profile(self, _frame: Any, event: str, _argument: Any) -> None:
        """Count a call, as `sys.setprofile` reports it."""
        if self._counting and event in ("call", "c_call"):
            self._calls += 1

    def quiet(self) -> None:
        """Note that a statement has ended."""
        self._calls, self._counting = 0, True

    def busy(self) -> None:
        """Note that a statement begins, or that the transaction ends."""
        self.most = max(self.most, self._calls)
        self._calls, self._counting = 0, False


@contextmanager
def metered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Meter]:
    """Count during the block."""
    meter = Meter()

    def around(name: str, before: Callable[[], None] | None, after: Callable[[], None] | None) -> None:
        original = getattr(TransactionWatch, name)

        def told(self: TransactionWatch, *arguments: Any) -> Any:
            if before is not None:
                before()
            result = original(self, *arguments)
            if after is not None:
                after()
            return result

        monkeypatch.setattr(TransactionWatch, name, told)

    around("before_statement", meter.busy, None)
    around("after_statement", None, meter.quiet)
    around("forget", meter.busy, None)
    sys.setprofile(meter.profile)
    try:
        yield meter
    finally:
        sys.setprofile(None)


PAGES = (
    *("/", "/menu/", "{menu}", "{menu}/numbers", "{menu}/progress", "/preferences", "/auth/account"),
    *("/auth/account/export", "/recipes/", "/recipes/catalogue", "{recipe}", "{recipe}/cook"),
)


@pytest.mark.parametrize("as_json", [False, True], ids=["page", "json"])
def test_no_page_computes_inside_a_transaction(
    person: Visitor, laden: str, monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    """Reading is followed by the end of the transaction, and only then by drawing."""
    menu = person.get(laden, json=True).get_json()
    recipe = f"/recipes/{menu['days'][0]['meals'][0]['recipe']['id']}"
    found: dict[str, int] = {}
    for path in PAGES:
        address = path.format(menu=laden, recipe=recipe)
        person.get(address, json=as_json)  # what is computed once for each process
        with metered(monkeypatch) as meter:
            assert person.get(address, json=as_json).status_code == 200
        found[path] = meter.most
    assert {path: calls for path, calls in found.items() if calls > MOST_CALLS} == {}, found


@pytest.mark.usefixtures("laden")
def test_saving_the_largest_preferences_computes_outside(person: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dislikes are read before the transaction begins or after it has ended."""
    form = {**FORM, "disliked_ingredients": DISLIKES}
    person.post("/preferences", {**form, "version": "0"})
    with metered(monkeypatch) as meter:
        answer = person.post("/preferences", {**form, "version": "1"})
    assert answer.status_code in (303, 409), answer.text
    assert meter.most <= MOST_CALLS
