"""Asking the model within the budgets: what a call may use is set aside before it, and settled after, come what may."""

from __future__ import annotations

import datetime
import functools
import uuid
from collections.abc import Callable

from mealplanner.client import utc_now
from mealplanner.config.model_server import ModelServer
from mealplanner.errors import NotFound
from mealplanner.jobs.tasks import JobContext
from mealplanner.llm.circuit import circuit
from mealplanner.llm.client import model_client
from mealplanner.llm.outcomes import Call, Outcome
from mealplanner.llm.usage import most_tokens
from mealplanner.menu.generation.claims import Order, Superseded
from mealplanner.spending import services as spending
from mealplanner.spending.values import limits_of


class PaidAsk:
    """Asks `server` for one menu. What a call that was broken off has used nobody knows: all that it may have counts.

    Raises `BudgetSpent`, `CircuitOpen` and, when the menu was deleted, `Superseded` instead of asking, and `Stopped`
    when the job is to end.
    """

    def __init__(
        self,
        context: JobContext,
        order: Order,
        server: ModelServer,
        clock: Callable[[], datetime.datetime] = utc_now,
    ) -> None:
        self._context = context
        self._order = order
        self._client, self._circuit = model_client(server), circuit(server)
        self._limits = limits_of(server)
        self._clock = clock

    def __call__(self, call: Call) -> Outcome:
        """How the call ended."""
        return self._circuit.through(self._paid, call)

    def _paid(self, call: Call) -> Outcome:
        call_id = self._reserve(call)
        outcome: Outcome | None = None
        try:
            outcome = self._client.ask(call, interrupted=lambda: self._context.interruption() is not None)
            return outcome
        finally:
            self._settle(call_id, outcome)

    def _reserve(self, call: Call) -> uuid.UUID:
        reserve = functools.partial(
            spending.reserve,
            user_id=self._order.user_id,
            menu_id=self._order.menu_id,
            call=call,
            tokens=most_tokens(call),
            limits=self._limits,
            now=self._clock(),
        )
        try:
            return self._context.database.run(reserve)
        except NotFound:
            raise Superseded from None

    def _settle(self, call_id: uuid.UUID, outcome: Outcome | None) -> None:
        settle = functools.partial(spending.settle, call_id=call_id, outcome=outcome, now=self._clock())
        self._context.database.run(settle)
