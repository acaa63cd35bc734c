"""Ideas for dishes: what a model proposes for a week, read without trusting it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mealplanner.food.spelling import words
from mealplanner.food.vocabulary import CUISINES
from mealplanner.llm.dishes.brief import LONGEST_TITLE, Brief, main_proteins
from mealplanner.llm.dishes.food_mentions import disliked_title, forbidden_mentions
from mealplanner.llm.dishes.plain_text import text_problem, tidy

MOST_READ: Final = 4
"""Of how many times the wanted number of ideas an answer is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """A dish that is yet to be written."""

    kind: str
    """Among `planner.model.KINDS`."""
    title: str
    cuisine: str
    main_protein: str


def read_ideas(value: Any, brief: Brief, wanted: Mapping[str, int]) -> tuple[Idea, ...]:
    """Return the usable ideas in `value`, at most as many of each kind as are `wanted`.

    Ideas are left out if they do not follow the schema, if their title may not be shown or names what the person does
    not eat, and if they repeat another idea or a dish that was eaten lately.
    """
    left = Counter(wanted)
    seen = {words(title) for title in brief.recent_titles}
    proteins = main_proteins(brief)
    kept = []
    for idea in _listed(value, MOST_READ * sum(wanted.values())):
        if left[idea.kind] > 0 and idea.main_protein in proteins and _is_usable(idea, brief):
            title = words(idea.title)
            if title not in seen:
                left[idea.kind] -= 1
                seen.add(title)
                kept.append(idea)
    return tuple(kept)


def count_ideas(value: Any) -> int:
    """Return how many ideas there are in `value`, usable or not."""
    return len(_items(value))


def _items(value: Any) -> Sequence[Any]:
    items = value.get("ideas") if isinstance(value, dict) else None
    return items if isinstance(items, list) else ()


def _listed(value: Any, most: int) -> Iterator[Idea]:
    for item in _items(value)[:most]:
        fields = [item.get(name) for name in _FIELDS] if isinstance(item, dict) else []
        texts = [field for field in fields if isinstance(field, str)]
        if len(texts) == len(_FIELDS):
            kind, title, cuisine, main_protein = texts
            yield Idea(kind=kind, title=tidy(title), cuisine=cuisine, main_protein=main_protein)


_FIELDS = ("kind", "title", "cuisine", "main_protein")


def _is_usable(idea: Idea, brief: Brief) -> bool:
    return (
        idea.cuisine in CUISINES
        and text_problem(idea.title, LONGEST_TITLE) is None
        and not disliked_title(idea.title, brief)
        and not forbidden_mentions([idea.title], brief, brief.allowed)
    )
