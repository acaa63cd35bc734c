"""What is said of the dislikes a person typed: what each leaves out, what is asked, and what was not understood.

Every choice on the page is a change of the typed text, so the text stays the one truth: "leave these out too" adds a
line, a correction replaces a word, and a food that is to stay is written behind "except". Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from mealplanner.food.match import Part, read_dislikes
from mealplanner.food.phrases import MOST_DISLIKES
from mealplanner.food.table import load_foods
from mealplanner.food.wording import inside_a_sentence
from mealplanner.planner.model import Food
from mealplanner.planner.restrictions import RESTRICTIONS

ALSO: Final = "also"
"""The form field of texts to add."""
INSTEAD: Final = "instead:"
"""What the form fields begin with that put a name in place of the text behind the colon."""
KEEP: Final = "keep:"
"""What the form fields begin with that except foods from the entry behind the colon."""

MOST_SINGLE_RELATIVES: Final = 8
"""The most relatives that are offered one by one; more are offered as their family."""

_PROBLEMS: Final[Mapping[str, str]] = {
    "unknown": "We did not understand “{text}”, so dishes may still hold it.",
    "nothing": "We found no food in “{text}”. Leave the box empty if there is nothing that you want left out.",
    "diet": "“{text}” is a way of eating rather than a food, so it has no effect here. Choose it further up.",
    "liked": "“{text}” sounds like something you like, so dishes may still hold it.",
    "exception": "We did not understand the exception in “{text}”. Please name just the foods that you want left out.",
    "unclear": "We can leave a food out or use it, but nothing in between, so “{text}” has no effect yet.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one thing was read, in words; names of foods are as they stand inside a sentence."""

    entry: str
    """The whole entry that it was typed in."""
    text: str
    problem: str
    """A sentence; empty when it was understood."""
    taken_for: str
    leaves_out: Sequence[str]
    kept: Sequence[str]
    may_hold: Sequence[str]
    may_choice: str
    """The text that leaves out what may hold it, too."""
    relatives: Sequence[str]
    relative_choices: Sequence[str]
    """The texts that leave out relatives: each of them, or their family."""
    restriction: str
    """What the restriction is called that stands for the same."""
    nearest: Sequence[str]
    settled: bool = False
    """Whether the person has said that `may_hold` and `relatives` may be served."""


def readings(form: Mapping[str, Any]) -> list[Reading]:
    """Return how the dislikes of `form` were read, what was not understood first. A form with mistakes may hold
    anything under their name."""
    foods = load_foods()
    read = read_dislikes(_texts(form), foods)
    ticked, left_out = form.get("dietary_restrictions") or (), read.foods
    parts = [_reading(entry, part, left_out, ticked, foods) for entry, parts in read.entries for part in parts]
    settled = frozenset(form.get("settled_dislikes") or ())
    answered = [replace(one, settled=one.text in settled) for one in parts]
    return sorted(answered, key=lambda one: not one.problem)


def facts(texts: Iterable[str]) -> list[dict[str, Any]]:
    """Return how dislikes were read, for programs: foods by their ids, and the sentence that people see."""
    return [
        {
            "entry": entry,
            "text": part.text,
            "understood": part.understood,
            "message": _problem(part),
            "taken_for": list(part.taken_for),
            "leaves_out": list(part.leaves_out),
            "kept": list(part.kept),
            "may_hold": list(part.may_hold),
            "relatives": list(part.relatives),
            "restriction": part.restriction or None,
            "nearest": list(part.nearest),
        }
        for entry, parts in read_dislikes(texts, load_foods()).entries
        for part in parts
    ]


def warnings(texts: Iterable[str], foods: Mapping[str, Food], served: Iterable[str]) -> list[str]:
    """Return what the page of a menu says of the dislikes it was made with: what was not understood, and which of the
    foods that are `served` may hold something disliked."""
    read = read_dislikes(texts, foods)
    used = frozenset(served) - read.foods
    sentences = [_problem(part) for part in read.parts if not part.understood]
    for part in read.parts:
        if shown := [food_id for food_id in part.may_hold if food_id in used]:
            sentences.append(f"“{part.text}”: read the label of {_listed(_names(shown, foods))}, which may hold it.")
    return list(dict.fromkeys(sentences))


def with_choices(entries: Sequence[str], form: Mapping[str, Sequence[str]]) -> list[str]:
    """Return `entries` with the choices of `form`, a mapping of field names to what was sent for each."""
    changed = list(entries)
    choices = (field for field in form.items() if field[0].startswith((INSTEAD, KEEP)))
    for name, values in islice(choices, MOST_DISLIKES):
        chosen = [value for value in values if value.strip()]
        if name.startswith(INSTEAD) and chosen:
            text = name.removeprefix(INSTEAD)
            changed = [entry.replace(text, chosen[-1]) for entry in changed]
        elif chosen:
            whole = name.removeprefix(KEEP)
            changed = [f"{entry} except {' or '.join(chosen)}" if entry == whole else entry for entry in changed]
    return list(dict.fromkeys((*changed, *form.get(ALSO, ()))))


def _texts(form: Mapping[str, Any]) -> list[str]:
    typed = form.get("disliked_ingredients")
    return [text for text in typed[:MOST_DISLIKES] if isinstance(text, str)] if isinstance(typed, list) else []


def _reading(
    entry: str, part: Part, left_out: frozenset[str], ticked: Iterable[str], foods: Mapping[str, Food]
) -> Reading:
    may_hold = [food_id for food_id in part.may_hold if food_id not in left_out]
    relatives = [food_id for food_id in part.relatives if food_id not in left_out]
    names = _names(relatives, foods)
    return Reading(
        entry=entry,
        text=part.text,
        problem=_problem(part),
        taken_for=" or ".join(f"“{name}”" for name in part.taken_for),
        leaves_out=_names(part.leaves_out, foods),
        kept=_names(part.kept, foods),
        may_hold=_names(may_hold, foods),
        may_choice=f"anything that may contain {part.text}",
        relatives=names,
        relative_choices=names if len(names) <= MOST_SINGLE_RELATIVES else [part.family],
        restriction="" if part.restriction in ticked else RESTRICTIONS.get(part.restriction, ""),
        nearest=part.nearest,
    )


def _problem(part: Part) -> str:
    return "" if part.understood else _PROBLEMS[part.problem].format(text=part.text)


def _names(food_ids: Iterable[str], foods: Mapping[str, Food]) -> list[str]:
    """Return the names up to a comma, each once."""
    return list(dict.fromkeys(inside_a_sentence(foods[food_id].name.split(",")[0]) for food_id in food_ids))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
