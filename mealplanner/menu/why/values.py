"""Why a dish is on a menu, and why it is safe, as plain values."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mealplanner.food.sources import Citation
from mealplanner.food.wording import inside_a_sentence
from mealplanner.planner.model import Food, Recipe
from mealplanner.planner.proof import FoodCheck
from mealplanner.recipes.values import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedMeal:
    """A meal of the menu as its reasons see it. Numbers are for the portion."""

    id: uuid.UUID
    date: datetime.date
    slot: str
    dish: Recipe
    portion: float
    numbers: Numbers
    skipped: bool
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MealFacts:
    """All that the reasons for one meal are computed from."""

    meal: ServedMeal
    menu: Sequence[ServedMeal]
    """Every meal of the menu, this one too, in the order they are eaten."""
    targets: Numbers
    minutes_per_meal: int
    cuisines: frozenset[str]
    """Those that the person likes best."""
    rating: int
    own: bool
    """Whether it was written for the person."""
    usual: frozenset[int]
    """The weekdays, Monday as 0, on which it is the person's usual dish for this meal."""
    last_eaten: datetime.date | None
    """Before this menu, within `remembered_days`; None: not as far as that."""
    remembered_days: int
    to_use: Mapping[str, datetime.date] = field(default_factory=dict)
    """Food in the house that menus are to use up -> until when it keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason for a dish: what kind it is, for programs, and a sentence."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSafety:
    """What one rule of the person found in a dish, in words."""

    rule: str
    name: str
    suits: bool
    summary: str
    notes: tuple[str, ...]
    """What else to know: traces that do not count, and what a label has to say."""
    checks: tuple[FoodCheck, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodFacts:
    """What is known of one ingredient, in words; "" where there is nothing."""

    food: Food
    contains: str
    may_contain: str
    traces: str
    source: Citation | None
    """None for a food that is not known to this release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyMeal:
    """Why a meal is what it is."""

    menu_id: uuid.UUID
    meal: ServedMeal
    recipe_id: uuid.UUID
    servings: float
    """Of the recipe, for the portion and the people."""
    opinions: frozenset[str]
    usual_days: frozenset[int]
    """The weekdays on which it is usual for this meal."""
    reasons: tuple[Reason, ...]
    rules: tuple[RuleSafety, ...]
    """By the person's rules as they are now."""
    changed: bool
    """Whether the menu was made by other rules."""
    buying: tuple[str, ...]
    """What to look for in the shop, so that the dish is what was proved."""
    foods: tuple[FoodFacts, ...]

    @property
    def safe(self) -> bool:
        """Whether it suits every rule, and all that is in it is known."""
        return not self.unknown and all(rule.suits for rule in self.rules)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names of the ingredients that are not known to this release, so that nothing is proved."""
        return tuple(inside_a_sentence(one.food.aliases[0]) for one in self.foods if not one.food.is_known)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyDay:
    """What a day was meant to be and is; `reached` says of each figure what it is and how far it is off."""

    date: datetime.date
    on_target: bool
    reached: tuple[str, ...]
    variety: str
    effort: str
    meals: tuple[tuple[ServedMeal, Reason], ...]
    """Each with its first reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyMenu:
    """Why a menu is what it is."""

    menu_id: uuid.UUID
    start_date: datetime.date
    length: int
    targets: Numbers
    on_target: str
    variety: tuple[str, ...]
    buying: str
    effort: str
    days: tuple[WhyDay, ...]
