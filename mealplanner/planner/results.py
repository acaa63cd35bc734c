"""The values that the planner returns: a plan, where it falls short, and what would help. All are frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mealplanner.planner.model import Nutrients, Recipe, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMeal:
    """One meal of a plan, with the nutrients of one person's portion."""

    slot: Slot
    recipe: Recipe
    portion: float
    nutrients: Nutrients


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """The meals of one day, in the order they are eaten."""

    meals: tuple[PlannedMeal, ...]

    @property
    def minutes(self) -> int:
        """What the day's meals take together."""
        return sum(meal.recipe.minutes for meal in self.meals)

    @property
    def totals(self) -> Nutrients:
        """The day's energy and macros for one person."""
        return sum((meal.nutrients for meal in self.meals), Nutrients())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A day's figure that lies outside the tolerance."""

    day: int
    """Counted from zero."""
    nutrient: str
    """`kcal`, `protein_g`, `carbohydrate_g` or `fat_g`."""
    target: float
    actual: float


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One change of the preferences.

    `preference` is the field's name there; the macros, three fields that change together, are `macros`.
    """

    action: str
    """`set` the field to the value, or `add` the value to its list, or `remove` it from there."""
    preference: str
    """`snacks_per_day`, `meal_times`, `calorie_goal`, `macros`, `prep_complexity`, `appliances`,
    `disliked_ingredients`, `meat_or_fish`, `dietary_restrictions`, `diet_type` or `ratings`."""
    value: str | int | tuple[int, int, int] | tuple[tuple[str, str], ...]
    """Meal times as pairs of meal and `HH:MM`, macros as percents of protein, carbohydrate and fat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Changes that were computed to help, and what they bring."""

    changes: tuple[Change, ...]
    """Made together."""
    days_met: int
    """Of `days_tried`, how many meet every target; both are 0 when only the choice of dishes was short."""
    days_tried: int
    gained: Mapping[str, int]
    """Kind -> how many more dishes suit."""
    favourites: int = 0
    """How many of the mains gained are of a favourite cuisine."""
    with_meat_or_fish: int = 0
    """How many of the mains gained have meat or fish, where there are too few of those."""
    without_meat_or_fish: int = 0
    """How many of the mains gained have none, where there are too few of those."""
    text: str = ""
    """All of this in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the planner made of a request."""

    days: tuple[PlannedDay, ...]
    shortfalls: tuple[Shortfall, ...] = ()
    """Empty when every day meets every target."""
    advice: tuple[str, ...] = ()
    """Sentences for the person: what was missed and why, then one for each of `remedies`."""
    remedies: tuple[Remedy, ...] = ()
    """At most three, the best first."""
