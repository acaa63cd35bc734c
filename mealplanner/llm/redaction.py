"""Make what came from a server fit to be kept: without our key, and as text that a database accepts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

LONGEST: Final = 50_000
"""Characters of a text that are kept."""
SHORTEST_SECRET: Final = 8
"""Servers that need no key get one like `none` or `ollama`: no secret, but a word that a recipe may contain."""


def without_key(value: Any, key: str | None) -> Any:
    """Return `value`, JSON or text, with `[key]` in place of the key."""
    if key is None or len(key) < SHORTEST_SECRET:
        return value
    if isinstance(value, str):
        return value.replace(key, "[key]")
    if isinstance(value, Mapping):
        return {without_key(name, key): without_key(held, key) for name, held in value.items()}
    if isinstance(value, list):
        return [without_key(held, key) for held in value]
    return value


def without_address(text: str, url: str | None) -> str:
    """Return `text` with `[server]` in place of the address in `url`, which is for the operator alone."""
    if url is None:
        return text
    parts = urlsplit(url)
    places = {url, f"{parts.scheme}://{parts.netloc}", parts.netloc, f"{parts.hostname}:{parts.port}"}
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(place, "[server]")
    return text


def kept_text(text: str) -> str:
    """Return the first `LONGEST` characters of `text`, with replacements for those that a database refuses."""
    return text[:LONGEST].replace("\x00", "\ufffd").encode(errors="replace").decode()


def one_line(text: object, longest: int = 300) -> str:
    """Return a server's message as one line, short enough for a log; empty if it is no text."""
    return " ".join(kept_text(text).split())[:longest] if isinstance(text, str) else ""
