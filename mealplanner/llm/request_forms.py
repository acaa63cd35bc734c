"""The forms in which a question is asked, the best first, and which of them a server understands.

Servers differ in two ways: how far they hold a model to a JSON schema, and whether the model knows a message of the
system beside the user's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.outcomes import Call
from mealplanner.llm.replies import FormProblem

ResponseFormat = Literal["json_schema", "json_object", "text"]

FORMATS: Final[Sequence[ResponseFormat]] = ("json_schema", "json_object", "text")
"""The server holds the model to the schema; it holds it to JSON; the schema is only described."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to ask."""

    response_format: ResponseFormat = "json_schema"
    system_role: bool = True
    """False: what the system says stands at the beginning of the user's message."""


class KnownForms:
    """What one server has shown that it understands. Threads may share it."""

    def __init__(self) -> None:
        self._worked: set[ResponseFormat] = set()
        self._system_role = True

    @property
    def any_worked(self) -> bool:
        """Whether the server has ever answered well."""
        return bool(self._worked)

    def best(self) -> Form:
        """Return the best form that has ever brought an answer or, before that, the best of all."""
        best = next((format_ for format_ in FORMATS if format_ in self._worked), FORMATS[0])
        return Form(response_format=best, system_role=self._system_role)

    def works(self, form: Form) -> None:
        """Remember that `form` has brought an answer."""
        self._worked.add(form.response_format)
        self._system_role = form.system_role

    def after(self, form: Form, problem: FormProblem | None) -> Form | None:
        """Return the form to try after a `problem` with `form`, None where another form would not help.

        An unreadable answer in a format that has worked before is an accident.
        """
        if problem is FormProblem.SYSTEM_ROLE:
            return replace(form, system_role=False)
        ignored = problem is FormProblem.FORMAT_IGNORED and form.response_format not in self._worked
        if form.response_format == FORMATS[-1] or not (ignored or problem is FormProblem.FORMAT_REFUSED):
            return None
        return replace(form, response_format=FORMATS[FORMATS.index(form.response_format) + 1])


def request_of(call: Call, form: Form, server: ModelServer) -> dict[str, Any]:
    """Return the arguments of one request. They hold no sampling parameters: some models refuse them."""
    described = form.response_format != "json_schema"
    system = f"{call.system}\n\n{_schema_in_words(call)}" if described else call.system
    messages = (
        [{"role": "system", "content": system}, {"role": "user", "content": call.user}]
        if form.system_role
        else [{"role": "user", "content": f"{system}\n\n{call.user}"}]
    )
    formats: Mapping[ResponseFormat, Mapping[str, Any]] = {
        "json_schema": {"response_format": {"type": "json_schema", "json_schema": _strict(call)}},
        "json_object": {"response_format": {"type": "json_object"}},
        "text": {},
    }
    limit: Mapping[str, int] = {server.answer_tokens: call.most_tokens}
    return {"model": server.model, "messages": messages, **limit, **formats[form.response_format]}


def sent_text(request: Mapping[str, Any]) -> str:
    """Return what a request says, for people to read: its messages word for word, and the schema if it is apart."""
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
