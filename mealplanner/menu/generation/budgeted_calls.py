"""Calls of the model within the budgets: tokens are reserved before each call and settled after it, however it ends."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from functools import partial

from mealplanner.client import utc_now
from mealplanner.config.model_server import ModelServer
from mealplanner.errors import NotFound
from mealplanner.jobs.fence import ClaimLost
from mealplanner.jobs.tasks import JobContext
from mealplanner.llm.circuit import circuit
from mealplanner.llm.client import model_client
from mealplanner.llm.outcomes import Call, Outcome
from mealplanner.llm.usage import most_tokens
from mealplanner.menu.generation.claims import Claim
from mealplanner.spending import services as spending
from mealplanner.spending.values import limits_of


class BudgetedCalls:
    """Calls `server` for one menu. A call that is broken off counts with all the tokens that it could have used."""

    def __init__(
        self,
        context: JobContext,
        claim: Claim,
        server: ModelServer,
        clock: Callable[[], datetime.datetime] = utc_now,
    ) -> None:
        self._context = context
        self._claim = claim
        self._client, self._circuit = model_client(server), circuit(server)
        self._limits = limits_of(server)
        self._clock = clock

    def __call__(self, call: Call) -> Outcome:
        """Return how the call ended.

        Raise `BudgetSpent`, `CircuitOpen` or, when the menu was deleted, `ClaimLost` instead of calling. Raise
        `Stopped` when the job should end.
        """
        return self._circuit.through(self._reserve_and_call, call)

    def _reserve_and_call(self, call: Call) -> Outcome:
        call_id = self._reserve(call)
        outcome: Outcome | None = None
        try:
            outcome = self._client.ask(call, interrupted=lambda: self._context.interruption() is not None)
            return outcome
        finally:
            self._settle(call_id, outcome)

    def _reserve(self, call: Call) -> uuid.UUID:
        reserve = partial(
            spending.reserve,
            user_id=self._claim.user_id,
            menu_id=self._claim.menu_id,
            call=call,
            tokens=most_tokens(call),
            limits=self._limits,
            now=self._clock(),
        )
        try:
            return self._context.database.run(reserve)
        except NotFound:
            raise ClaimLost from None

    def _settle(self, call_id: uuid.UUID, outcome: Outcome | None) -> None:
        settle = partial(spending.settle, call_id=call_id, outcome=outcome, now=self._clock())
        self._context.database.run(settle)
