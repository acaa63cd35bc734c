"""The answers of a good model: the ideas that are wanted, and recipes of the foods that the question lists.

It knows nothing but the request. Its recipes are those of the catalogue whose foods are all on the list, under another
title and with other amounts; where there is none, it cooks something of the list. The same request, the same answer.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.recipe_checks import check_recipe
from mealplanner.food.steps import step_text
from mealplanner.food.vocabulary import MAIN_PROTEINS
from mealplanner.planner.model import SNACK, Food, Ingredient, Recipe
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.restrictions import TRAITS, refusal

Request = Mapping[str, Any]

FIRST = (
    *("amber", "autumn", "bright", "coastal", "crisp", "early", "garden", "golden", "harvest", "hearty", "late"),
    *("mellow", "quick", "quiet", "rustic", "silver", "simple", "slow", "smoky", "spring", "summer", "sunny", "warm"),
)
LAST = {
    "main": ("bowl", "dinner", "dish", "feast", "kitchen", "meadow", "medley", "pan", "plate", "pot", "supper"),
    "breakfast": ("breakfast", "morning", "start", "sunrise"),
    "snack": ("bite", "break", "nibble", "treat"),
}

OFFERED = {"cuisine": ["international"], "main_protein": ["vegetables"]}
"""For a schema that offers nothing, because no food is left."""


def answer(request: Request) -> str:
    """Return the content of the message that answers `request`, the body of a chat completion."""
    question = document(request)
    value = ideas(request, question) if "wanted" in question else dish(question)
    return json.dumps(value, ensure_ascii=False)


def document(request: Request) -> dict[str, Any]:
    """Return the JSON document of the question: the last line of the user's message."""
    (text,) = (message["content"] for message in request["messages"] if message["role"] == "user")
    return dict(json.loads(text.rsplit("\n", 1)[-1]))


def ideas(request: Request, question: Mapping[str, Any]) -> dict[str, Any]:
    """Return as many ideas of each kind as are wanted, all different, of the cuisines and proteins on offer."""
    rng = random.Random(json.dumps(question, sort_keys=True))
    offered = _offered(request)
    taken = {title.casefold() for title in question["recent"]}
    listed = []
    for kind, count in question["wanted"].items():
        for _ in range(count):
            title = next(title for title in _titles(rng, kind) if title.casefold() not in taken)
            taken.add(title.casefold())
            cuisine = rng.choice(question["cuisines"] or offered["cuisine"])
            protein = rng.choice(offered["main_protein"])
            listed.append({"kind": kind, "title": title, "cuisine": cuisine, "main_protein": protein})
    return {"ideas": listed}


def _titles(rng: random.Random, kind: str) -> Iterator[str]:
    for size in range(2, 99):
        for _ in range(20):
            yield " ".join((*rng.sample(FIRST, size - 1), rng.choice(LAST[kind]))).capitalize()


def _offered(request: Request) -> dict[str, list[str]]:
    """Return the cuisines and main proteins of the schema, wherever the request holds it."""
    text = json.dumps(request, ensure_ascii=False).replace('\\"', '"')
    found = {
        name: re.search(rf'"{name}": ?{{[^}}]*"enum": ?(\[[^\]]*\])', text) for name in ("cuisine", "main_protein")
    }
    return OFFERED | {name: json.loads(match[1]) for name, match in found.items() if match}


