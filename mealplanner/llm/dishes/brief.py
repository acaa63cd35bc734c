"""The brief for a dish: what a person eats, their kitchen, and nothing that says who they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mealplanner.food.match import read_dislikes
from mealplanner.food.phrases import LONGEST_DISLIKE, MOST_DISLIKES
from mealplanner.food.vocabulary import ENERGY_LIMITS, MAIN_PROTEINS
from mealplanner.planner.meat_or_fish import is_unwanted
from mealplanner.planner.model import Food, Ingredient, Nutrients, PlanRequest, Recipe
from mealplanner.planner.pool import rules
from mealplanner.planner.restrictions import TRAITS, Verdict, refusal, suits

MOST_TITLES: Final = 60
LONGEST_TITLE: Final = 80

LEAST_PROTEIN: Final = 1.0
"""Grams of protein in 100 g of a food that a dish can be built on: butter makes no dairy dish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """All that a model may know of the person it writes for. Equal briefs give equal questions."""

    request: PlanRequest
    foods: Mapping[str, Food]
    """The whole table."""
    allowed: tuple[Food, ...]
    """The closed list: all that this person may eat and does not dislike."""
    dislikes: tuple[str, ...]
    """Dislikes as they were typed that are not foods of the table: data, never instruction."""
    known_dislikes: tuple[str, ...]
    """Dislikes that the table knows: these foods are off the list, and the words are not sent."""
    recent_titles: tuple[str, ...]
    """Dishes that they ate lately."""


def make_brief(
    request: PlanRequest, foods: Mapping[str, Food], *, dislikes: Sequence[str] = (), recent_titles: Sequence[str] = ()
) -> Brief:
    """Return the brief for `request`; `dislikes` are the person's own words.

    Texts lose what cannot be printed, and are cut. Raise `KeyError` for an unknown diet or restriction.
    """
    read = read_dislikes(_tidied(dislikes, LONGEST_DISLIKE)[:MOST_DISLIKES], foods)
    return Brief(
        request=request,
        foods=foods,
        allowed=allowed_foods(request, foods),
        dislikes=read.unknown_texts,
        known_dislikes=tuple(part.text for part in read.parts if part.understood),
        recent_titles=_tidied(recent_titles, LONGEST_TITLE)[:MOST_TITLES],
    )


def allowed_foods(request: PlanRequest, foods: Mapping[str, Food]) -> tuple[Food, ...]:
    """Return the foods that certainly suit every rule of `request` and are not disliked, in the order of the table."""
    kept_to = rules(request)
    return tuple(
        food
        for food in foods.values()
        if food.id not in request.disliked_foods
        and not is_unwanted(request, food)
        and all(suits(food, rule) is Verdict.YES for rule in kept_to)
    )


def main_proteins(brief: Brief) -> tuple[str, ...]:
    """Return the main proteins that a food of the closed list can give that keeps to every rule even by itself: no
    keto dish is built on chickpeas."""
    sources = [
        food for food in brief.allowed if food.per_100g.protein_g >= LEAST_PROTEIN and _stands_alone(food, brief)
    ]
    return tuple(name for name, marks in MAIN_PROTEINS.items() if any(_gives(food, marks) for food in sources))


def aim(brief: Brief, kind: str) -> Nutrients:
    """Return what one serving of a dish of `kind` should hold: its share of the day, within what a serving can hold.

    Raise `ValueError` if no slot of the day takes such a dish.
    """
    norms = slot_norms(brief.request, kind)
    if not norms:
        raise ValueError(f"expected a kind of dish that the day has a slot for, got {kind!r}")
    target, (least, most) = brief.request.target, ENERGY_LIMITS[kind]
    kcal = min(max(sum(norms) / len(norms), 1.2 * least), 0.85 * most)
    return target * (kcal / target.kcal)


def slot_norms(request: PlanRequest, kind: str) -> tuple[float, ...]:
    """Return the kcal of each slot of the day that takes a dish of `kind`."""
    return tuple(request.target.kcal * slot.share for slot in request.slots if slot.kind == kind)


def _stands_alone(food: Food, brief: Brief) -> bool:
    dish = Recipe(
        slug=food.id,
        title=food.name,
        kinds=frozenset(),
        cuisine="",
        main_protein="",
        minutes=0,
        appliances=frozenset(),
        ingredients=(Ingredient(food_id=food.id, grams=100),),
        steps=(),
    )
    return refusal(dish, brief.foods, rules(brief.request)) is None


def _gives(food: Food, marks: frozenset[str]) -> bool:
    """Return whether `food` has one of `marks`. A trait counts only if it is certain: coconut milk is not dairy."""
    named = {*food.id.split("-"), food.aisle} - TRAITS
    return bool(marks & (food.contains | named))


def _tidied(texts: Iterable[str], longest: int) -> tuple[str, ...]:
    printable = ("".join(letter if letter.isprintable() else " " for letter in text) for text in texts)
    return tuple(dict.fromkeys(filter(None, (" ".join(text.split())[:longest] for text in printable))))
