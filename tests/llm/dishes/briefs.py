"""Briefs to write dishes for, and a model that needs no network."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mealplanner.food.catalogue import load_catalogue
from mealplanner.llm.dishes.brief import Brief, make_brief
from mealplanner.llm.dishes.ideas import Idea
from mealplanner.llm.outcomes import BadOutput, Call, Ok, Outcome
from mealplanner.planner.model import PlanRequest
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS
from mealplanner.planner.targets import daily_target, day_slots
from tests.fake_model import content

COMMON: Mapping[str, Any] = {"sent": "", "usage": None, "seconds": 0.0}
IDEA = Idea(kind="main", title="Sunny harvest bowl", cuisine="indian", main_protein="lentils")
WANTED = {"breakfast": 2, "main": 4, "snack": 1}


def request(**wishes: Any) -> PlanRequest:
    """Return a request for 2,000 kcal in 20/50/30 percent, three meals and a snack, a stove, 45 minutes."""
    meals = wishes.pop("meals", {"breakfast": "08:00", "lunch": "12:30", "dinner": "19:00"})
    target = daily_target(wishes.pop("kcal", 2000), *wishes.pop("macros", (20, 50, 30)))
    usual = {"appliances": frozenset({"stove"}), "minutes_per_meal": 45, "days": 7, "seed": 1}
    return PlanRequest(target=target, slots=day_slots(meals, wishes.pop("snacks", 1)), **usual | wishes)


def brief_for(*, dislikes: Sequence[str] = (), recent_titles: Sequence[str] = (), **wishes: Any) -> Brief:
    """Return the brief of a request with these `wishes`."""
    return make_brief(request(**wishes), load_catalogue().foods, dislikes=dislikes, recent_titles=recent_titles)


def any_brief(rng: random.Random, diet: str) -> Brief:
    """Return a random brief for `diet`."""
    return brief_for(
        diet=diet,
        kcal=rng.randint(1200, 3500),
        snacks=rng.randint(1, 3),
        restrictions=frozenset(rng.sample(sorted(RESTRICTIONS), rng.randint(0, 3))),
        disliked_foods=frozenset(rng.sample(sorted(load_catalogue().foods), rng.randint(0, 30))),
        appliances=frozenset(rng.sample(("stove", "oven", "blender", "toaster"), rng.randint(0, 4))),
        minutes_per_meal=rng.choice((15, 30, 60)),
        cuisines=frozenset(rng.sample(("thai", "greek", "nordic"), rng.randint(0, 2))),
    )


VEGAN: Mapping[str, Any] = {"diet": "vegan"}
ALL_DIETS = sorted(DIETS)


class Model:
    """Answers with a function of `tests.fake_model`, and remembers its calls."""

    def __init__(self, answer: Callable[[content.Request], str] = content.answer) -> None:
        self.answer = answer
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> Outcome:
        self.calls.append(call)
        text = self.answer(request_body(call))
        try:
            return Ok(value=json.loads(text), received=text, **COMMON)
        except ValueError as error:
            return BadOutput(why=str(error), received=text, **COMMON)


def request_body(call: Call) -> dict[str, Any]:
    """Return the body of the request for `call`, with a strict schema."""
    schema = {"name": call.schema_name, "strict": True, "schema": call.schema}
    return {
        "model": "any",
        "messages": [{"role": "system", "content": call.system}, {"role": "user", "content": call.user}],
        "response_format": {"type": "json_schema", "json_schema": schema},
    }
