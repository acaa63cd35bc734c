"""The shape of preferences, as a form and as JSON, and what is said about each field that does not have it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from mealplanner.fields import Choice, Decimal, Time, Whole, Words, said
from mealplanner.food.phrases import LONGEST_DISLIKE, MOST_DISLIKES, count_things, entries
from mealplanner.food.vocabulary import APPLIANCES, CUISINES
from mealplanner.planner.habits import LEVELS
from mealplanner.planner.meat_or_fish import ANY
from mealplanner.planner.restrictions import DIETS
from mealplanner.preferences.dislikes import with_choices
from mealplanner.preferences.energy import ACTIVITIES, AGES, GOALS, HEIGHTS, SEXES, WEIGHTS, Body
from mealplanner.preferences.limits import LIMITS
from mealplanner.preferences.limits import from_form as limits_from_form
from mealplanner.preferences.measures import Units, height_cm, weight_kg
from mealplanner.preferences.splits import SPLITS
from mealplanner.preferences.values import HABITS, WEEKDAYS, Preferences
from mealplanner.preferences.ways import MEAT_OR_FISH, MEATLESS, RULES

MEALS = ("breakfast", "lunch", "dinner")
MINUTES_A_MEAL = (5, 240)


def whole_number(least: int, most: int, unit: str = "") -> Whole:
    """Return a field for a required whole number from `least` to `most`."""
    return Whole(least, most, f"Enter a whole number from {least:,} to {most:,}{unit}.", required=True)


def choices(known: Mapping[str, str], what: str) -> Words:
    """Return a field for a list of known slugs."""
    unknown = f"There is no {what} called “{{input}}”. Choose from the list."
    return Words(Choice(known, unknown), f"Send a list of {what}s.")


def few_enough(dislikes: list[str]) -> None:
    """Raise `ValidationError` when `dislikes` name more things than are read."""
    if (count := len(dislikes)) > MOST_DISLIKES or (count := sum(map(count_things, dislikes))) > MOST_DISLIKES:
        raise ValidationError(f"Name at most {MOST_DISLIKES} foods. These are {count:,}.")


def dislikes(**options: Any) -> Words:
    """Return a field for a list of foods as people name them."""
    error = f"Use 1 to {LONGEST_DISLIKE} characters for each food."
    each = fields.String(validate=validate.Length(1, LONGEST_DISLIKE, error=error))
    return Words(each, "Send a list of foods.", validate=few_enough, **options)


def level(habit: str) -> Choice:
    """Return a field for how much a habit matters, which may be left out."""
    return Choice(LEVELS, f"Choose one of {', '.join(LEVELS)}.", load_default=getattr(Preferences(), habit))


class PreferencesSchema(Schema):
    """The fields, and which dislikes are settled. Lists, the minutes of weekdays, the limits of a day, how often to
    have meat or fish and the habits may be left out, which gives them their defaults, but what is settled then stays;
    everything else is required."""

    class Meta:
        unknown = EXCLUDE

    diet_type = Choice(DIETS, f"Choose one of {', '.join(DIETS)}.", required=True)
    dietary_restrictions = choices(RULES, "restriction")
    disliked_ingredients = dislikes()
    settled_dislikes = dislikes(load_default=None)
    recipe_type = choices(CUISINES, "cuisine")
    meat_or_fish = Choice(MEAT_OR_FISH, f"Choose one of {', '.join(MEAT_OR_FISH)}.", load_default=ANY)
    macro_protein = whole_number(0, 100, " percent")
    macro_carbs = whole_number(0, 100, " percent")
    macro_fat = whole_number(0, 100, " percent")
    calorie_goal = whole_number(800, 6000, " kcal a day")
    meal_times = fields.Dict(
        keys=fields.String(validate=validate.OneOf(MEALS, error="The meals are breakfast, lunch and dinner.")),
        values=Time("Enter a time like 08:00.", required=True),
        required=True,
        validate=validate.Length(1, len(MEALS), error="Choose at least one meal of the day."),
        error_messages=said("Send meals with their times.") | {"required": "Choose at least one meal of the day."},
    )
    appliances = choices(APPLIANCES, "appliance")
    prep_complexity = whole_number(0, 100)
    servings_per_meal = whole_number(1, 12)
    snacks_per_day = whole_number(0, 4)
    minutes_by_weekday = fields.Dict(
        keys=fields.String(validate=validate.OneOf(WEEKDAYS, error="The days are monday to sunday.")),
        values=whole_number(*MINUTES_A_MEAL, " minutes"),
        load_default=dict,
        error_messages=said("Send days with the minutes that a meal may take."),
    )

    use_up = level("use_up")
    same_meals = level("same_meals")
    whole_units = level("whole_units")
    short_days = level("short_days")
    day_limits = fields.Dict(
        keys=fields.String(validate=validate.OneOf(tuple(LIMITS), error=f"The limits are {', '.join(LIMITS)}.")),
        values=Decimal(0, 1000, "Enter the grams of a day.", allow_none=True),
        load_default=dict,
        error_messages=said("Send limits with their grams, or null for none."),
    )

    @validates_schema(skip_on_field_errors=True)
    def limits_in_range(self, data: Mapping[str, Any], **_: Any) -> None:
        """Grams that a day can have."""
        for name, grams in data["day_limits"].items():
            words, least, most = LIMITS[name]
            if grams is not None and not least <= grams <= most:
                raise ValidationError(f"{words}: enter from {least:g} to {most:g} g a day.", "day_limits")

    @validates_schema(skip_on_field_errors=True)
    def macros_sum_to_100(self, data: Mapping[str, Any], **_: Any) -> None:
        """Percentages of one whole."""
        total = data["macro_protein"] + data["macro_carbs"] + data["macro_fat"]
        if total != 100:
            raise ValidationError(
                f"Protein, carbohydrate and fat must add up to 100 percent; these add up to {total}.", "macro_protein"
            )

    @post_load
    def value(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the preferences as one value."""
        settled = data.pop("settled_dislikes")
        return {"preferences": Preferences(**data), "settled": settled}


