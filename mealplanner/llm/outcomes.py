"""What is asked of a model, and the eight ways in which a call can end. Plain values; no library is known here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Kind = Literal["ok", "retry_later", "transient", "bad_output", "refused", "truncated", "config", "deadline"]
Purpose = Literal["ideas", "dish", "repair"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One question. Everything that leaves the machine is in it."""

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
    """The server answered without figures: these are reckoned from the length of the texts, and rather too high."""

    @property
    def tokens(self) -> int:
        """Both ways."""
        return self.tokens_in + self.tokens_out

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
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
    """What the last request said, word for word; empty if none was made."""
    received: str = ""
    """What the model said or, where it did not come to that, the body of the reply; empty if there was none. Text that
    a database takes, cut after 50,000 characters."""
    usage: Usage | None = None
    """All requests of this call together; None if no server can have counted anything."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ok(Outcome):
    """The answer is JSON. Whether it follows the schema is for the reader to check: not every server enforces it."""

    kind = "ok"
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(Outcome):
    """There is no answer to use. `why` is a sentence for the operator's log: what happened."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLater(Failure):
    """The server has too much to do and says so; nothing was made."""

    kind = "retry_later"
    after: float
    """Seconds that the server asks to wait, or a guess; from a second to an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transient(Failure):
    """The server or the way to it is broken at the moment; the same question may work soon."""

    kind = "transient"
    after: float | None = None
    """Seconds that the server asks to wait, if it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadOutput(Failure):
    """Something came back that cannot be read."""

    kind = "bad_output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Failure):
    """The model, or a filter before or behind it, does not want to answer this question."""

    kind = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncated(Failure):
    """The answer is longer than `Call.most_tokens`, or than the model can say."""

    kind = "truncated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigProblem(Failure):
    """No call will work until the operator does something: `remedy` says what, in a sentence."""

    kind = "config"
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineExceeded(Failure):
    """The time for a call was over; the server may have worked for nothing, and may charge for it."""

    kind = "deadline"


class Stopped(Exception):
    """Whoever asked does not want the answer any more; the call was broken off.

    `usage` is what it may have cost, estimated; None if nothing was sent.
    """

    usage: Usage | None = None


Ask = Callable[[Call], Outcome]
"""How the rest of this room asks: the client's `ask`, or a function in a test."""
