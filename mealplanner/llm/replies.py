"""What comes back from one request, and what it is judged to be. Plain values."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from mealplanner.llm.outcomes import Outcome, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A server's reply, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By names in lower case."""
    body: bytes
    whole: bool = True
    """False: there was more of it than we read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """There is no reply: no way to the server, or the connection ended before the reply did."""

    why: str
    untrusted: bool = False
    """The server could not show a certificate that is believed."""


class Step(enum.Enum):
    """Why the next rung may do better."""

    REFUSED = "the server does not take this form of question"
    UNREADABLE = "the model did not keep to the form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How the call ends, unless there is a rung below and a reason to try it."""

    outcome: Outcome
    """With nothing in it but what the reply says; whoever asked knows the rest."""
    step: Step | None = None
    received: str = ""
    made: bool = True
    """Whether the server made anything, and may charge for it."""
    usage: Usage | None = None
    """What it says that it used, if it does."""
