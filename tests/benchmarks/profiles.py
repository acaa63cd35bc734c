"""The people whom the planner's benchmarks plan for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.match import read_dislikes
from mealplanner.food.vocabulary import APPLIANCES
from mealplanner.planner.day_limits import recommended
from mealplanner.planner.model import PlanRequest
from mealplanner.planner.targets import daily_target, day_slots

MEALS = {"breakfast": "08:00", "lunch": "12:30", "dinner": "19:00"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person to plan for."""

    name: str
    kcal: float
    macros: tuple[float, float, float]
    diet: str = "omnivore"
    snacks: int = 1
    meals: tuple[str, ...] = ("breakfast", "lunch", "dinner")
    days: int = 7
    dislikes: tuple[str, ...] = ()
    """Words that a person types."""
    wishes: Mapping[str, object] = field(default_factory=dict)

    def request(self, seed: int) -> PlanRequest:
        """Return the profile's request, with every appliance, 60 minutes a meal and the recommended limits unless it
        says otherwise."""
        usual = PlanRequest(
            target=daily_target(self.kcal, *self.macros),
            slots=day_slots({name: MEALS[name] for name in self.meals}, self.snacks),
            days=self.days,
            seed=seed,
            diet=self.diet,
            day_limits=recommended(self.kcal),
            appliances=frozenset(APPLIANCES),
            minutes_per_meal=60,
            disliked_foods=read_dislikes(self.dislikes, load_catalogue().foods).foods,
        )
        return replace(usual, **self.wishes)  # type: ignore[arg-type]


PROFILES = (
    Profile(name="vegan 1800 20/55/25", kcal=1800, macros=(20, 55, 25), diet="vegan"),
    Profile(name="vegan 1800, no snack", kcal=1800, macros=(20, 55, 25), diet="vegan", snacks=0),
    Profile(name="vegan 1800, 2 snacks", kcal=1800, macros=(20, 55, 25), diet="vegan", snacks=2),
    Profile(name="omnivore 2000 30/40/30", kcal=2000, macros=(30, 40, 30)),
    Profile(name="omnivore 2000 15/55/30", kcal=2000, macros=(15, 55, 30), snacks=2),
    Profile(name="vegetarian 2200 20/50/30", kcal=2200, macros=(20, 50, 30), diet="vegetarian"),
    Profile(name="pescatarian 2000 25/45/30", kcal=2000, macros=(25, 45, 30), diet="pescatarian"),
    Profile(name="gluten-free 2000 20/50/30", kcal=2000, macros=(20, 50, 30), diet="gluten-free"),
    Profile(name="dairy-free 2000 25/45/30", kcal=2000, macros=(25, 45, 30), diet="dairy-free"),
    Profile(name="halal 2200 25/45/30", kcal=2200, macros=(25, 45, 30), diet="halal"),
    Profile(name="kosher 2000 20/50/30", kcal=2000, macros=(20, 50, 30), diet="kosher"),
    Profile(name="paleo 2000 30/30/40", kcal=2000, macros=(30, 30, 40), diet="paleo"),
    Profile(name="keto 1800 25/8/67", kcal=1800, macros=(25, 8, 67), diet="keto"),
    Profile(name="omnivore 1800 20/10/70", kcal=1800, macros=(20, 10, 70)),
    Profile(name="athlete 3000 25/50/25", kcal=3000, macros=(25, 50, 25), snacks=2),
    Profile(name="vegan 3000 20/55/25", kcal=3000, macros=(20, 55, 25), diet="vegan", snacks=2),
    Profile(name="small 1500 25/45/30", kcal=1500, macros=(25, 45, 30)),
    Profile(name="vegan 1500 20/50/30", kcal=1500, macros=(20, 50, 30), diet="vegan"),
    Profile(name="quick 2000, 20 minutes", kcal=2000, macros=(20, 50, 30), wishes={"minutes_per_meal": 20}),
    Profile(name="stove only 2000", kcal=2000, macros=(20, 50, 30), wishes={"appliances": frozenset({"stove"})}),
    Profile(
        name="vegan, no nuts, no soy",
        kcal=2000,
        macros=(15, 60, 25),
        diet="vegan",
        wishes={"restrictions": frozenset({"tree-nuts", "peanuts", "soy"})},
    ),
    Profile(
        name="vegetarian, gluten, milk",
        kcal=2000,
        macros=(18, 52, 30),
        diet="vegetarian",
        wishes={"restrictions": frozenset({"gluten", "milk"})},
    ),
    Profile(
        name="likes Italian and Thai",
        kcal=2000,
        macros=(20, 50, 30),
        wishes={"cuisines": frozenset({"italian", "thai"})},
    ),
    Profile(name="omnivore, four weeks", kcal=2000, macros=(20, 50, 30), snacks=2, days=28),
    Profile(
        name="keto vegetarian 1800 22/10/68",
        kcal=1800,
        macros=(22, 10, 68),
        diet="keto",
        wishes={"restrictions": frozenset({"vegetarian"})},
    ),
    Profile(name="keto 1500 25/5/70", kcal=1500, macros=(25, 5, 70), diet="keto"),
    Profile(
        name="dislikes dairy, meat, legumes",
        kcal=2000,
        macros=(20, 50, 30),
        dislikes=("dairy", "meat", "legumes"),
    ),
    Profile(name="vegan 2000 30/40/30", kcal=2000, macros=(30, 40, 30), diet="vegan"),
    Profile(name="omnivore 1200 30/40/30", kcal=1200, macros=(30, 40, 30)),
    Profile(name="omnivore 4000 20/50/30", kcal=4000, macros=(20, 50, 30), snacks=2),
    Profile(name="one meal a day, 1000", kcal=1000, macros=(25, 45, 30), meals=("dinner",), snacks=0),
    Profile(name="lunch and dinner, 1600", kcal=1600, macros=(25, 45, 30), meals=("lunch", "dinner"), snacks=0),
    Profile(name="six meals, 2200", kcal=2200, macros=(20, 50, 30), snacks=3),
    Profile(
        name="halal without gluten, 1800",
        kcal=1800,
        macros=(25, 45, 30),
        diet="halal",
        wishes={"restrictions": frozenset({"gluten"})},
    ),
)
"""Includes the acceptance case, vegan 1800 kcal 20/55/25, and some that are hard on purpose."""
