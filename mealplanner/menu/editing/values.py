"""Menus and meals as they are edited, and the journal of edits, as plain values."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from mealplanner.errors import NotFound
from mealplanner.menu.editing.errors import UnknownVersion
from mealplanner.menu.generation.inputs import GenerationInputs
from mealplanner.menu.notices import Advice
from mealplanner.menu.values import MenuSummary
from mealplanner.paging import Part
from mealplanner.planner.model import Recipe as Dish
from mealplanner.preferences.values import Preferences
from mealplanner.recipes.assembly import RecipeRow
from mealplanner.recipes.values import Numbers

SMALLEST_PORTION: Final = 0.25
LARGEST_PORTION: Final = 4.0
MOST_SERVINGS: Final = 12
LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When an edit is made: the time, and the date in the person's time zone."""

    now: datetime.datetime
    today: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The meal that a person edits, and the version of the menu that they saw when they decided to."""

    user_id: uuid.UUID
    menu_id: uuid.UUID
    meal_id: uuid.UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedMeal:
    """A meal at its place in the menu, with everything that an edit can change."""

    id: uuid.UUID
    changed_in: int
    day: int
    position: int
    slot: str
    time: datetime.time
    recipe_id: uuid.UUID
    title: str
    portion: float
    servings: int
    kcal: float
    protein_g: float
    carbohydrate_g: float
    fat_g: float
    locked: bool
    note: str | None
    skipped: str | None
    eaten_at: datetime.datetime | None
    cooked_at: datetime.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMenu:
    """A finished menu, opened to be edited."""

    id: uuid.UUID
    user_id: uuid.UUID
    version: int
    undoable: int | None
    redoable: int | None
    start_date: datetime.date
    days: int
    warnings: tuple[str, ...]
    advice: Advice
    targets: Numbers
    meals: Mapping[uuid.UUID, PlacedMeal]
    """By id, in the order in which they are eaten."""
    elsewhere: frozenset[int] = frozenset()
    """The days that belong to another menu now, counted from this one's first."""

    def meal(self, meal_id: uuid.UUID) -> PlacedMeal:
        """Return a meal. Raise `NotFound`."""
        if meal_id not in self.meals:
            raise NotFound
        return self.meals[meal_id]

    def date_of(self, meal: PlacedMeal) -> datetime.date:
        """Return the date on which `meal` is eaten."""
        return self.start_date + datetime.timedelta(days=meal.day)

    def require_known(self, version: int) -> None:
        """Raise `UnknownVersion` for a version that this menu never had."""
        if not 1 <= version <= self.version:
            raise UnknownVersion(self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eater:
    """What decides which dishes a person may be served."""

    preferences: Preferences
    ratings: Mapping[str, int]
    """As in `planner.model.PlanRequest`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dishes:
    """Dishes by id."""

    known: Mapping[uuid.UUID, Dish]
    deleted: frozenset[uuid.UUID]
    """Those that the person deleted and a menu still serves: they stay there, and are served nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kitchen:
    """A menu with all that bears on what could be served instead."""

    menu: OpenMenu
    targets: Mapping[str, float]
    made_for: Preferences
    """As they were when the menu was requested: they say which meals a day has."""
    inputs: GenerationInputs
    """With the preferences as they are now."""
    own: Sequence[RecipeRow]
    """The dishes of the person's own that may be planned."""
    dishes: Sequence[RecipeRow]
    """These, and the stored ones that the menu serves."""
    skip_energy: str | None
    """What the person chose last for the energy of a meal they skip."""
    today: datetime.date | None = None
    """The date in the person's time zone, where it matters what can be prepared the day before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An entry of the journal without what it changed."""

    version: int
    undoes: int | None
    redoes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """An entry of the journal, as in `models.MenuEdit`."""

    version: int
    what: str
    before: Mapping[str, Mapping[str, Any]]
    after: Mapping[str, Mapping[str, Any]]
    made_at: datetime.datetime
    undoes: int | None
    redoes: int | None

    @property
    def step(self) -> Step:
        """What the order of undoing depends on."""
        return Step(version=self.version, undoes=self.undoes, redoes=self.redoes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A menu and a part of its edits."""

    summary: MenuSummary
    edits: Part[Edit]
    """The newest first."""
    named: Sequence[Edit]
    """Those that edits of this part undo or redo."""
    steps: Sequence[Step]
    """All of them, in the order in which they were made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What an edit led to: the version of the menu, the day on which it is seen, and what is said of it."""

    version: int
    date: datetime.date
    text: str = "It was like that already, so nothing was changed."
    way_back: Literal["undo", "redo", "info"] = "info"
    """The step that takes it back, which is offered beside the text; `info`: nothing has to be taken back."""
