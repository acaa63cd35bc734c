"""What came from a server, made fit to be kept: without our key, and as text that a database takes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

LONGEST: Final = 50_000
"""Characters of what came back that are kept."""
SHORTEST_SECRET: Final = 8
"""Servers without keys are given `none` or `ollama`, which are no secrets but words that a recipe may hold."""


def without_key(value: Any, key: str | None) -> Any:
    """`value`, JSON or text, with `[key]` wherever the key stood."""
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
    """Return `text` with `[server]` wherever the address at `url` stood; members need not know where a model runs."""
    if url is None:
        return text
    parts = urlsplit(url)
    places = {url, f"{parts.scheme}://{parts.netloc}", parts.netloc, f"{parts.hostname}:{parts.port}"}
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(place, "[server]")
    return text


def kept_text(text: str) -> str:
    """`text` with a replacement for what no database takes, cut."""
    return text[:LONGEST].replace("\x00", "\ufffd").encode(errors="replace").decode()


def one_line(text: object, longest: int = 300) -> str:
    """What a server says of itself, short enough for a log; nothing if it is no text."""
    return " ".join(kept_text(text).split())[:longest] if isinstance(text, str) else ""
