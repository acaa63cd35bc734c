"""Every way in which the fake model answers, by name. A mode is a function that is handed the conversation."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from socket import SO_LINGER, SOL_SOCKET
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.fake_model.server import Conversation

Mode = Callable[["Conversation"], None]

MEGABYTE: Final = 1_000_000
DEEP: Final = 100_000


# Whole answers ---------------------------------------------------------------------------------------------------


def ok(talk: Conversation, content: Callable[[str], str] = str, **other: Any) -> None:
    """A good answer, or one whose content is made of the good one."""
    talk.json(talk.completion({"content": content(talk.content())}, **other))


def says(content: object) -> Mode:
    """An answer with this content instead."""
    return lambda talk: talk.json(talk.completion({"content": content}))


def wraps(before: str, after: str) -> Mode:
    """A good answer with text around it."""
    return lambda talk: ok(talk, lambda content: f"{before}{content}{after}")


def choices(value: object) -> Mode:
    """A good answer but for its choices."""
    return lambda talk: ok(talk, choices=value)


def usage(value: object) -> Mode:
    """A good answer with these figures."""
    return lambda talk: ok(talk, usage=value)


def body(text: str | bytes, kind: str = "application/json") -> Mode:
    """These bytes."""
    return lambda talk: talk.send(text.encode() if isinstance(text, str) else text, **{"Content-Type": kind})


def no_usage(talk: Conversation) -> None:
    """Without figures, as some local servers answer."""
    answer = talk.completion({"content": talk.content()})
    del answer["usage"]
    talk.json(answer)


def wrong_type(talk: Conversation) -> None:
    """A good answer that calls itself plain text."""
    talk.json(talk.completion({"content": talk.content()}), Content_Type="text/plain")


def last_words(talk: Conversation) -> None:
    """A good answer, after which the server waits to see the connection end."""
    ok(talk)
    talk.say_nothing()


def truncated(talk: Conversation) -> None:
    """Half an answer, because its limit was reached."""
    content = talk.content()
    talk.json(talk.completion({"content": content[: len(content) // 2]}, "length"))


def gzipped(size: int) -> Mode:
    """An encoding that nobody asked for; a small body that unpacks to `size` bytes, if that is more than the answer."""

    def mode(talk: Conversation) -> None:
        answer = json.dumps(talk.completion({"content": talk.content()})).encode()
        packed = gzip.compress(answer + b" " * size)
        talk.send(packed, **{"Content-Type": "application/json", "Content-Encoding": "gzip"})

    return mode


def echo(talk: Conversation) -> None:
    """The key of whoever asks, where a person would read it."""
    key = talk.asked.headers.get("authorization", "").removeprefix("Bearer ")
    spelled = "".join(f"\\u{ord(letter):04x}" for letter in key)
    content = f'{{"answer": "{key}", "{key}": "{spelled}"}}'
    talk.json(talk.completion({"content": content}), **{"X-Key": key})


# Refusals and errors --------------------------------------------------------------------------------------------


def error(status: int, message: str, code: str | None = None, param: str | None = None, **headers: str) -> Mode:
    """An error as OpenAI words it."""
    told = {"error": {"message": message, "type": code or "error", "param": param, "code": code}}
    return lambda talk: talk.json(told, status, **headers)


def echo_error(talk: Conversation) -> None:
    """An error that repeats the key."""
    key = talk.asked.headers.get("authorization", "")
    error(500, f"bad {key}", **{"X-Key": key})(talk)


def refuses(*rungs: str) -> Mode:
    """400 to whoever asks for these kinds of answer."""

    def mode(talk: Conversation) -> None:
        if talk.asked.rung in rungs:
            error(400, f"response_format {talk.asked.rung} is not supported", param="response_format")(talk)
        else:
            ok(talk)

    return mode


def ignores(*rungs: str) -> Mode:
    """Prose to whoever asks for these kinds of answer: a server that does not know the field."""
    return lambda talk: says("Here is a dish.")(talk) if talk.asked.rung in rungs else ok(talk)


def wants_other_limit(talk: Conversation) -> None:
    """Does not take the field that limits the answer."""
    used, other = "max_tokens", "max_completion_tokens"
    if used not in talk.asked.body:
        used, other = other, used
    error(400, f"Unsupported parameter: '{used}'. Use '{other}' instead.", "unsupported_parameter", used)(talk)


def busy_until(talk: Conversation) -> None:
    """Come back in two minutes, as a date."""
    when = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    error(429, "Too many requests", **{"Retry-After": when})(talk)


busy = partial(error, 429, "Too many requests", "rate_limit_exceeded")


# Broken connections -----------------------------------------------------------------------------------------------


def whole(talk: Conversation) -> bytes:
    """The body of a good answer."""
    return json.dumps(talk.completion({"content": talk.content()})).encode()


def cut(talk: Conversation) -> None:
    """Half of the body, then the connection ends."""
    answer = whole(talk)
    talk.begin(**{"Content-Type": "application/json", "Content-Length": str(len(answer))})
    talk.write(answer[: len(answer) // 2])
    talk.reset()


def cut_chunk(talk: Conversation) -> None:
    """The same in chunks, of which the last never comes."""
    answer = whole(talk)
    talk.begin(**{"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
    talk.write(b"%x\r\n%s\r\n" % (len(answer) // 2, answer[: len(answer) // 2]))
    talk.reset()


def hang_up(talk: Conversation) -> None:
    """Ends the connection without a word."""
    talk.reset()


def reset(talk: Conversation) -> None:
    """Ends it with a RST."""
    talk.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    talk.connection.close()
    talk.reset()


def silent(talk: Conversation) -> None:
    """Takes the question and never answers."""
    talk.say_nothing()


def drip(talk: Conversation) -> None:
    """A byte of the body every 50 ms, for ever."""
    talk.begin(**{"Content-Type": "application/json", "Content-Length": str(MEGABYTE)})
    talk.drip(b" " * MEGABYTE)


def header_drip(talk: Conversation) -> None:
    """A byte of the head every 50 ms, for ever."""
    talk.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    talk.drip(b"x" * MEGABYTE)


def error_drip(talk: Conversation) -> None:
    """An error whose body never ends."""
    talk.begin(500, **{"Content-Type": "application/json", "Content-Length": str(MEGABYTE)})
    talk.drip(b" " * MEGABYTE)


def no_http(talk: Conversation) -> None:
    """Another protocol."""
    talk.write(b"220 mail.example.org ESMTP\r\n")
    talk.reset()


def hints(talk: Conversation) -> None:
    """An answer that is announced for ever and never begins."""
    while talk.pause(0.01):
        talk.write(b"HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n")


def long_head(talk: Conversation) -> None:
    """A head without an end."""
    talk.begin(**{"X-Long": "x" * MEGABYTE})
    talk.reset()


def flood(size: int, status: int = 200) -> Mode:
    """A body of `size` bytes around a good answer."""

    def mode(talk: Conversation) -> None:
        talk.send(whole(talk)[:-1] + b" " * size + b"}", status, **{"Content-Type": "application/json"})

    return mode


MODES: Final[Mapping[str, Mode]] = {
    "ok": ok,
    "no_usage": no_usage,
    "absurd_usage": usage({"prompt_tokens": -1, "completion_tokens": 10**15}),
    "wrong_type": wrong_type,
    "last_words": last_words,
    "fenced": wraps("```json\n", "\n```"),
    "chatty": wraps("Certainly. Here it is:\n", "\nEnjoy."),
    "thinking": wraps("<think>{Something} with braces</think>\n", ""),
    "long": flood(MEGABYTE),
    # what cannot be read
    "invalid_json": body('{"choices": [{"mess'),
    "html": body("<!doctype html><title>Welcome</title>", "text/html"),
    "empty_body": body(""),
    "no_object": body("[1, 2, 3]"),
    "deep_body": body("[" * DEEP + "]" * DEEP),
    "not_utf8": body(b'{"choices": "\xff\xfe"}'),
    "choices_null": choices(None),
    "choices_empty": choices([]),
    "choices_odd": choices([None]),
    "message_null": choices([{"index": 0, "message": None, "finish_reason": "stop"}]),
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
    "gzip": gzipped(0),
    "gzip_bomb": gzipped(50 * MEGABYTE),
    "huge": flood(12 * MEGABYTE),
    # what was not meant to be read
    "truncated": truncated,
    "refusal": lambda talk: talk.json(talk.completion({"content": None, "refusal": "I cannot help with that."})),
    "content_filter": lambda talk: talk.json(talk.completion({"content": ""}, "content_filter")),
    "filtered_prompt": error(400, "The prompt was filtered.", "content_filter"),
    "echo_key": echo,
    "echo_key_error": echo_error,
    # errors
    "no_schema": refuses("json_schema"),
    "no_json": refuses("json_schema", "json_object"),
    "ignores_schema": ignores("json_schema"),
    "ignores_json": ignores("json_schema", "json_object"),
    "bad_request": error(400, "That is not understood."),
    "unprocessable": error(422, "That is not understood."),
    "other_limit": wants_other_limit,
    "context_length": error(400, "This model's maximum context length is 4096 tokens.", "context_length_exceeded"),
    "unauthorized": error(401, "Incorrect API key provided.", "invalid_api_key"),
    "payment": error(402, "Insufficient balance."),
    "forbidden": error(403, "Country not supported.", "unsupported_country_region_territory"),
    "no_model": error(404, "The model does not exist.", "model_not_found"),
    "unknown_model": error(400, "The model does not exist.", "model_not_found"),
    "moved": error(307, "Moved.", **{"Location": "http://127.0.0.1:9/v1/chat/completions"}),
    "timeout": error(408, "Timeout."),
    "too_large": error(413, "Too large."),
    "busy": busy(**{"Retry-After": "7"}),
    "busy_ms": busy(**{"Retry-After-Ms": "1500"}),
    "busy_until": busy_until,
    "busy_silent": busy(),
    "busy_for_ever": busy(**{"Retry-After": "999999999"}),
    "busy_nonsense": busy(**{"Retry-After": "soon"}),
    "busy_nan": busy(**{"Retry-After": "nan"}),
    "quota": error(429, "You exceeded your current quota.", "insufficient_quota"),
    "error_500": error(500, "The server had an error."),
    "error_in_200": body('{"error": {"code": 429, "message": "Too many requests upstream"}}'),
    "odd_error_in_200": body('{"error": "upstream failed"}'),
    "error_502": lambda talk: talk.send(b"<html>Bad gateway</html>", 502, **{"Content-Type": "text/html"}),
    "overloaded": error(503, "Overloaded.", **{"Retry-After": "11"}),
    "huge_error": flood(12 * MEGABYTE, 500),
    # broken connections
    "cut": cut,
    "cut_chunk": cut_chunk,
    "hang_up": hang_up,
    "reset": reset,
    "no_http": no_http,
    "long_head": long_head,
    "silent": silent,
    "drip": drip,
    "header_drip": header_drip,
    "hints": hints,
    "error_drip": error_drip,
}
"""Name -> mode."""
