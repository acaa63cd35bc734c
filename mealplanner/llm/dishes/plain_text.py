"""Text of a model that goes on a page: plain sentences in plain letters, or not at all."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PUNCTUATION: Final = frozenset(" ,.;:'\u2019\"\u201c\u201d()-\u2013\u2014/&%°+½¼¾\u00d7!?")
"""What may stand beside letters and digits. No angle, square or curly brackets, no `@`, nothing that markup needs."""

_ADDRESS = re.compile(r"://|www\.|\w\.[^\W\d]{2}", re.IGNORECASE)


def tidy(text: str) -> str:
    """`text` with its letters and their accents composed, and without space around."""
    return unicodedata.normalize("NFC", text).strip(" ")


def text_problem(text: str, longest: int) -> str | None:
    """What is wrong with a tidy `text`, as the end of a sentence; None when it may be shown."""
    if not text:
        return "is empty"
    if len(text) > longest:
        return f"has {len(text)} characters, expected at most {longest}"
    if not all(map(_is_plain, text)):
        return "holds other characters than plain Latin letters, digits and common punctuation"
    if _ADDRESS.search(text):
        return "holds what looks like an address; put a space after a full stop"
    return None


def _is_plain(character: str) -> bool:
    """A letter must be one of a to z, accents aside: others can look like them and hide a word from the checks."""
    letter = unicodedata.normalize("NFD", character)[0]
    return character in PUNCTUATION or (letter.isascii() and letter.isalnum())
