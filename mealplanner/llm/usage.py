"""The tokens that a request used: as its reply says, or estimated from the length of the texts. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final, TypeGuard

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.outcomes import Call, Usage

BYTES_PER_TOKEN: Final = 3
"""Low, so that estimates are high: English has about four."""
FRAME_TOKENS: Final = 100
"""For what surrounds a question: roles, names, and the words that introduce a schema."""
_MOST: Final = 10_000_000
"""Figures beyond this are not believed."""


def reported_usage(reply: Mapping[str, Any], server: ModelServer) -> Usage | None:
    """Return the usage that a reply reports, None if it reports none or an impossible one."""
    told = reply.get("usage")
    if not isinstance(told, Mapping):
        return None
    tokens_in, tokens_out = told.get("prompt_tokens"), told.get("completion_tokens")
    if not _plausible(tokens_in) or not _plausible(tokens_out):
        return None
    return _priced(tokens_in, tokens_out, server, estimated=False)


def estimated_usage(sent: str, received: str | None, call: Call, server: ModelServer) -> Usage:
    """Return an estimate for what was sent and `received`; None means unknown, and counts as the longest answer."""
    tokens_out = call.most_tokens if received is None else min(tokens_of(received), call.most_tokens)
    return _priced(tokens_of(sent), tokens_out, server, estimated=True)


def most_tokens(call: Call) -> int:
    """Return the most that one request of `call` can use, sent and received: what to reserve before it.

    The first call of a process makes up to four requests while it finds out which form a server understands, and the
    server may charge for answers that could not be read.
    """
    parts = (call.system, call.user, json.dumps(call.schema, ensure_ascii=False))
    return sum(map(tokens_of, parts)) + FRAME_TOKENS + call.most_tokens


def tokens_of(text: str) -> int:
    """Return an estimate, too high rather than too low."""
    return math.ceil(len(text.encode(errors="replace")) / BYTES_PER_TOKEN)


def _plausible(figure: object) -> TypeGuard[int]:
    return isinstance(figure, int) and not isinstance(figure, bool) and 0 <= figure <= _MOST


def _priced(tokens_in: int, tokens_out: int, server: ModelServer, *, estimated: bool) -> Usage:
    cost = (tokens_in * server.price_in + tokens_out * server.price_out) / 1_000_000
    return Usage(tokens_in=tokens_in, tokens_out=tokens_out, cost=cost, estimated=estimated)
