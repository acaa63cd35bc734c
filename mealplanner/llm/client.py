"""Ask a model: one call, one outcome, whatever the server does, and within a deadline.

    outcome = model_client(config.model).ask(call, interrupted=lambda: context.interruption() is not None)

The client never repeats a question that failed: retries after `RetryLater` and `Transient` belong to the job queue.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from weakref import WeakSet

from mealplanner.client import utc_now
from mealplanner.config.model_server import ModelServer
from mealplanner.db import in_transaction
from mealplanner.db.errors import TransactionOpen
from mealplanner.llm.deadline import Deadline, OutOfTime
from mealplanner.llm.interpretation import interpret
from mealplanner.llm.outcomes import Call, ConfigProblem, DeadlineExceeded, Failure, Ok, Outcome, Stopped, Usage
from mealplanner.llm.redaction import kept_text, without_address, without_key
from mealplanner.llm.replies import Broken, Interpretation, Reply
from mealplanner.llm.request_forms import Form, KnownForms, request_of, sent_text
from mealplanner.llm.server_errors import broken_outcome
from mealplanner.llm.usage import estimated_usage
from mealplanner.telemetry import metrics

if TYPE_CHECKING:
    from mealplanner.llm.transport import Exchange, Transport

log = logging.getLogger(__name__)


def never() -> bool:
    """Tell a call not to stop."""
    return False


class ModelClient:
    """A client of one server. Threads may share it; after a fork it starts afresh in the child."""

    def __init__(
        self,
        server: ModelServer,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._server, self._clock, self._now = server, clock, now
        self._forms = KnownForms()
        self._transport: Transport | None = None
        self._start_afresh()
        _clients.add(self)

    def ask(self, call: Call, *, interrupted: Callable[[], bool] = never) -> Outcome:
        """Ask, and wait for the answer for at most `server.deadline` seconds, including the wait for a free slot.

        Raise `TransactionOpen` before anything is sent if the running code is in a transaction, and `Stopped` soon
        after `interrupted()` returns True; the connection is closed then. Nothing that the server does is an exception.
        """
        if in_transaction():
            raise TransactionOpen("Do not ask a model inside a transaction: end the unit of work, or release() it.")
        asking = _Asking(call, self._server, Deadline(self._server.deadline, interrupted, self._clock))
        try:
            outcome = asking.completed(self._answered(asking))
        except OutOfTime as error:
            cause: Literal["too_slow", "crowded"] = "too_slow" if asking.sent else "crowded"
            outcome = asking.completed(DeadlineExceeded(why=str(error), cause=cause))
        except Stopped as stopped:
            stopped.usage = asking.usage
            asking.report("stopped")
            raise
        asking.report(outcome.kind, outcome)
        return outcome

    def _answered(self, asking: _Asking) -> Outcome:
        """Ask in one form after the other until one brings an answer or no other would help."""
        form: Form | None = self._forms.best()
        with self._turn(asking.deadline):
            while form is not None:
                found = self._interpretation(asking, form)
                if isinstance(found.outcome, Ok):
                    self._forms.works(form)
                form = self._forms.after(form, found.problem)
        return found.outcome

    def _interpretation(self, asking: _Asking, form: Form) -> Interpretation:
        request = request_of(asking.call, form, self._server)
        asking.sent = sent_text(request)
        reply = asking.wait_for(self._connected().begin(request, seconds=asking.deadline.left()))
        if isinstance(reply, Broken):
            return Interpretation(outcome=broken_outcome(reply, self._server))
        worked, schema = self._forms.any_worked, asking.call.schema
        found = interpret(reply, form, schema=schema, server=self._server, worked=worked, now=self._now())
        asking.take(found, reply)
        return found

    @contextmanager
    def _turn(self, deadline: Deadline) -> Iterator[None]:
        """Hold one of the slots for calls that this process may have in flight."""
        slots = self._slots
        deadline.until(lambda seconds: slots.acquire(timeout=seconds), doing="waiting for other calls to end")
        try:
            with metrics.MODEL_IN_FLIGHT.track_inprogress():
                yield
        finally:
            slots.release()

    def _connected(self) -> Transport:
        with self._lock:
            if self._transport is None:
                from mealplanner.llm.transport import Transport  # takes a second and 50 MB, so only when it is needed

                self._transport = Transport(self._server)
            return self._transport

    def _start_afresh(self) -> None:
        self._slots = threading.BoundedSemaphore(self._server.in_flight)
        self._lock = threading.Lock()
        self._transport = None

    def after_fork(self) -> None:
        """Use nothing of the parent's again in a forked child, least of all its locks."""
        if self._transport is not None:
            self._transport.leave_to_the_parent()
            _left.append(self._transport)
        self._start_afresh()


