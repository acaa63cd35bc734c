"""The values that the planner is given: foods, recipes and the request for a plan.

All are frozen and know nothing of databases, web requests or files. Masses are grams, energy is kilocalories (kcal),
shares are fractions of one. Foods carry their figures per 100 g; recipes list the grams of one serving; a portion is a
multiple of that serving.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from mealplanner.planner.habits import Goods, Habits

PORTIONS: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
"""The portions that may be served, as multiples of one serving."""

TOLERANCE: Final = 0.05
"""How far a day's energy or macro may lie from its target, as a fraction of the target."""

MOST_GRAMS: Final = 900
"""What a meal weighs at most, as its ingredients are weighed: more does not go on a plate."""

TOO_LONG: Final = 1.5
"""How many times its written minutes a dish counts with that a person finds too long."""

BREAKFAST: Final = "breakfast"
MAIN: Final = "main"
SNACK: Final = "snack"
KINDS: Final = (BREAKFAST, MAIN, SNACK)
"""What a recipe can be served as. Lunch and dinner are both mains."""

NO_CUISINE: Final = "international"
"""The cuisine of a dish that is of no country's kitchen in particular, as a handful of nuts or a tray of vegetables."""

FIGURES: Final = ("kcal", "protein_g", "carbohydrate_g", "fat_g")
"""The figures that have a target, as they are called in `Nutrients`."""


