"""What is answered about dishes."""

from __future__ import annotations

from typing import Final

from mealplanner.openapi.answers.shapes import (
    anything,
    date,
    flag,
    id_,
    many,
    members_of,
    number,
    one,
    shape,
    text,
    texts,
    whole,
)
from mealplanner.planner.details import DETAILS
from mealplanner.planner.model import FIGURES
from mealplanner.recipes.values import IngredientLine, Numbers, RecipeSummary, RecipeValue

NUMBERS: Final = shape("Numbers", **members_of(Numbers))
NUMBERS_OR_NULL: Final = {name: number(maybe=True) for name in FIGURES}
"""Null where an ingredient is not known."""
DETAILS_SHAPE: Final = shape("Details", **{name: number() for name in DETAILS}, incomplete=texts())
INGREDIENT: Final = shape("Ingredient", **members_of(IngredientLine))
RECIPE_NAME: Final = shape("RecipeName", id=id_(), title=text())
MEAL_RECIPE: Final = shape("RecipeOfMeal", id=id_(), title=text(), source=text("catalogue", "model"), minutes=whole())

_recipe = {
    **members_of(RecipeValue, "numbers", "details", "ingredients"),
    **NUMBERS_OR_NULL,
}
PLACE: Final = shape("Place", id=id_(), menu=id_(), date=date(), slot=text(), title=text())
RECIPE: Final = shape("Recipe", **_recipe, details=one(DETAILS_SHAPE, maybe=True), ingredients=many(INGREDIENT))
DISH: Final = shape(
    "Dish",
    **members_of(RecipeValue, "numbers", "details", "ingredients"),
    **NUMBERS_OR_NULL,
    details=one(DETAILS_SHAPE, maybe=True),
    ingredients=many(INGREDIENT),
    opinions=texts(),
    meal=one(PLACE, maybe=True),
    still_planned=many(PLACE),
)
_TIMER = shape("Timer", text=text(), seconds=whole(), label=text())
_STEP = shape("Step", text=text(), ingredients=many(INGREDIENT), timers=many(_TIMER))
COOKING: Final = shape(
    "Cooking",
    id=id_(),
    title=text(),
    servings=number(),
    minutes=whole(),
    waiting_minutes=whole(),
    day_before=text(),
    meal=one(PLACE, maybe=True),
    steps=many(_STEP),
)
_RATED = shape("RatedDish", **members_of(RecipeSummary), rating=whole())
OWN_DISHES: Final = shape("OwnDishes", own=many(RECIPE), rated=many(_RATED), total=whole(), next=text(maybe=True))
_FOUND = shape(
    "FoundDish",
    id=id_(),
    title=text(),
    source=text("catalogue", "model"),
    cuisine=text(),
    kinds=texts(),
    minutes=whole(),
    **NUMBERS_OR_NULL,
    rating=whole(),
    suits=flag(),
    reason=text(maybe=True),
)
FOUND_DISHES: Final = shape("FoundDishes", dishes=many(_FOUND), total=whole(), page=whole(), pages=whole())
PLACES: Final = shape("Places", id=id_(), places=many(PLACE))
_DISH_OPINIONS = shape("DishOpinions", recipe=one(RECIPE_NAME), opinions=texts())
ALL_OPINIONS: Final = shape("AllOpinions", opinions=many(_DISH_OPINIONS), next=text(maybe=True))
OPINIONS: Final = shape("Opinions", opinions=texts())
_USUAL = shape(
    "UsualMeal", slot=text(), weekdays=texts(), recipe=one(RECIPE_NAME, maybe=True), left_out=text(maybe=True)
)
USUAL_MEALS: Final = shape("UsualMeals", usual_meals=many(_USUAL))
RECIPE_FILE: Final = shape("RecipeFile", **{"@context": text()}, **{"@graph": anything()})
