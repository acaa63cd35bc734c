"""What comes back from one request, and how it is interpreted: plain values."""

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
    """False if there was more of it than we read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """There is no reply: no connection to the server, or it ended before the reply did."""

    why: str
    connected: bool = False
    """Whether the question may have reached the server."""
    untrusted: bool = False
    """Whether the server's certificate is not trusted."""


class FormProblem(enum.Enum):
    """Why another form of the same question may do better."""

    SYSTEM_ROLE = "the model knows no message of the system"
    FORMAT_REFUSED = "the server does not take this response format"
    FORMAT_IGNORED = "the answer could not be read, as if the response format was ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """How the call ends, unless there is another form to try."""

    outcome: Outcome
    """With nothing in it but what the reply says; the client adds the rest."""
    problem: FormProblem | None = None
    received: str = ""
    """What the model said; nothing of an error or a web page, which people need not see."""
    generated: bool = True
    """Whether the server generated anything, and may charge for it."""
    usage: Usage | None = None
    """What the reply says was used, if it does."""