@dataclass(frozen=True, slots=True)
class Nutrients:
    """Energy in kcal and the three macronutrients in grams."""

    kcal: float = 0.0
    protein_g: float = 0.0
    carbohydrate_g: float = 0.0
    fat_g: float = 0.0

    def __add__(self, other: Nutrients) -> Nutrients:
        return Nutrients(
            self.kcal + other.kcal,
            self.protein_g + other.protein_g,
            self.carbohydrate_g + other.carbohydrate_g,
            self.fat_g + other.fat_g,
        )

    def __mul__(self, factor: float) -> Nutrients:
        return Nutrients(self.kcal * factor, self.protein_g * factor, self.carbohydrate_g * factor, self.fat_g * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Food:
    """One food of the table, in one state (raw, cooked, dry and canned are different foods).

    `contains` names the traits it certainly has, `may_contain` those that cannot be excluded, and `traces` the
    allergens that may get into it by accident; all use the vocabulary of `planner.restrictions.TRAITS`. `per_100g`
    and the fields after it are per 100 g, as in the entry of a table of food composition that `source` names.
    """

    id: str
    name: str
    state: str
    aisle: str
    source: str
    per_100g: Nutrients
    saturates_g: float
    """Part of the fat; `nan` where it is not known, as are the next three."""
    fibre_g: float
    sugars_g: float
    salt_g: float
    contains: frozenset[str]
    may_contain: frozenset[str]
    traces: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()
    grams_per: Mapping[str, float] = field(default_factory=dict)
    """Grams of a household measure: keys among `cup`, `tbsp` and `tsp`."""
    is_known: bool = True
    """Whether anything is known of it; if not, it may hold anything, whatever the fields above say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """Grams of one food in one serving of a recipe."""

    food_id: str
    grams: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A dish, written for one serving."""

    slug: str
    title: str
    kinds: frozenset[str]
    """Among `KINDS`."""
    cuisine: str
    main_protein: str
    minutes: int
    appliances: frozenset[str]
    """All of them are needed."""
    ingredients: tuple[Ingredient, ...]
    steps: tuple[str, ...]
    day_before: str = ""
    """What to prepare the day before, as a step; empty where all is done on the day."""
    makes: int = 1
    """The servings that it cannot be made for fewer than: a cake, a tray, a slow cooker."""
    keeps_days: int = 0
    """For how many days after that on which it is made what is left can be eaten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in the day that wants a meal."""

    name: str
    """`breakfast`, `lunch`, `dinner` or `snack`."""
    kind: str
    """The kind of recipe it takes, among `KINDS`."""
    share: float
    """Its usual fraction of the day's energy; the shares of a day sum to one."""
    time: str
    """When it is eaten, `HH:MM`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """All that a plan depends on. Equal requests on equal catalogues give equal plans."""

    target: Nutrients
    """What each day should add up to."""
    slots: tuple[Slot, ...]
    days: int
    seed: int
    diet: str = "omnivore"
    restrictions: frozenset[str] = frozenset()
    disliked_foods: frozenset[str] = frozenset()
    """Food ids."""
    dislikes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What the person typed -> the foods of `disliked_foods` that it leaves out: dropped together, if at all."""
    cuisines: frozenset[str] = frozenset()
    """Cuisines the person likes best; empty means no preference."""
    meat_or_fish: str = "any"
    """How often the meals have some, among `meat_or_fish.CHOICES`."""
    day_limits: Mapping[str, float] = field(default_factory=dict)
    """Name of `details.DETAILS` -> the grams of a day, at least or at most, that are wished for."""
    appliances: frozenset[str] = frozenset()
    minutes_per_meal: int = 45
    minutes_on: Mapping[int, int] = field(default_factory=dict)
    """Day, counted from zero -> the minutes of a meal on it, where they differ from `minutes_per_meal`."""
    servings: int = 1
    """The people who eat."""
    recent: Mapping[str, int] = field(default_factory=dict)
    """Slug of a recipe eaten lately -> how many days before the first day of this plan."""
    favoured: frozenset[str] = frozenset()
    """Slugs of recipes that are served, each once at least, wherever the targets and the week's rules allow it."""
    ratings: Mapping[str, int] = field(default_factory=dict)
    """Slug of a recipe -> 1 for a favourite, which is served more often, -1 for one that is wanted never again."""
    too_long: frozenset[str] = frozenset()
    """Slugs of recipes that take the person longer than is written: they count with `TOO_LONG` times their minutes."""
    usual: Mapping[tuple[int, str], str] = field(default_factory=dict)
    """Day, counted from zero, and name of a slot -> slug of the recipe that stands there, if the request admits it; of
    several snacks, the first."""
    barred: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Slug of a recipe -> the days of the plan, counted from zero, on which it is not served."""
    unprepared: frozenset[int] = frozenset({0})
    """The days, counted from zero, before which nothing can be prepared any more."""

    bonus: Mapping[str, float] = field(default_factory=dict)
    """Slug of a recipe -> points off what it costs, such as for using up what is in the house."""
    goods: Mapping[str, Goods] = field(default_factory=dict)
    """How foods are bought, by their ids; one that is not among them is bought as itself and keeps."""
    habits: Habits = field(default_factory=Habits)
    day_names: tuple[str, ...] = ()
    """What sentences call the days: `Tuesday`, or `day 2` where there are no names."""

    def barred_days(self, recipe: Recipe) -> Mapping[int, tuple[str, ...]]:
        """Return the days on which `recipe` is not served, and every reason: it is `barred` there, takes `too long` for
        the day, or is `unprepared`, since it cannot be begun the day before.

        A favoured dish is served unprepared where there are no other days.
        """
        reasons: dict[str, Iterable[int]] = {"barred": self.barred.get(recipe.slug, ())}
        if self.minutes_on:
            minutes = self.minutes_of(recipe)
            reasons["too long"] = [day for day in range(self.days) if minutes > self.minutes_of_day(day)]
        if recipe.day_before and not (recipe.slug in self.favoured and self.unprepared >= frozenset(range(self.days))):
            reasons["unprepared"] = self.unprepared
        found = defaultdict[int, tuple[str, ...]](tuple)
        for reason, days in reasons.items():
            for day in days:
                found[day] += (reason,)
        return found

    def minutes_of_day(self, day: int) -> int:
        """Return the minutes that a meal may take on `day`."""
        return self.minutes_on.get(day, self.minutes_per_meal)

    @property
    def most_minutes(self) -> int:
        """The minutes that a meal may take on the day that has most time."""
        return max(map(self.minutes_of_day, range(self.days)))

    def is_late_for(self, recipe: Recipe, day: int) -> bool:
        """Whether `recipe` would have had to be begun before `day`, and could not be."""
        return bool(recipe.day_before) and day in self.unprepared

    def portions_of(self, recipe: Recipe) -> tuple[float, ...]:
        """Return the portions in which `recipe` may be served: none that weighs too much, and of a dish of which
        nothing can be kept, none for which it cannot be made."""
        grams = sum(item.grams for item in recipe.ingredients)
        least = 0 if recipe.keeps_days else recipe.makes
        if least <= 1 and PORTIONS[-1] * grams <= MOST_GRAMS:
            return PORTIONS
        return tuple(
            portion
            for portion in PORTIONS
            if portion * grams <= MOST_GRAMS and (least <= 1 or portion * self.servings >= least)
        )

    def name_of(self, day: int) -> str:
        """Return what to call a day, counted from zero."""
        return self.day_names[day] if self.day_names else f"day {day + 1}"

    def minutes_of(self, recipe: Recipe) -> int:
        """Return what `recipe` counts against the minutes of a meal."""
        return math.ceil(recipe.minutes * (TOO_LONG if recipe.slug in self.too_long else 1))
