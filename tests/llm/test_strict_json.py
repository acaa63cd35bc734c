"""What counts as JSON, and what is found in other words."""

from __future__ import annotations

from typing import Any

import pytest

from mealplanner.llm.strict_json import Unreadable, read_json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (' {"a": 1} \n', {"a": 1}),
        ('{"a": [-1.5, true, null, "b"]}', {"a": [-1.5, True, None, "b"]}),
        ('{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}),
        ('{"a": "\\ud83c\\udf72"}', {"a": "\U0001f372"}),
        ('{"a": 123456789012345}', {"a": 123456789012345}),
    ],
)
def test_json_is_read(text: str, value: dict[str, Any]) -> None:
    """Tolerantly or not."""
    assert read_json(text, tolerant=False) == read_json(text, tolerant=True) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no JSON"),
        ("soup", "no JSON"),
        ('{"a": 1', "no JSON"),
        ("{'a': 1}", "no JSON"),
        ('{"a": NaN}', "NaN"),
        ('{"a": -Infinity}', "-Infinity"),
        ('{"a": 1e999}', "a number without end"),
        ('{"a": 1234567890123456}', "a number that is too long"),
        ('{"a": %s}' % ("9" * 5000), "a number that is too long"),
        ('{"a": 1, "b": 2, "a": 3}', "a key stands in it twice"),
        ('{"a": {"b": 1, "b": 1}}', "a key stands in it twice"),
        ('{"a": "\\ud83c"}', "half a character"),
        ('{"\\udf72": 1}', "half a character"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deep"),
        ('{"a": ' + "[" * 400 + "]" * 400 + "}", "nested too deep"),
        ("[]", "no JSON object"),
        ("42", "no JSON object"),
    ],
    ids=lambda value: value[:20],
)  # fmt: skip
@pytest.mark.parametrize("tolerant", [False, True])
def test_anything_else_is_unreadable(text: str, why: str, *, tolerant: bool) -> None:
    """And the words say why."""
    with pytest.raises(Unreadable, match=why):
        read_json(text, tolerant=tolerant)


WRAPPED = [
    '```json\n{"a": 1}\n```',
    'Certainly:\n```\n{"a": 1}\n```\nEnjoy {this}.',
    'Here it is: {"a": 1} Enjoy.',
    '<think>Perhaps {"a": 2}?</think>\n{"a": 1}',
    '<think>First {braces}</think>```json\n{"a": 1}```',
]


@pytest.mark.parametrize("text", WRAPPED)
def test_words_around_it_are_tolerated_where_nothing_held_the_model_to_json(text: str) -> None:
    """But not where the server promised JSON."""
    assert read_json(text, tolerant=True) == {"a": 1}
    with pytest.raises(Unreadable):
        read_json(text, tolerant=False)
