"""A made-up catalogue, the same for every seed, and requests to plan with it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from mealplanner.planner.meat_or_fish import FLESH
from mealplanner.planner.model import BREAKFAST, MAIN, SNACK, Food, Ingredient, Nutrients, PlanRequest, Recipe
from mealplanner.planner.targets import daily_target, day_slots

# id: kcal, protein, carbohydrate, fat per 100 g, then what it contains, and after a slash what may be hidden in it.
FOODS = """
chicken-breast: 120 22.5 0 2.6 meat
turkey-ground: 150 19 0 8 meat
beef-ground: 176 20 0 10 meat beef
pork-chop: 170 21 0 9 meat pork
salmon: 208 20 0 13 fish
cod: 82 18 0 0.7 fish
shrimp: 85 20 0.2 0.5 crustaceans forbidden-seafood
egg: 143 12.6 0.7 9.5 eggs
feta: 264 14 4 21 milk / rennet
paneer: 320 19 3 26 milk
greek-yogurt: 73 10 4 2 milk
milk: 50 3.4 5 2 milk
tofu: 144 17 3 9 soy legume
tempeh: 192 20 8 11 soy legume / grain
seitan: 370 75 14 2 gluten wheat grain processed
soy-yogurt: 60 4 5 2.3 soy legume refined-sugar
black-beans: 91 6 17 0.3 legume
lentils: 116 9 20 0.4 legume
chickpeas: 139 7 22 2.5 legume
peas: 81 5.4 14 0.4 legume
peanut-butter: 590 24 22 50 peanuts legume
almonds: 579 21 22 50 tree-nuts
sunflower-seeds: 584 21 20 51
pumpkin-seeds: 559 30 11 49
rice: 360 7 79 0.6 grain
pasta: 371 13 75 1.5 gluten wheat grain / soy
bread: 250 9 45 4 gluten wheat grain
oats: 379 13 68 6.5 grain / gluten wheat
oats-gluten-free: 379 13 68 6.5 grain
quinoa: 368 14 64 6 grain
potatoes: 77 2 17 0.1 potato
corn-tortillas: 218 6 45 3 grain
broccoli: 34 2.8 6.6 0.4
spinach: 23 2.9 3.6 0.4
tomatoes: 18 0.9 3.9 0.2
carrots: 41 0.9 9.6 0.2
mushrooms: 22 3.1 3.3 0.3
avocado: 160 2 8.5 14.7
banana: 89 1.1 22.8 0.3
berries: 50 0.8 12 0.4
apple: 52 0.3 13.8 0.2
olive-oil: 884 0 0 100
coconut-milk: 197 2 2.8 21
soy-sauce: 53 8 5 0.6 soy wheat gluten grain / alcohol
honey: 304 0.3 82 0 honey
stock: 6 0.5 0.5 0.2 / meat celery gluten wheat
"""

PROTEINS = {
    "chicken": "chicken-breast", "turkey": "turkey-ground", "beef": "beef-ground", "pork": "pork-chop",
    "fish": "salmon cod", "seafood": "shrimp", "eggs": "egg", "dairy": "feta paneer greek-yogurt", "tofu": "tofu",
    "tempeh": "tempeh", "seitan": "seitan", "beans": "black-beans", "lentils": "lentils", "chickpeas": "chickpeas",
    "peas": "peas",
}  # fmt: skip
CUISINES = ["italian", "indian", "mexican", "thai", "greek", "japanese", "french", "korean", "turkish", "american"]
STARCHES = ["rice", "pasta", "bread", "quinoa", "potatoes", "corn-tortillas"]
GREENS = ["broccoli", "spinach", "tomatoes", "carrots", "mushrooms"]
FRUIT = ["banana", "berries", "apple"]
GRAMS = {"seitan": 0.4, "black-beans": 1.3, "lentils": 1.3, "chickpeas": 1.2, "peas": 1.4, "potatoes": 4.0}


@dataclass(frozen=True, slots=True)
class Kitchen:
    """Foods and recipes to plan with."""

    foods: Mapping[str, Food]
    recipes: tuple[Recipe, ...]

    def only(self, **counts: int) -> Kitchen:
        """This kitchen with no more than so many recipes of each kind."""
        kept = [
            recipe
            for kind, count in counts.items()
            for recipe in [recipe for recipe in self.recipes if kind in recipe.kinds][:count]
        ]
        return Kitchen(self.foods, tuple(kept))


@pytest.fixture(scope="session")
def kitchen() -> Kitchen:
    """A catalogue of 180 recipes that all diets find something in."""
    return make_kitchen(mains=110, breakfasts=36, snacks=34)


@pytest.fixture(scope="session")
def build_kitchen() -> Callable[..., Kitchen]:
    """Makes catalogues of any size: `mains`, `breakfasts`, `snacks` and `seed`."""
    return make_kitchen


@pytest.fixture(scope="session")
def ask() -> Callable[..., PlanRequest]:
    """Makes requests: 2000 kcal in 20/50/30 percent, three meals and a snack, seven days, every appliance."""
    return make_request


def make_request(
    *,
    kcal: float = 2000,
    macros: tuple[float, float, float] = (20, 50, 30),
    meals: Mapping[str, str] | None = None,
    snacks: int = 1,
    days: int = 7,
    seed: int = 1,
    **wishes: object,
) -> PlanRequest:
    times = {"breakfast": "08:00", "lunch": "12:30", "dinner": "19:00"} if meals is None else meals
    usual: dict[str, object] = {"appliances": frozenset({"stove", "oven", "blender"}), "minutes_per_meal": 60}
    wanted = {**usual, **wishes}
    return PlanRequest(
        target=daily_target(kcal, *macros),
        slots=day_slots(times, snacks),
        days=days,
        seed=seed,
        **wanted,  # type: ignore[arg-type]
    )


def make_kitchen(mains: int, breakfasts: int, snacks: int, seed: int = 0) -> Kitchen:
    rng = random.Random(seed)
    makers = [(MAIN, mains, _main), (BREAKFAST, breakfasts, _breakfast), (SNACK, snacks, _snack)]
    recipes = [
        _recipe(f"{kind}-{number}", kind, rng, *maker(rng, number))
        for kind, count, maker in makers
        for number in range(count)
    ]
    return Kitchen(dict(_food(line) for line in FOODS.strip().splitlines()), tuple(recipes))


def _food(line: str) -> tuple[str, Food]:
    name, rest = line.split(": ")
    certain, _, hidden = rest.partition("/")
    kcal, protein, carbohydrate, fat, *contains = certain.split()
    return name, Food(
        id=name,
        name=name.replace("-", " ").capitalize(),
        state="raw",
        aisle="meat-poultry" if FLESH & set(contains) else "made-up",
        source="fdc 1",
        per_100g=Nutrients(float(kcal), float(protein), float(carbohydrate), float(fat)),
        saturates_g=0.0,
        fibre_g=0.0,
        sugars_g=0.0,
        salt_g=0.0,
        contains=frozenset(contains),
        may_contain=frozenset(hidden.split()),
    )


Draft = tuple[str, dict[str, float]]


def _main(rng: random.Random, number: int) -> Draft:
    protein = list(PROTEINS)[number % len(PROTEINS)]
    source = rng.choice(PROTEINS[protein].split())
    starch, greens = rng.choice(STARCHES), rng.sample(GREENS, 2)
    grams = {source: rng.uniform(90, 180) * GRAMS.get(source, 1.0)}
    grams[starch] = rng.uniform(20, 90) * GRAMS.get(starch, 1.0)
    grams |= {green: rng.uniform(60, 150) for green in greens}
    grams[rng.choice(("olive-oil", "avocado", "coconut-milk"))] = rng.uniform(3, 16)
    if rng.random() < 0.2:
        grams[rng.choice(("soy-sauce", "stock"))] = 10.0
    return protein, grams


def _breakfast(rng: random.Random, number: int) -> Draft:
    base = ("oats", "oats-gluten-free", "bread", "quinoa")[number % 4]
    protein, source = (
        ("dairy", "greek-yogurt"), ("soy", "soy-yogurt"), ("eggs", "egg"), ("tofu", "tofu"), ("soy", "soy-yogurt"),
    )[number % 5]  # fmt: skip
    grams = {base: rng.uniform(35, 80), source: rng.uniform(80, 220), rng.choice(FRUIT): rng.uniform(50, 150)}
    grams[rng.choice(("almonds", "pumpkin-seeds", "peanut-butter"))] = rng.uniform(5, 25)
    return protein, grams


def _snack(rng: random.Random, number: int) -> Draft:
    protein, source = (
        ("nuts", "almonds"), ("seeds", "pumpkin-seeds"), ("dairy", "greek-yogurt"), ("soy", "soy-yogurt"),
        ("chickpeas", "chickpeas"), ("seitan", "seitan"), ("eggs", "egg"),
    )[number % 7]  # fmt: skip
    dense = source in {"almonds", "pumpkin-seeds", "seitan"}
    return protein, {
        source: rng.uniform(10, 25) if dense else rng.uniform(60, 150),
        rng.choice(FRUIT): rng.uniform(60, 160),
    }


def _recipe(slug: str, kind: str, rng: random.Random, protein: str, grams: dict[str, float]) -> Recipe:
    return Recipe(
        slug=slug,
        title=slug.replace("-", " ").capitalize(),
        kinds=frozenset({kind}),
        cuisine=rng.choice(CUISINES),
        main_protein=protein,
        minutes=rng.choice((10, 20, 30, 40, 50)) if kind == MAIN else rng.choice((2, 5, 10, 15)),
        appliances=frozenset(rng.sample(("stove", "oven", "blender"), rng.choice((0, 1, 1)))),
        ingredients=tuple(Ingredient(food_id=food, grams=round(amount)) for food, amount in sorted(grams.items())),
        steps=("Put everything together and cook it until it is done.",),
    )
