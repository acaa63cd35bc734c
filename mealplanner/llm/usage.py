"""What a request used: as its reply says, or reckoned from the length of the texts. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final, TypeGuard

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.outcomes import Call, Usage

BYTES_PER_TOKEN: Final = 3
"""Rather low, so that an estimate is rather high: English has about four."""
FRAME_TOKENS: Final = 100
"""For what stands around a question: roles, names, and the words that introduce a schema."""
_MOST: Final = 10_000_000
"""A figure beyond this is nonsense."""


def told_usage(reply: Mapping[str, Any], server: ModelServer) -> Usage | None:
    """What a reply says; None where it says nothing that can be true."""
    told = reply.get("usage")
    if not isinstance(told, Mapping):
        return None
    tokens_in, tokens_out = told.get("prompt_tokens"), told.get("completion_tokens")
    if not _plausible(tokens_in) or not _plausible(tokens_out):
        return None
    return _priced(tokens_in, tokens_out, server, estimated=False)


def estimated_usage(sent: str, received: str | None, call: Call, server: ModelServer) -> Usage:
    """Reckoned from what was sent and received; where nobody knows what was made (None), as much as was allowed."""
    tokens_out = call.most_tokens if received is None else min(tokens_of(received), call.most_tokens)
    return _priced(tokens_of(sent), tokens_out, server, estimated=True)


def most_tokens(call: Call) -> int:
    """The most that one request of `call` may use, both ways: what to set aside before it.

    A server that knows only a lower rung of the ladder is asked up to three times by the first call of a process, and
    may charge for the answers that could not be read.
    """
    parts = (call.system, call.user, json.dumps(call.schema, ensure_ascii=False))
    return sum(map(tokens_of, parts)) + FRAME_TOKENS + call.most_tokens


def tokens_of(text: str) -> int:
    """An estimate, rather too high."""
    return math.ceil(len(text.encode(errors="replace")) / BYTES_PER_TOKEN)


def _plausible(figure: object) -> TypeGuard[int]:
    return isinstance(figure, int) and not isinstance(figure, bool) and 0 <= figure <= _MOST


def _priced(tokens_in: int, tokens_out: int, server: ModelServer, *, estimated: bool) -> Usage:
    cost = (tokens_in * server.price_in + tokens_out * server.price_out) / 1_000_000
    return Usage(tokens_in=tokens_in, tokens_out=tokens_out, cost=cost, estimated=estimated)