class _Asking:
    """One call in progress: what was sent last, what came back, and what was used so far."""

    def __init__(self, call: Call, server: ModelServer, deadline: Deadline) -> None:
        self.call, self.deadline = call, deadline
        self._server = server
        self.sent = self.received = ""
        self.usage: Usage | None = None

    def wait_for(self, exchange: Exchange) -> Reply | Broken:
        """Return what comes of a request. Break it off if it is not waited for any longer."""
        try:
            self.deadline.until(exchange.done.wait, doing="waiting for the answer")
        except BaseException:
            exchange.break_off()
            self._count_in_full(exchange)
            raise
        result = exchange.result()
        if isinstance(result, Broken):
            self._count_in_full(exchange)
        return result

    def take(self, found: Interpretation, reply: Reply) -> None:
        """Keep what the model said, and count what the reply used."""
        self.received = found.received
        if found.generated:
            text = found.received or reply.body.decode(errors="replace")
            self._add(found.usage or estimated_usage(self.sent, text, self.call, self._server))

    def _count_in_full(self, exchange: Exchange) -> None:
        """Count the longest answer if the server has the question: it may have generated one, and may charge for it."""
        if exchange.sending:
            self._add(estimated_usage(self.sent, None, self.call, self._server))

    def _add(self, usage: Usage) -> None:
        self.usage = usage if self.usage is None else self.usage + usage

    def completed(self, outcome: Outcome) -> Outcome:
        """Return `outcome` with all that is known about the call, and without what must not be kept."""
        key, url = self._server.api_key, self._server.base_url
        told = {field.name: without_key(getattr(outcome, field.name), key) for field in fields(outcome)}
        known = {
            "sent": kept_text(without_key(self.sent, key)),
            "received": kept_text(without_address(without_key(self.received, key), url)),
            "usage": self.usage,
            "seconds": self.deadline.spent(),
        }
        return type(outcome)(**(told | known))

    def report(self, how: str, outcome: Outcome | None = None) -> None:
        """Count the call for Prometheus and, if it brought no answer, log why."""
        purpose = self.call.purpose
        metrics.MODEL_CALLS.labels(purpose, how).inc()
        metrics.MODEL_SECONDS.labels(purpose).observe(self.deadline.spent())
        if self.usage is not None:
            metrics.MODEL_TOKENS.labels(purpose, "in").inc(self.usage.tokens_in)
            metrics.MODEL_TOKENS.labels(purpose, "out").inc(self.usage.tokens_out)
        if isinstance(outcome, ConfigProblem):
            log.error("a model call (%s) cannot work: %s. %s", purpose, outcome.why, outcome.remedy)
        elif isinstance(outcome, Failure):
            log.warning("a model call (%s) ended %s after %.1f s: %s", purpose, how, outcome.seconds, outcome.why)


def model_client(server: ModelServer) -> ModelClient:
    """Return this process's client for `server`: one, so that limits hold and known forms are remembered."""
    return _by_server.setdefault(server, ModelClient(server))


_by_server: dict[ModelServer, ModelClient] = {}
_clients: WeakSet[ModelClient] = WeakSet()
_left: list[Transport] = []
"""Kept, because garbage collection would close their connections."""


def _leave_to_the_parent() -> None:
    for client in _clients:
        client.after_fork()


os.register_at_fork(after_in_child=_leave_to_the_parent)
