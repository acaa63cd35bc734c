"""Finding the answer in a text, and refusing to guess."""

from __future__ import annotations

from typing import Any

import pytest

from mealplanner.llm.answer_text import Unreadable, read_answer
from tests.llm.conftest import SCHEMA

ANY: dict[str, Any] = {}
"""A schema that any object fits."""
LIST = {"properties": {"ideas": {"type": "array", "items": {"properties": {"title": {"type": "string"}}}}}}
DRAFT = 'Perhaps {"answer": 7}? '


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (' {"a": 1} \n', {"a": 1}),
        ('{"a": [-1.5, true, null, "b"]}', {"a": [-1.5, True, None, "b"]}),
        ('{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}),
        ('{"a": "\\ud83c\\udf72"}', {"a": "\U0001f372"}),
        ('{"a": 123456789012345}', {"a": 123456789012345}),
        ('{"a": "<think>{"}', {"a": "<think>{"}),
        ('{"a": "Boil.\n\tServe."}', {"a": "Boil.\n\tServe."}),
    ],
)
def test_an_object_is_read(text: str, value: dict[str, Any]) -> None:
    assert read_answer(text, ANY) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no JSON object"),
        ("soup", "no JSON object"),
        ("{'a': 1}", "no JSON object"),
        ('{"a": 250 g}', "no JSON object"),
        ("[]", "no JSON object"),
        ("42", "no JSON object"),
        ('{"a": 1', "ends in the middle"),
        ('{"a": "b', "ends in the middle"),
        ('{"a": 1} and {"a": 2', "ends in the middle"),
        ('{"a": NaN}', "NaN"),
        ('{"a": -Infinity}', "-Infinity"),
        ('{"a": 1e999}', "an infinite number"),
        ('{"a": 1234567890123456}', "a number that is too long"),
        ('{"a": %s}' % ("9" * 5000), "a number that is too long"),
        ('{"a": 1, "b": 2, "a": 3}', "the same key twice"),
        ('{"a": {"b": 1, "b": 1}}', "the same key twice"),
        ('{"a": "\\ud83c"}', "half a character"),
        ('{"\\udf72": 1}', "half a character"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deep"),
        ('{"a": ' + "[" * 400 + "]" * 400 + "}", "nested too deep"),
    ],
    ids=lambda value: value[:20],
)  # fmt: skip
def test_anything_else_is_unreadable(text: str, why: str) -> None:
    """The words say why."""
    with pytest.raises(Unreadable, match=why):
        read_answer(text, ANY)


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"answer": 42}\n```',
        'Certainly:\n```\n{"answer": 42}\n```\nEnjoy {this}.',
        'Here it is: {"answer": 42} Enjoy.',
        '\ufeff{"answer": 42}',
        '"{\\"answer\\": 42}"',
        '[{"answer": 42}]',
        '{"answer": 42}{"answer": 42}',
        '{"thought": "a soup?"}{"answer": 42}',
        '{"result": {"answer": 42}}',
        '{"name": "dish", "arguments": "{\\"answer\\": 42}"}',
        '{"type": "object", "properties": {"answer": {"type": "integer"}}} {"answer": 42}',
        '{"answer": "many"}\n{"answer": 42}',
        '{"answer": 42}\n{"answer": "many"}',
        f'{DRAFT}Or rather: {{"answer": 42}}',
        '<answer>{"answer": 42}</answer>',
        '{"answer": 42}<|im_end|>',
        '{Something}, {"like": this}, and {"answer": 42}',
    ],
)
def test_the_answer_is_found_among_other_words(text: str) -> None:
    """Of several objects, the one that looks most like the schema counts."""
    assert read_answer(text, SCHEMA) == {"answer": 42}


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("<think>", "</think>"),
        ("<thinking>", "</thinking>"),
        ("<Thought>", "</Thought>"),
        ("<reasoning>", "</reasoning>"),
        ("<reflection>", "</reflection>"),
        ("<seed:think>", "</seed:think>"),
        ("<chain_of_thought>", "</chain_of_thought>"),
        ("<draft>", "</draft>"),
        ('<plan step="1">', "</plan>"),
        ("<think>", "</thinking>"),
        ("<think>He said <think>.", "</think>"),
        ("[THINK]", "[/THINK]"),
        ("<|START_THINKING|>", "<|END_THINKING|>"),
        ("<|begin_of_thought|>", "<|end_of_thought|>"),
        ("\u25c1think\u25b7", "\u25c1/think\u25b7"),
        ("<unused94>thought\n", "<unused95>"),
        ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
        ("<|channel|>analysis<|message|>", "<|channel|>final <|constrain|>json<|message|>"),
        ("", "</think>"),
        ("Well. </think> No. ", "</think>"),
        ("", "[/THINK]"),
        ("", "<|channel|>final<|message|>"),
    ],
)
def test_a_thought_is_not_the_answer(opens: str, closes: str) -> None:
    """Whatever marks it, and even if it holds an object of the same shape."""
    assert read_answer(f'{opens}{DRAFT}{closes}{{"answer": 42}}', SCHEMA) == {"answer": 42}
    assert read_answer(f'{opens}{DRAFT}{closes}{{"answer": 42}}<think>Good?</think>', SCHEMA) == {"answer": 42}


def test_a_thought_is_read_where_nothing_else_was_said_and_it_ends_with_the_answer() -> None:
    """Some servers take a whole answer for a thought."""
    assert read_answer('<think>Hm. {"answer": 42}', SCHEMA) == {"answer": 42}
    assert read_answer('Hm. {"answer": 42}</think>\n', SCHEMA) == {"answer": 42}
    assert read_answer('```{"answer": 42}```', SCHEMA, is_thought=True) == {"answer": 42}
    assert read_answer(f'{DRAFT}</think>{{"answer": 42}}', SCHEMA, is_thought=True) == {"answer": 42}
    for draft in (f"<think>{DRAFT}No.", f"{DRAFT}No.</think>", '<think>{"answer": "some"}', "<think>Hm."):
        with pytest.raises(Unreadable, match="did not answer"):
            read_answer(draft, SCHEMA)
    with pytest.raises(Unreadable, match="did not answer"):
        read_answer(f"{DRAFT}No.", SCHEMA, is_thought=True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"answer": 41}\n{"answer": 42}', "different answers"),
        ('```json\n{"answer": 41}\n```\n```json\n{"answer": 42}\n```', "different answers"),
        ('[{"answer": 41}, {"answer": 42}]', "different answers"),
        ('{"first": {"answer": 41}, "second": {"answer": 42}}', "different answers"),
        ('{"answer": 41} or rather {"answer": NaN}', "NaN"),
        ('{"answer": 41} or rather {"answer": 4', "ends in the middle"),
        ('{"answer": 4<think>or 5?</think>2}', "did not answer|no JSON object|ends in the middle"),
        ('{"answer": 1, "answer": {"answer": 42}}', "the same key twice"),
    ],
)
def test_nothing_is_guessed(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_answer(text, SCHEMA)


@pytest.mark.parametrize("text", ['{"soup": 1}', "{}", '{"soup": {"bowls": 3}}'])
def test_an_object_with_nothing_of_what_was_asked_for_is_no_answer(text: str) -> None:
    with pytest.raises(Unreadable, match="nothing that was asked for") as raised:
        read_answer(text, SCHEMA)
    assert raised.value.cause == "unexpected"


def test_a_bare_list_stands_for_the_only_list_that_was_asked_for() -> None:
    ideas = {"ideas": [{"title": "Soup"}, {"title": "Bowl"}]}
    assert read_answer('[{"title": "Soup"}, {"title": "Bowl"}]', LIST) == ideas
    assert read_answer('{"dishes": [{"title": "Soup"}, {"title": "Bowl"}]}', LIST) == ideas
    with pytest.raises(Unreadable):
        read_answer('[{"name": "Soup"}]', LIST)


@pytest.mark.parametrize(
    "text",
    ["[" * 1_000_000, "{" * 1_000_000, '{"a":' * 200_000, '{"a": 1 ' * 200_000, "<think>" * 200_000, "[ " * 500_000,
     '{"k": [' * 15 + "1, " * 300_000 + "x", "<" * 1_000_000, '{ "a" b' * 200_000],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_a_flood_is_refused_without_searching_it_again_and_again(text: str) -> None:
    """Searching from each beginning to the end of the text would take hours."""
    with pytest.raises(Unreadable):
        read_answer(text, SCHEMA)
