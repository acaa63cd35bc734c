"""How much energy an adult needs, for people who do not know their number. Pure.

Energy at rest is by Mifflin, St Jeor, Hill, Scott, Daugherty and Koh, "A new predictive equation for resting energy
expenditure in healthy individuals", Am J Clin Nutr 1990;51:241-7, which was fitted to 498 healthy people from 19 to 78
years old. A day is that times a physical activity level; the four levels are those of EFSA's "Scientific opinion on
dietary reference values for energy", EFSA Journal 2013;11(1):3005. The least that is suggested for losing weight is
what the AHA/ACC/TOS guideline of 2013 prescribes at least: 1,200 kcal for women, 1,500 kcal for men.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mealplanner.errors import Invalid

SEXES: Final[Mapping[str, str]] = {"female": "Female", "male": "Male", "between": "Somewhere between"}
"""What the equation has a constant for -> how people read it; between the two is the mean of both."""

ACTIVITIES: Final[Mapping[str, tuple[str, str]]] = {
    "low": ("Mostly sitting", "a desk, the sofa, little walking"),
    "moderate": ("On my feet now and then", "some walking, or sport once or twice a week"),
    "active": ("Active", "on my feet most of the day, or sport most days"),
    "very-active": ("Very active", "heavy work, or hard training every day"),
}
GOALS: Final[Mapping[str, str]] = {"lose": "Lose weight slowly", "keep": "Keep my weight", "gain": "Gain weight slowly"}

AGES: Final = (18, 120)
HEIGHTS: Final = (120.0, 230.0)
"""Centimetres."""
WEIGHTS: Final = (35.0, 250.0)
"""Kilograms."""

_CONSTANT: Final = {"female": -161.0, "male": 5.0, "between": -78.0}
_LEVEL: Final = {"low": 1.4, "moderate": 1.6, "active": 1.8, "very-active": 2.0}
_FLOOR: Final = {"female": 1200, "male": 1500, "between": 1350}
_LESS, _LESS_SHARE, _MORE = 500, 0.2, 300
"""Kcal a day below or above what a day takes; losing never takes more than this share of it."""
_MOST: Final = 6000
_MEASURED_AGE, _MEASURED_BMI = 78, 42.0
_UNDERWEIGHT: Final = 18.5
"""The BMI below which the WHO calls an adult underweight."""

TOO_YOUNG: Final = (
    "This equation is for adults only. While you are growing, your body needs more than it can know, and eating by "
    "numbers can do harm. Please ask a doctor or a dietitian."
)
EXPECTING: Final = (
    "We can't work this out in pregnancy or while breastfeeding: what you need changes from month to month. Please ask "
    "your midwife or doctor, and enter their number if they give you one."
)
TOO_LIGHT: Final = (
    "Your weight is low for your height already, so we won't suggest eating less. Choose another goal, and if you "
    "want to lose weight all the same, please talk to a doctor first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What the equation needs. It is used once and stored nowhere. Height in cm, weight in kg."""

    age: int
    sex: str
    height: float
    weight: float
    activity: str
    goal: str
    expecting: bool = False

    @property
    def bmi(self) -> float:
        """The body mass index, in kg/m²."""
        return self.weight / (self.height / 100) ** 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Kcal a day: what is suggested, at rest, and what a day takes; `notes` say what to keep in mind."""

    kcal: int
    resting: int
    day: int
    notes: tuple[str, ...] = ()


def estimate(body: Body) -> Estimate:
    """Return what `body` needs a day. Raise `Invalid` where the equation does not hold or would do harm."""
    if body.age < AGES[0]:
        raise Invalid({"age": [TOO_YOUNG]})
    if body.expecting:
        raise Invalid({"expecting": [EXPECTING]})
    if body.goal == "lose" and body.bmi < _UNDERWEIGHT:
        raise Invalid({"goal": [TOO_LIGHT]})
    resting = 10 * body.weight + 6.25 * body.height - 5 * body.age + _CONSTANT[body.sex]
    day = resting * _LEVEL[body.activity]
    wanted = day + {"lose": -min(_LESS, _LESS_SHARE * day), "keep": 0, "gain": _MORE}[body.goal]
    floor = min(_FLOOR[body.sex], day) if body.goal == "lose" else 0
    kcal = min(_rounded(max(wanted, floor)), _MOST)
    return Estimate(kcal=kcal, resting=round(resting), day=round(day), notes=tuple(_notes(body, wanted, floor)))


def _notes(body: Body, wanted: float, floor: float) -> list[str]:
    notes = []
    if wanted < floor:
        notes.append(f"We stopped at {_rounded(floor):,} kcal: eating less than that is for a doctor to decide.")
    if wanted > _MOST:
        notes.append(f"That is more than the {_MOST:,} kcal a day that we can plan for.")
    if body.bmi < _UNDERWEIGHT:
        notes.append("Your weight is low for your height. If you did not know, please ask a doctor about it.")
    if body.age > _MEASURED_AGE or body.bmi > _MEASURED_BMI:
        notes.append("The equation was tested on few people like you, so take this as a rough guide.")
    return notes


def _rounded(kcal: float) -> int:
    """To 50 kcal, as the equation is no finer; never below what can be planned for."""
    return max(800, round(kcal / 50) * 50)
