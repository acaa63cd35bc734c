"""Decide whether a model's text may go on a page: only plain sentences in plain letters may."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PUNCTUATION: Final = frozenset(" ,.;:'\u2019\"\u201c\u201d()-\u2013\u2014/&%°+⅛¼⅓½⅔¾\u00d7!?")
"""What is allowed besides letters and digits. No angle, square or curly brackets, no `@`, nothing of markup."""

_ADDRESS = re.compile(r"://|www\.|\w\.[^\W\d]{2}", re.IGNORECASE)


def tidy(text: str) -> str:
    """Return `text` with letters and their accents composed, and without space around it."""
    return unicodedata.normalize("NFC", text).strip(" ")


def text_problem(text: str, longest: int) -> str | None:
    """Return what is wrong with a tidy `text`, as the end of a sentence; None if it may be shown."""
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
    """Return whether `character` is allowed: others than a to z can look like these, and hide a word."""
    letter = unicodedata.normalize("NFD", character)[0]
    return character in PUNCTUATION or (letter.isascii() and letter.isalnum())
