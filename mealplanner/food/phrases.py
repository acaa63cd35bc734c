"""Split what a person typed among their dislikes into single things, and tell a dislike from its opposite.

"I hate coriander / cilantro and olives" names three things; "cheese but not feta" one, with an exception; "I like
olives" none that could be left out. Pure text: which food a thing is, `food.match` says.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from mealplanner.food.plain_words import LIKING, NEGATIVE, UNCLEAR
from mealplanner.food.spelling import matched_words

LONGEST_DISLIKE: Final = 120
"""The most characters of one entry."""
MOST_DISLIKES: Final = 100
"""The most entries of a person, and the most things that these may name together."""


class Mood(enum.Enum):
    """What is said of a thing."""

    DISLIKED = "disliked"
    LIKED = "liked"
    EXCEPTED = "excepted"
    """Not to be left out with the things before it."""
    UNCLEAR = "unclear"
    """Less of it, sometimes, only: neither in nor out."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of an entry, as it was typed, and what is said of it."""

    text: str
    mood: Mood = Mood.DISLIKED
    joined: bool = False
    """Whether "and" or "or" ties it to the thing before it."""


_STATEMENTS: Final = re.compile(r"[;\r\n|!?\u2022\u00b7]+|\.(?!\d)|(?<=\s)[-\u2013\u2014](?=\s)")
_COMMAS: Final = re.compile(r"\s*[,/()\[\]:\u3001]+\s*")
_AND: Final = re.compile(
    r"\s*[&+]\s*|\s+(?:and/or|and|or|nor|plus|as well as|along with|together with|also|including|such as|especially"
    r"|particularly|namely)\b\s*",
    re.IGNORECASE,
)
_SEPARATORS: Final = re.compile(
    "|".join(f"(?:{pattern.pattern})" for pattern in (_STATEMENTS, _COMMAS, _AND)), re.IGNORECASE
)
_SUCH_AS: Final = re.compile(
    r"(?<!\bi)(?<!\bwe)(?<!\byou)(?<!\bhe)(?<!\bshe)(?<!\bthey)(?<!\bdo)(?<!\bto)(?<!\bnot)(?<!n't)(?<!n\u2019t)(?<!\bdont)"
    r"(?<!\bdoesnt)(?<!\bwould)(?<!\breally)(?<!\bnever)(?<!\balso)(?<!\bmuch)(?<!\bkids)(?<!\bwho)(?<=\w)\s+like\s+",
    re.IGNORECASE,
)
"""The "like" of "nuts like almonds", unlike that of "I don't like almonds"."""
_ABBREVIATIONS: Final = (
    (re.compile(r"\be\.\s?g\.?(?!\w)|\bi\.\s?e\.?(?!\w)", re.IGNORECASE), " such as "),
    (re.compile(r"\betc\b\.*|\bincl\.|\u2026|\.{2,}", re.IGNORECASE), " , "),
    (re.compile(r"\bw/o\b", re.IGNORECASE), "without"),
    (re.compile(r"\bw/", re.IGNORECASE), "with "),
    (re.compile(r"\b(n?or) (?:to )?(?:eat(?:ing)?|like|love|enjoy|want)\b", re.IGNORECASE), r"\1"),
)
"""The last is no abbreviation: the verb after "or" says what the one before it said, "not" included."""
_EXCEPT: Final = re.compile(
    r"[\s,]*\b(?:except(?:ing)?(?: for)?|excluding|apart from|aside from|other than|besides|not counting|unless it is"
    r"|save for|with the exception of|but(?! also| and\b))\b\s*",
    re.IGNORECASE,
)
_DOUBLE: Final = re.compile(
    r"\b(?:(?:dont|doesnt|not|never|no longer|isnt|arent|no) (?:really |actually )?(?:mind|hate|dislike|avoid|allergic"
    r"|intolerant|sensitive|detest|refuse|skip|omit|exclude)|no (?:problem|issue|allergy|intolerance)|not a problem)\b"
)
_LEADING: Final = re.compile(r"^\s*(?:(?:and|or|such as|also)\s+)+", re.IGNORECASE)
_IF_POSSIBLE: Final = re.compile(r"\b(?:if|when|where|whenever|wherever) (?:at all )?possible\b")
_NO_MORE: Final = re.compile(r"\b(?:no|any|not any|never any) ?more\b|\banymore\b")