def dish(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return the dish that is asked for, or the best there is; another one if an answer was refused already."""
    catalogue = load_catalogue()
    listed = [catalogue.foods[food_id] for food_id in food_ids(question)]
    sound = (made for made in _candidates(question, listed) if _is_sound(made, question))
    first = next(sound, None) or next(_candidates(question, listed))
    made = next((made for made in chain([first], sound) if not _repeats(made, question)), first)
    return {
        "title": made.title,
        "ingredients": [{"food": item.food_id, "grams": item.grams} for item in made.ingredients],
        "steps": list(made.steps),
        "minutes": made.minutes,
        "appliances": sorted(made.appliances),
    }


def food_ids(question: Mapping[str, Any]) -> list[str]:
    """Return the closed list of the document."""
    return [entry.split(":")[0] for shelf in question["foods"].values() for entry in shelf.split("; ")]


def _candidates(question: Mapping[str, Any], listed: list[Food]) -> Iterator[Recipe]:
    """Yield dishes of the catalogue that the list allows, those of the wanted protein first, then made-up ones."""
    wanted = question["dish"]
    rng = random.Random(wanted["title"])
    allowed = {food.id for food in listed}
    known = [
        _in_plain_words(recipe)
        for recipe in load_catalogue().recipes
        if wanted["kind"] in recipe.kinds and all(item.food_id in allowed for item in recipe.ingredients)
    ]
    rng.shuffle(known)
    known.sort(key=lambda recipe: (recipe.main_protein != wanted["main_protein"], recipe.cuisine != wanted["cuisine"]))
    for recipe in known:
        yield _made_new(recipe, question)
    sources = [food for food in listed if _gives(food, wanted["main_protein"]) and food.per_100g.protein_g >= 1]
    for source in rng.sample(sources, len(sources)):
        for recipe in known[:20]:
            yield _made_new(_with(source, recipe), question)
    for _ in range(1000):
        yield _made_new(_cooked(rng, rng.choice(sources), listed), question)


def _in_plain_words(recipe: Recipe) -> Recipe:
    """Return `recipe` without the notation of the catalogue, which no model knows."""
    grams = {item.food_id: item.grams for item in recipe.ingredients}
    steps = (step_text(step, load_catalogue().foods, grams, 1, "metric") for step in recipe.steps)
    return replace(recipe, steps=tuple(steps))


def _made_new(recipe: Recipe, question: Mapping[str, Any]) -> Recipe:
    """Return `recipe` with the title that is asked for, and with the energy as far as plausible amounts allow."""
    wanted, kcal = question["dish"], nutrients(recipe, load_catalogue().foods).kcal
    factor = min(max(question["aim"]["kcal"] / max(kcal, 1), 0.6), 1.6)
    return replace(
        recipe,
        title=wanted["title"],
        kinds=frozenset({wanted["kind"]}),
        cuisine=wanted["cuisine"],
        main_protein=wanted["main_protein"],
        ingredients=tuple(replace(item, grams=round(item.grams * factor, 1)) for item in recipe.ingredients),
    )


def _with(source: Food, recipe: Recipe) -> Recipe:
    grams = min(120.0, 1500 / source.per_100g.protein_g)
    others = tuple(replace(item, grams=item.grams / 2) for item in recipe.ingredients if item.food_id != source.id)
    return replace(
        recipe,
        ingredients=(Ingredient(food_id=source.id, grams=grams), *others),
        steps=(*recipe.steps, f"Add the {source.name.lower()}, heated through if need be, and serve."),
    )


def _cooked(rng: random.Random, source: Food, listed: list[Food]) -> Recipe:
    """Return a plain dish of a source of protein and other foods of the list."""
    others = [food for food in rng.sample(listed, min(len(listed), rng.randint(2, 5))) if food.id != source.id]
    names = [food.name.lower() for food in (source, *others)]
    grams = [rng.choice((40, 90, 150)) / (1 + food.per_100g.kcal / 250) for food in others]
    return Recipe(
        slug="",
        title="",
        kinds=frozenset(),
        cuisine="",
        main_protein="",
        minutes=10,
        appliances=frozenset(),
        ingredients=(
            Ingredient(food_id=source.id, grams=rng.choice((30.0, 80.0, 150.0, 250.0))),
            *(Ingredient(food_id=food.id, grams=amount) for food, amount in zip(others, grams, strict=True)),
        ),
        steps=(
            "Weigh everything and put it on a board or in a bowl.",
            f"Wash, peel and cut what needs it: {', '.join(names)}.",
            "Mix it all well, season it to your taste and serve it at once.",
        ),
    )


def _repeats(recipe: Recipe, question: Mapping[str, Any]) -> bool:
    """Return whether `recipe` is the answer that was refused, or names what the findings forbid."""
    named = re.findall("says '([^']+)'", " ".join(question.get("findings", ())))
    said = " ".join(recipe.steps).lower()
    return all(step in question.get("answer", "") for step in recipe.steps) or any(name in said for name in named)


def _gives(food: Food, protein: str) -> bool:
    return bool(MAIN_PROTEINS[protein] & (food.contains | ({*food.id.split("-"), food.aisle} - TRAITS)))


def _is_sound(recipe: Recipe, question: Mapping[str, Any]) -> bool:
    """Return whether it is a sound recipe that keeps the rules, fits the kitchen, and comes near the energy."""
    foods = load_catalogue().foods
    rules = [rule.removeprefix("no ") for rule in question["rules"]]
    aim = question["aim"]["kcal"]
    return (
        recipe.minutes <= question["minutes"]
        and recipe.appliances <= set(question["appliances"])
        and len(recipe.steps) >= (2 if recipe.kinds == {SNACK} else 3)
        and abs(nutrients(recipe, foods).kcal - aim) <= 0.35 * aim
        and refusal(recipe, foods, rules) is None
        and not any(check_recipe(recipe, foods))
    )
