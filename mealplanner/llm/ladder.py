"""The ladder of fallbacks: three ways of asking for JSON, of which a server may know one, two or all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.outcomes import Call
from mealplanner.llm.replies import Step

Rung = Literal["json_schema", "json_object", "text"]

RUNGS: Final[Sequence[Rung]] = ("json_schema", "json_object", "text")
"""From the top: the server holds the model to the schema; it holds it to JSON; it was only told."""


class Ladder:
    """What one server has shown that it understands. Threads may share it."""

    def __init__(self) -> None:
        self._worked: set[Rung] = set()

    @property
    def worked(self) -> bool:
        """Whether any rung has ever brought an answer."""
        return bool(self._worked)

    def rungs(self) -> Sequence[Rung]:
        """What to try, in order: from the highest rung that has ever worked or, before that, from the top."""
        first = min((RUNGS.index(rung) for rung in self._worked), default=0)
        return RUNGS[first:]

    def works(self, rung: Rung) -> None:
        """Remembers that this rung has brought an answer."""
        self._worked.add(rung)

    def goes_down(self, rung: Rung, step: Step | None) -> bool:
        """Whether the next rung is worth a try. On one that has worked, an unreadable answer is an accident."""
        return step is Step.REFUSED or (step is Step.UNREADABLE and rung not in self._worked)


def request_of(call: Call, rung: Rung, server: ModelServer) -> dict[str, Any]:
    """The arguments of one request. No sampling parameters: some models refuse them."""
    system = call.system if rung == "json_schema" else f"{call.system}\n\n{_schema_in_words(call)}"
    messages = [{"role": "system", "content": system}, {"role": "user", "content": call.user}]
    formats: Mapping[Rung, Mapping[str, Any]] = {
        "json_schema": {"response_format": {"type": "json_schema", "json_schema": _strict(call)}},
        "json_object": {"response_format": {"type": "json_object"}},
        "text": {},
    }
    return {"model": server.model, "messages": messages, server.answer_tokens: call.most_tokens, **formats[rung]}


def sent_text(request: Mapping[str, Any]) -> str:
    """What a request says, for people to read: its messages word for word, and the schema where it stands apart."""
    parts = [(message["role"], message["content"]) for message in request["messages"]]
    schema = request.get("response_format", {}).get("json_schema")
    if schema is not None:
        parts.append(("schema", json.dumps(schema["schema"], ensure_ascii=False)))
    return "\n\n".join(f"[{role}]\n{text}" for role, text in parts)


def _strict(call: Call) -> dict[str, Any]:
    return {"name": call.schema_name, "strict": True, "schema": dict(call.schema)}


def _schema_in_words(call: Call) -> str:
    return (
        "Answer with one JSON object and nothing else: no explanation, no Markdown. "
        f"It must follow this JSON schema, {call.schema_name}:\n{json.dumps(call.schema, ensure_ascii=False)}"
    )
