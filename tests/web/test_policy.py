"""The policy as a table."""

from __future__ import annotations

import pytest

from mealplanner.web.policy import Decision, decide

COMMIT, ROLL_BACK, REFUSE = Decision.COMMIT, Decision.ROLL_BACK, Decision.REFUSE_WRITE


@pytest.mark.parametrize(
    ("method", "status", "doomed", "has_writes", "decision"),
    [
        ("POST", 200, False, True, COMMIT),
        ("POST", 201, False, True, COMMIT),
        ("POST", 303, False, True, COMMIT),
        ("PUT", 399, False, True, COMMIT),
        ("POST", 400, False, True, ROLL_BACK),
        ("POST", 422, False, True, ROLL_BACK),
        ("POST", 500, False, True, ROLL_BACK),
        ("POST", None, False, True, ROLL_BACK),
        ("POST", 303, True, True, ROLL_BACK),
        ("GET", 200, False, False, COMMIT),
        ("GET", 200, False, True, REFUSE),
        ("HEAD", 200, False, True, REFUSE),
        ("OPTIONS", 204, False, True, REFUSE),
        ("GET", 404, False, True, ROLL_BACK),
        ("GET", None, False, False, ROLL_BACK),
    ],
)
def test_what_becomes_of_a_transaction(
    method: str, status: int | None, doomed: bool, has_writes: bool, decision: Decision
) -> None:
    """Method, status (None: raised), doom and writes decide, and nothing else."""
    assert decide(method, status, doomed=doomed, has_writes=has_writes) is decision
