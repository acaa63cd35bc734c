"""The forms of a question: which one a server understands is found out once and remembered."""

from __future__ import annotations

import pytest

from tests.fake_model.server import FakeModel
from tests.llm.conftest import CALL, client_of


@pytest.mark.parametrize("mode", ["no_json", "ignores_json"])
def test_it_begins_with_the_format_that_worked(mode: str, fake: FakeModel) -> None:
    """A format that brought nothing while a later one did is not tried again."""
    fake.mode = mode
    client = client_of(fake)
    assert client.ask(CALL).kind == client.ask(CALL).kind == "ok"
    assert [asked.response_format for asked in fake.requests] == ["json_schema", "json_object", "text", "text"]


def test_one_unreadable_answer_changes_no_format(fake: FakeModel) -> None:
    """One bad answer does not make the client doubt a format that has worked."""
    client = client_of(fake)
    fake.script("ok", "prose", "ok")
    assert [client.ask(CALL).kind for _ in range(3)] == ["ok", "bad_output", "ok"]
    assert [asked.response_format for asked in fake.requests] == ["json_schema"] * 3


def test_fences_on_some_answers_are_read(fake: FakeModel) -> None:
    """Not every server that accepts a schema enforces it."""
    fake.mode = "sometimes_fenced"
    client = client_of(fake)
    assert [client.ask(CALL).kind for _ in range(17)] == ["ok"] * 17
    assert {asked.response_format for asked in fake.requests} == {"json_schema"}


def test_it_remembers_that_a_model_knows_no_system_role(fake: FakeModel) -> None:
    """The instructions stand before the user's document, in that call and in later ones."""
    fake.mode = "plain_user"
    client = client_of(fake)
    assert client.ask(CALL).kind == client.ask(CALL).kind == "ok"
    assert len(fake.requests) == 5
    (message,) = fake.requests[-1].body["messages"]
    assert message["role"] == "user"
    assert message["content"].startswith(CALL.system)
    assert message["content"].endswith(f"\n\n{CALL.user}")


def test_a_form_is_remembered_only_after_an_answer(fake: FakeModel) -> None:
    """It does not show that the next format is better."""
    client = client_of(fake)
    fake.script("no_schema", "error_500", "ok")
    assert [client.ask(CALL).kind for _ in range(2)] == ["transient", "ok"]
    assert [asked.response_format for asked in fake.requests] == ["json_schema", "json_object", "json_schema"]