class VersionSchema(Schema):
    """The version a form was opened on."""

    class Meta:
        unknown = EXCLUDE

    version = whole_number(0, 2**31 - 1)


class Measure(fields.Float):
    """A height or a weight, with its unit or in the units of the schema."""

    def __init__(
        self, read: Callable[[str, Units], float | None], limits: tuple[float, float], expected: str, **options: Any
    ) -> None:
        super().__init__(error_messages=said(expected), **options)
        self._read, self._limits = read, limits

    def _validated(self, value: Any) -> float:
        text = str(value) if isinstance(value, str | int | float) else ""
        found = self._read(text, cast(BodySchema, self.parent).units)
        if found is None or not self._limits[0] <= found <= self._limits[1]:
            raise self.make_error("invalid")
        return found


class BodySchema(Schema):
    """What the equation for a person's energy takes, in the units that they use."""

    class Meta:
        unknown = EXCLUDE

    def __init__(self, units: Units = "metric") -> None:
        super().__init__()
        self.units = units

    age = Whole(0, AGES[1], f"Enter your age in years, from {AGES[0]} to {AGES[1]}.", required=True)
    sex = Choice(SEXES, f"Choose one of {', '.join(SEXES)}.", required=True)
    height = Measure(height_cm, HEIGHTS, "Enter your height, like 172 cm or 5 ft 8.", required=True)
    weight = Measure(weight_kg, WEIGHTS, "Enter your weight, like 70 kg or 154 lb.", required=True)
    activity = Choice(ACTIVITIES, f"Choose one of {', '.join(ACTIVITIES)}.", required=True)
    goal = Choice(GOALS, f"Choose one of {', '.join(GOALS)}.", load_default="keep")
    expecting = fields.Boolean(load_default=False)

    @post_load
    def value(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return them as one value."""
        return {"body": Body(**data)}


class SplitSchema(Schema):
    """The name of a usual split."""

    class Meta:
        unknown = EXCLUDE

    split = Choice(SPLITS, f"Choose one of {', '.join(SPLITS)}.", required=True)


LISTS = ("dietary_restrictions", "disliked_ingredients", "recipe_type", "appliances")


class ChangeSchema(Schema):
    """One change, as the planner proposes it."""

    action = fields.String(required=True, validate=validate.OneOf(("set", "add", "remove")))
    preference = fields.String(required=True, validate=validate.OneOf((*PreferencesSchema().fields, "macros")))
    value = fields.Raw(required=True)

    @validates_schema(skip_on_field_errors=True)
    def fits(self, data: Mapping[str, Any], **_: Any) -> None:
        """Check that the value has the shape of the preference; `PreferencesSchema` checks the rest."""
        match data["action"], data["preference"], data["value"]:
            case "set", "macros", [int(), int(), int()]:
                return
            case "set", "meal_times", list(times):
                fitting = all(isinstance(pair, list) and [*map(type, pair)] == [str, str] for pair in times)
            case "add" | "remove", name, str():
                fitting = name in LISTS
            case "set", name, str() | int():
                fitting = name not in (*LISTS, "macros", "meal_times")
            case _:
                fitting = False
        if not fitting:
            raise ValidationError("There is no such change. Go back and use the link again.")


class ChangesSchema(Schema):
    """Changes in the address of a page, as JSON."""

    class Meta:
        unknown = EXCLUDE

    changes = fields.Nested(ChangeSchema, many=True, required=True)

    @pre_load
    def from_json(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Read the JSON."""
        try:
            return {"changes": json.loads(data.get("changes", ""))}
        except (TypeError, ValueError, RecursionError):
            raise ValidationError("The address is not complete. Go back and use the link again.", "changes") from None


def from_form(form: Any) -> dict[str, Any]:
    """Return the fields of the HTML form, which has repeated names, a text area, and a box and a time for each meal."""
    single = {name: form.get(name, "") for name in _SINGLE}
    lists = {name: form.getlist(name) for name in ("dietary_restrictions", "recipe_type", "appliances")}
    disliked = with_choices(entries(form.get("disliked_ingredients", "")), dict(form.lists()))
    times = {meal: form.get(f"time_{meal}", "") for meal in form.getlist("meals")}
    settled = form.getlist("settled")
    minutes = {day: minutes for day in WEEKDAYS if (minutes := form.get(f"minutes_{day}", ""))}
    return {
        **single,
        **lists,
        **{habit: form[habit] for habit in HABITS if habit in form},
        "meat_or_fish": ANY if single["diet_type"] in MEATLESS else form.get("meat_or_fish", ANY),
        "disliked_ingredients": disliked,
        "settled_dislikes": settled,
        "meal_times": times,
        "minutes_by_weekday": minutes,
        "day_limits": limits_from_form(form),
    }


_SINGLE = (
    "diet_type", "macro_protein", "macro_carbs", "macro_fat", "calorie_goal", "prep_complexity", "servings_per_meal",
    "snacks_per_day", "version",
)  # fmt: skip
