"""What holds when several have ticked."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from mealplanner.shopping.ticks import marks_of_foods
from mealplanner.shopping.values import Mark
from tests.shopping.meals import WEEK, tick


def mark(ticks: Any) -> Mark:
    return marks_of_foods(ticks)["onion"][WEEK]


def test_a_tick_says_what_was_bought() -> None:
    one = tick("onion", 400)
    assert mark([one]) == Mark(state="bought", grams=400, ticks=(one.id,))


def test_two_phones_at_once_buy_once() -> None:
    """Both saw the same open row."""
    assert mark([tick("onion", 400), tick("onion", 400)]).grams == 400


def test_more_that_is_bought_later_is_a_new_total() -> None:
    """Also when two phones do it at once."""
    first = tick("onion", 400)
    assert mark([first, tick("onion", 650, replaces=[first]), tick("onion", 650, replaces=[first])]).grams == 650


def test_a_tick_that_is_taken_back_is_gone() -> None:
    first = tick("onion", 400)
    taken_back = mark([first, tick("onion", state="open", replaces=[first])])
    assert (taken_back.state, taken_back.grams) == ("open", 0)


def test_taking_back_spares_a_tick_that_was_not_seen() -> None:
    """One phone ticks while the other one takes back what it saw."""
    first = tick("onion", 400)
    both = [first, tick("onion", state="open", replaces=[first]), tick("onion", 500, replaces=[first])]
    assert (mark(both).state, mark(both).grams) == ("bought", 500)


@pytest.mark.parametrize(
    ("states", "holds"),
    [
        (("bought", "later"), "bought"),
        (("elsewhere", "later"), "elsewhere"),
        (("later", "open"), "later"),
        (("bought", "elsewhere"), "bought"),
    ],
)
def test_what_is_bought_wins_over_what_is_not(states: tuple[str, str], holds: str) -> None:
    ticks = [tick("onion", 400 if state in ("bought", "elsewhere") else 0, state=state) for state in states]
    assert mark(ticks).state == mark(ticks[::-1]).state == holds


def test_the_order_in_which_ticks_come_does_not_matter() -> None:
    """Nor does how often: of every permutation of a history the outcome is the same."""
    rng = random.Random(1)
    for _ in range(20):
        history: list[Any] = []
        for _number in range(5):
            state = rng.choice(["bought", "elsewhere", "later", "open"])
            grams = rng.choice([100, 200]) if state in ("bought", "elsewhere") else 0
            history.append(
                tick("onion", grams, state=state, replaces=rng.sample(history, rng.randint(0, len(history))))
            )
        assert len({mark(order) for order in itertools.permutations(history)}) == 1
