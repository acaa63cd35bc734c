"""Words without the differences that do not matter: case, accents, plurals, British or American spelling."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SPELLINGS: Final = {
    spelling: word
    for word, spellings in {
        "anchovy": "anchovie",
        "bok": "pak pac",
        "canned": "tinned tin",
        "chilli": "chili chile chilly",
        "choy": "choi",
        "cruciferous": "crucifer",
        "fillet": "filet",
        "filo": "phyllo fillo",
        "flavouring": "flavoring flavour flavor",
        "gelatine": "gelatin",
        "hummus": "houmous hommus humus hummous",
        "mince": "ground minced",
        "mollusc": "mollusk",
        "pita": "pitta",
        "prawn": "shrimp",
        "soy": "soya soja",
        "soybean": "soyabean",
        "sulphite": "sulfite",
        "sulphur": "sulfur",
        "wholemeal": "wholewheat wholegrain",
        "yogurt": "yoghurt yoghourt yogourt",
    }.items()
    for spelling in spellings.split()
}
"""Another way to write a word, in the singular -> the word as it is matched."""

_IRREGULAR: Final = {
    "chillies": "chilli",
    "chilies": "chili",
    "chillis": "chilli",
    "chilis": "chili",
    "halves": "half",
    "leaves": "leaf",
    "loaves": "loaf",
}


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in the singular, without case and accents."""
    return tuple(singular(word) for word in re.findall(r"[a-z0-9]+", re.sub(r"['\u2019`\u00b4]", "", _plain(text))))


def is_readable(text: str) -> bool:
    """Whether `words` misses nothing of `text`: neither letters of another script nor pictures."""
    return not any(
        unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "So"
        for character in _plain(text)
        if not character.isascii()
    )


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def matched_words(text: str) -> tuple[str, ...]:
    """Return the `words` of `text`, each in the one spelling that it is matched in."""
    return tuple(_SPELLINGS.get(word, word) for word in words(text))


def singular(word: str) -> str:
    """Return an English noun in the singular, as good as rules can tell."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("oes", "ches", "shes", "sses", "xes")) else word[:-1]
