"""The policy as a table."""

from __future__ import annotations

import pytest

from mealplanner.web.policy import Decision, decide

COMMIT, ROLL_BACK = Decision.COMMIT, Decision.ROLL_BACK


@pytest.mark.parametrize(
    ("status", "doomed", "decision"),
    [
        (200, False, COMMIT),
        (201, False, COMMIT),
        (303, False, COMMIT),
        (399, False, COMMIT),
        (400, False, ROLL_BACK),
        (422, False, ROLL_BACK),
        (500, False, ROLL_BACK),
        (None, False, ROLL_BACK),
        (303, True, ROLL_BACK),
    ],
)
def test_what_becomes_of_a_transaction(status: int | None, doomed: bool, decision: Decision) -> None:
    """The status (None: raised) and a doom decide, and nothing else."""
    assert decide(status, doomed=doomed) is decision
