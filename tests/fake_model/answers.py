"""Whole answers: good ones in every shape that models and servers give them, and unreadable ones."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.fake_model.server import Conversation

Mode = Callable[["Conversation"], None]

MEGABYTE: Final = 1_000_000
DEEP: Final = 100_000
DRAFT: Final = 'First a draft: {"answer": 7, "title": "Draft"}. No, better not. '
"""A model's thought, with a draft that is not the answer."""


def halves(text: str) -> tuple[str, str]:
    """Cut a text into two pieces."""
    return text[: len(text) // 2], text[len(text) // 2 :]


def body(text: str | bytes, kind: str = "application/json") -> Mode:
    """Send these bytes."""
    return lambda talk: talk.send(text.encode() if isinstance(text, str) else text, **{"Content-Type": kind})


def ok(talk: Conversation, content: Callable[[str], str] = str, **other: Any) -> None:
    """Send a good answer, or one with a content that is made from the good one."""
    talk.json(talk.completion({"content": content(talk.content())}, **other))


def says(content: object) -> Mode:
    """Send an answer with this content."""
    return lambda talk: talk.json(talk.completion({"content": content}))


def wraps(before: str, after: str) -> Mode:
    """Send a good answer with text around it."""
    return lambda talk: ok(talk, lambda content: f"{before}{content}{after}")


def choices(value: object) -> Mode:
    """Send an answer with these choices."""
    return lambda talk: ok(talk, choices=value)


def usage(value: object) -> Mode:
    """Send a good answer with this usage."""
    return lambda talk: ok(talk, usage=value)


def no_usage(talk: Conversation) -> None:
    """Send a good answer without usage, as some local servers do."""
    answer = talk.completion({"content": talk.content()})
    del answer["usage"]
    talk.json(answer)


def wrong_type(talk: Conversation) -> None:
    """Send a good answer with the content type of plain text."""
    talk.json(talk.completion({"content": talk.content()}), Content_Type="text/plain")


def last_words(talk: Conversation) -> None:
    """Send a good answer, then wait for the client to close the connection."""
    ok(talk)
    talk.say_nothing()


def truncated(talk: Conversation) -> None:
    """Send half an answer, because its limit was reached."""
    content = talk.content()
    talk.json(talk.completion({"content": content[: len(content) // 2]}, "length"))


def echo(talk: Conversation) -> None:
    """Repeat the client's key in the answer."""
    key = talk.asked.headers.get("authorization", "").removeprefix("Bearer ")
    spelled = "".join(f"\\u{ord(letter):04x}" for letter in key)
    content = f'{{"answer": "{key}", "{key}": "{spelled}"}}'
    talk.json(talk.completion({"content": content}), **{"X-Key": key})


def elsewhere(message: Callable[[str], Mapping[str, Any]], finish: str = "stop") -> Mode:
    """Send a good answer in a message that `message` makes of its text."""
    return lambda talk: talk.json(talk.completion(message(talk.content()), finish))


def parts(*types: str) -> Mode:
    """Send a good answer as parts of the last of `types`, after a thought of each of the others."""

    def message(content: str) -> Mapping[str, Any]:
        thoughts = [{"type": name, name: [{"type": "text", "text": DRAFT}]} for name in types[:-1]]
        return {"content": [*thoughts, *({"type": types[-1], "text": piece} for piece in halves(content))]}

    return elsewhere(message)


def tool_call(content: str) -> Mapping[str, Any]:
    """Return a message with the answer as the arguments of a tool."""
    call = {"id": "call_1", "type": "function", "function": {"name": "answer", "arguments": content}}
    return {"content": None, "tool_calls": [call]}


def legacy_completion(talk: Conversation) -> None:
    """Send a choice with a text and no message, as completions had before chats."""
    ok(talk, choices=[{"index": 0, "text": talk.content(), "finish_reason": "stop"}])


def sometimes_fenced() -> Mode:
    """Send every second answer with fences around it."""
    count = itertools.count()

    def mode(talk: Conversation) -> None:
        ok(talk, lambda content: f"```json\n{content}\n```" if next(count) % 2 else content)

    return mode


def gzipped(size: int) -> Mode:
    """Send an answer compressed, although that was not asked for, with `size` spaces behind it."""

    def mode(talk: Conversation) -> None:
        answer = json.dumps(talk.completion({"content": talk.content()})).encode()
        packed = gzip.compress(answer + b" " * size)
        talk.send(packed, **{"Content-Type": "application/json", "Content-Encoding": "gzip"})

    return mode


def whole(talk: Conversation) -> bytes:
    """Return the body of a good answer."""
    return json.dumps(talk.completion({"content": talk.content()})).encode()


def flood(size: int, status: int = 200) -> Mode:
    """Send a good answer with `size` spaces in its body."""

    def mode(talk: Conversation) -> None:
        talk.send(whole(talk)[:-1] + b" " * size + b"}", status, **{"Content-Type": "application/json"})

    return mode


READABLE: Final[Mapping[str, Mode]] = {
    "ok": ok,
    "no_usage": no_usage,
    "absurd_usage": usage({"prompt_tokens": -1, "completion_tokens": 10**15}),
    "wrong_type": wrong_type,
    "last_words": last_words,
    "long": flood(MEGABYTE),
    "echo_key": echo,
    "fenced": wraps("```json\n", "\n```"),
    "chatty": wraps("Certainly. Here it is:\n", "\nEnjoy."),
    "thinking": wraps("<think>{Something} with braces</think>\n", ""),
    **{
        f"thinking_in_{name}": wraps(f"{opens}{DRAFT}{closes}", "")
        for name, opens, closes in (
            ("thinking", "<thinking>", "</thinking>"),
            ("reasoning", "<reasoning>", "</reasoning>\n"),
            ("thought", "<Thought>", "</Thought>"),
            ("a_name_space", "<seed:think>", "</seed:think>"),
            ("brackets", "[THINK]", "[/THINK]"),
            ("triangles", "\u25c1think\u25b7", "\u25c1/think\u25b7"),
            ("tokens", "<|START_THINKING|>", "<|END_THINKING|>"),
            ("words", "<|begin_of_thought|>", "<|end_of_thought|>"),
            ("channels", "<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
        )
    },
    "thought_without_a_beginning": wraps(f"{DRAFT}</think>\n\n", ""),
    "thought_without_an_end": wraps("<think>Well. ", ""),
    "thinking_twice": wraps(f"<think>{DRAFT}</think>", f"<think>{DRAFT}</think>"),
    "draft": wraps(DRAFT, ""),
    "draft_of_another_shape": wraps('{"plan": ["soup", "bread"]}\n', ""),
    "draft_that_is_no_JSON": wraps("{soup, 3 portions} or {'a': 1} or {\"a\": b}\n", ""),
    "commentary": wraps("", '\n\nNote: {"tip": "serve hot"}. Enjoy {this}!'),
    "byte_order_mark": wraps("\ufeff", ""),
    "twice_the_same": lambda talk: ok(talk, lambda content: f"{content}\n{content}"),
    "list_of_one": wraps("[", "]"),
    "envelope": wraps('{"result": ', "}"),
    "quoted": lambda talk: ok(talk, json.dumps),
    "tagged": wraps("<answer>", "</answer>"),
    "end_of_turn": wraps("", "<|end|>"),
    "sometimes_fenced": sometimes_fenced(),
    "text_parts": parts("text"),
    "output_text_parts": parts("output_text"),
    "thinking_parts": parts("thinking", "text"),
    "string_parts": elsewhere(lambda content: {"content": list(halves(content))}),
    "object_for_content": elsewhere(lambda content: {"content": json.loads(content)}),
    "reasoning_content": elsewhere(lambda content: {"content": None, "reasoning_content": content}),
    "reasoning": elsewhere(lambda content: {"content": "", "reasoning": f"{DRAFT}</think>{content}"}),
    "reasoning_details": elsewhere(
        lambda content: {"content": None, "reasoning_details": [{"type": "reasoning.text", "text": content}]}
    ),
    "reasoning_beside": elsewhere(lambda content: {"content": content, "reasoning_content": DRAFT}),
    "tool_calls": elsewhere(tool_call, "tool_calls"),
    "tool_calls_beside_prose": elsewhere(lambda content: {**tool_call(content), "content": "I call the tool."}),
    "function_call": elsewhere(
        lambda content: {"content": None, "function_call": {"name": "answer", "arguments": content}}, "function_call"
    ),
    "legacy_completion": legacy_completion,
}
"""Name -> mode with an answer that can be read in one way only."""

UNREADABLE: Final[Mapping[str, Mode]] = {
    "empty_content": says(""),
    "null_content": says(None),
    "odd_content": says([1]),
    "prose": says("I would suggest a soup."),
    "nan": says('{"answer": NaN}'),
    "infinity": says('{"answer": 1e999}'),
    "huge_integer": says('{"answer": 1%s}' % ("0" * 5000)),
    "long_integer": says('{"answer": 1%s}' % ("0" * 40)),
    "duplicate_keys": says('{"answer": 1, "answer": 2}'),
    "deep": says("[" * DEEP + "]" * DEEP),
    "nested": says('{"answer": ' + "[" * 400 + "]" * 400 + "}"),
    "surrogate": says('{"answer": "\\ud800"}'),
    "unicode_junk": says("\u0000\u202e\ufffd\ud83c\udf72 \u0007 ---"),
    "only_a_draft_in_a_thought": says(f"<think>{DRAFT}"),
    "only_a_draft_in_reasoning": elsewhere(lambda _: {"content": None, "reasoning_content": DRAFT}),
    "two_answers": lambda talk: ok(talk, lambda content: content + content.replace("2", "3")),
    "another_object": says('{"soup": "of the day"}'),
    "unfinished": lambda talk: ok(talk, lambda content: content[:-1]),
}
"""Name -> mode with a message that holds no answer, or one that can be read in several ways."""

NO_COMPLETION: Final[Mapping[str, Mode]] = {
    "invalid_json": body('{"choices": [{"mess'),
    "empty_body": body(""),
    "no_object": body("[1, 2, 3]"),
    "deep_body": body("[" * DEEP + "]" * DEEP),
    "not_utf8": body(b'{"choices": "\xff\xfe"}'),
    "choices_null": choices(None),
    "choices_empty": choices([]),
    "choices_odd": choices([None]),
    "message_null": choices([{"index": 0, "message": None, "finish_reason": "stop"}]),
    "gzip": gzipped(0),
    "gzip_bomb": gzipped(50 * MEGABYTE),
    "huge": flood(12 * MEGABYTE),
}
"""Name -> mode with status 200 but no chat completion with a message."""

DECLINED: Final[Mapping[str, Mode]] = {
    "truncated": truncated,
    "refusal": lambda talk: talk.json(talk.completion({"content": None, "refusal": "I cannot help with that."})),
    "content_filter": lambda talk: talk.json(talk.completion({"content": ""}, "content_filter")),
}
"""Name -> mode with an answer that is not to be read."""