def entries(text: str) -> list[str]:
    """Return the entries of a text area: its lines, and what commas part within them.

    A line that says more than names (what is liked, or excepted) stays whole: half of it could say the opposite.
    """
    found = re.split(r"[\r\n;]+", text)
    if len(text) <= MOST_DISLIKES * LONGEST_DISLIKE and len(found) <= MOST_DISLIKES:  # more is refused anyway
        found = [part for line in found for part in (_COMMA.split(line) if _is_list(line) else [line])]
    return [" ".join(entry.split()) for entry in found if entry.strip()]


_COMMA: Final = re.compile(r"[,\u3001]")


def _is_list(line: str) -> bool:
    return not _EXCEPT.search(line) and all(_mood(part) in (None, Mood.DISLIKED) for part in _COMMA.split(line))


def things(entry: str, is_name: Callable[[str], bool]) -> list[Thing]:
    """Return the things that `entry` names, in order. `is_name` says which texts are one name, whatever is in them."""
    if is_name(entry):
        return [Thing(entry.strip())]
    for written, meant in _ABBREVIATIONS:
        entry = written.sub(meant, entry)
    return [thing for statement in _STATEMENTS.split(entry) for thing in _things(statement, is_name)]


def count_things(entry: str) -> int:
    """Return the most things that `entry` can name."""
    return 1 + len(_SEPARATORS.findall(entry.strip(" ,.;!?")))


def _things(statement: str, is_name: Callable[[str], bool]) -> Iterator[Thing]:
    head, *tails = _EXCEPT.split(statement)
    before: Mood | None = None
    for thing, mood in _said(head, is_name):
        before = mood or before
        yield Thing(thing.text, before or Mood.DISLIKED, thing.joined)
    for tail in tails:
        yield from _exceptions(tail, is_name, liked=before is Mood.LIKED)


def _exceptions(tail: str, is_name: Callable[[str], bool], *, liked: bool) -> Iterator[Thing]:
    """Yield the things that follow a "but" or an "except".

    The first, and those that "and" ties to it, are exceptions, unless they are said to be disliked. After a comma a new
    thing begins, since to leave out too much is safer than too little.
    """
    mood = Mood.DISLIKED if liked else Mood.EXCEPTED
    for number, (thing, said) in enumerate(_said(tail, is_name)):
        disliked = said is Mood.DISLIKED and (liked or bool(NEGATIVE & set(matched_words(thing.text)) - {"not", "no"}))
        if said is not None and (said is Mood.UNCLEAR or disliked):
            mood = said
        elif number and not thing.joined:
            mood = Mood.DISLIKED
        yield Thing(thing.text, mood, thing.joined)


def _said(text: str, is_name: Callable[[str], bool]) -> Iterator[tuple[Thing, Mood | None]]:
    """Each thing of `text`, and what is said of it there."""
    for part in _COMMAS.split(_SUCH_AS.sub(",", text)):
        for number, item in enumerate([part] if is_name(part) else _AND.split(part)):
            if shown := _LEADING.sub("", item).strip():
                yield Thing(shown, joined=bool(number)), _mood(item)


def _mood(text: str) -> Mood | None:
    """Return what `text` says of the thing in it; None when it is a bare name."""
    said = _IF_POSSIBLE.sub("", _NO_MORE.sub("no", " ".join(matched_words(text))))
    spoken = set(said.split())
    if _DOUBLE.search(said):
        return Mood.LIKED
    if spoken & UNCLEAR:
        return Mood.UNCLEAR
    if spoken & NEGATIVE:
        return Mood.DISLIKED
    return Mood.LIKED if spoken & LIKING else None
