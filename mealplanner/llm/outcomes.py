"""What is asked of a model, and the eight ways in which a call can end: plain values that know no library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Kind = Literal["ok", "retry_later", "transient", "bad_output", "refused", "truncated", "config", "deadline"]
Purpose = Literal["ideas", "dish", "repair"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One question: everything that leaves the machine, except for the key and the schema's framing."""

    purpose: Purpose
    system: str
    user: str
    schema_name: str
    """At most 64 letters, digits, `_` and `-`."""
    schema: Mapping[str, Any]
    """A JSON schema in the subset that strict mode takes: no minLength, maxLength, patternProperties, uniqueItems or
    oneOf, no anyOf at the root; every property required, no additional ones."""
    most_tokens: int
    """The longest answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one call used, in tokens as the server counts them, and cost, in the operator's currency."""

    tokens_in: int
    tokens_out: int
    cost: float
    estimated: bool = False
    """Whether the figures are estimated from the length of the texts, rather too high, as the server sent none."""

    @property
    def tokens(self) -> int:
        """Sent and received."""
        return self.tokens_in + self.tokens_out

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            cost=self.cost + other.cost,
            estimated=self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a call ended. `sent` and `received` hold no key, whatever the server echoes."""

    kind: ClassVar[Kind]
    sent: str = ""
    """The text of the last request, word for word; empty if none was made."""
    received: str = ""
    """What the model said, cut after 50,000 characters and fit for a database; empty if the reply held nothing from the
    model. An error is none: it may name the server, and people see this text."""
    usage: Usage | None = None
    """Of all requests of this call together; None if no server can have counted anything."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ok(Outcome):
    """The answer holds a JSON object with something that was asked for.

    Not every server enforces the schema: the reader of the object checks the rest.
    """

    kind = "ok"
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(Outcome):
    """There is no answer to use.

    `why` tells the operator what happened: it is for the log, and may name what a page must not. Each kind of failure
    has its own `cause`s, which pages explain in words of our own.
    """

    why: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLater(Failure):
    """The server answers, but asks to come back later; it generated nothing."""

    kind = "retry_later"
    cause: Literal["busy", "loading"] = "busy"
    after: float
    """Seconds that the server asks to wait, or a guess; from a second to an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transient(Failure):
    """The server or the connection to it is broken at the moment; the same question may work soon."""

    kind = "transient"
    cause: Literal["unreachable", "broken_off", "server_error", "unavailable"] = "server_error"
    after: float | None = None
    """Seconds that the server asks to wait, if it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadOutput(Failure):
    """A reply arrived that holds no usable answer."""

    kind = "bad_output"
    cause: Literal["empty", "unreadable", "unexpected", "rejected"] = "unreadable"
    """`unexpected`: JSON, but with nothing in it that was asked for. `rejected`: an error for this question alone, from
    a server that has answered others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Failure):
    """The model declines to answer this question, or a content filter withholds the question or the answer."""

    kind = "refused"
    cause: Literal["declined", "withheld"] = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncated(Failure):
    """The answer is longer than `Call.most_tokens`, or than the model can generate."""

    kind = "truncated"
    cause: Literal["cut_off"] = "cut_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigProblem(Failure):
    """No call will work until the operator acts.

    `remedy` tells the operator how, in a sentence that names variables and addresses: it is for the log, never for a
    page.
    """

    kind = "config"
    cause: Literal[
        "key", "permission", "credit", "model", "address", "certificate", "context", "limit_field", "incompatible"
    ]
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineExceeded(Failure):
    """The deadline passed. The server may have answered, and may charge for it, unless it was never asked."""

    kind = "deadline"
    cause: Literal["too_slow", "crowded"] = "too_slow"
    """`crowded`: other calls took all slots until then."""


class Stopped(Exception):
    """The caller does not want the answer any more, so the call was broken off.

    `usage` is an estimate of what it may have used; None if nothing was sent.
    """

    usage: Usage | None = None


Ask = Callable[[Call], Outcome]
"""How the rest of this package asks: the client's `ask`, or a function in a test."""
