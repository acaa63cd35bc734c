"""The words that the food table and the recipes are written in: aisles, states, cuisines, appliances, proteins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mealplanner.planner.model import BREAKFAST, MAIN, SNACK

AISLES: Final[Mapping[str, str]] = {
    "vegetables": "Vegetables",
    "fruit": "Fruit",
    "herbs-spices": "Herbs and spices",
    "beans-lentils": "Beans and lentils",
    "soy-protein": "Tofu, soya and seitan",
    "grains-pasta": "Grains, pasta and noodles",
    "bread-wraps": "Bread and wraps",
    "baking": "Baking",
    "nuts-seeds": "Nuts and seeds",
    "oils-fats": "Oils and fats",
    "dairy-eggs": "Dairy and eggs",
    "meat-poultry": "Meat and poultry",
    "fish-seafood": "Fish and seafood",
    "condiments-sauces": "Condiments, sauces and stock",
    "sweeteners": "Sugar, honey and jam",
    "drinks": "Drinks",
}
"""Aisle -> how people read it, in the order of a walk through a shop. Each is a file of the food table."""

STATES: Final = frozenset(
    {"raw", "dry", "dried", "canned", "frozen", "cooked", "baked", "cured", "smoked"}
    | {"pickled", "fermented", "prepared", "liquid"}
)
"""What has been done to a food before it is weighed: raw, dry, cooked and canned are different foods."""

MEASURES: Final = ("cup", "tbsp", "tsp")
"""The household measures that `Food.grams_per` may know; `food.measures` knows pieces and more."""

CUISINES: Final[Mapping[str, str]] = {
    "american": "American",
    "brazilian": "Brazilian",
    "british": "British",
    "caribbean": "Caribbean",
    "chinese": "Chinese",
    "eastern-european": "Eastern European",
    "ethiopian": "Ethiopian",
    "french": "French",
    "german": "German",
    "greek": "Greek",
    "indian": "Indian",
    "indonesian": "Indonesian",
    "international": "International",
    "italian": "Italian",
    "japanese": "Japanese",
    "korean": "Korean",
    "mediterranean": "Mediterranean",
    "mexican": "Mexican",
    "middle-eastern": "Middle Eastern",
    "nordic": "Nordic",
    "north-african": "North African",
    "peruvian": "Peruvian",
    "spanish": "Spanish",
    "thai": "Thai",
    "turkish": "Turkish",
    "vietnamese": "Vietnamese",
    "west-african": "West African",
}
"""Cuisine -> how people read it."""

NO_APPLIANCE: Final = "none-needed"
"""What a recipe file says of a dish that needs no appliance."""

APPLIANCES: Final[Mapping[str, str]] = {
    "stove": "Stove",
    "oven": "Oven",
    "microwave": "Microwave",
    "blender": "Blender",
    "food-processor": "Food processor",
    "toaster": "Toaster",
    "grill": "Grill",
    "slow-cooker": "Slow cooker",
    "pressure-cooker": "Pressure cooker",
    "air-fryer": "Air fryer",
    "rice-cooker": "Rice cooker",
}
"""Appliance -> how people read it."""

MAIN_PROTEINS: Final[Mapping[str, frozenset[str]]] = {
    "chicken": frozenset({"chicken"}),
    "turkey": frozenset({"turkey"}),
    "beef": frozenset({"beef"}),
    "pork": frozenset({"pork"}),
    "lamb": frozenset({"lamb"}),
    "game": frozenset({"duck", "rabbit", "venison", "bison"}),
    "fish": frozenset({"fish"}),
    "seafood": frozenset({"crustaceans", "molluscs"}),
    "eggs": frozenset({"eggs"}),
    "dairy": frozenset({"milk"}),
    "tofu": frozenset({"tofu"}),
    "tempeh": frozenset({"tempeh"}),
    "seitan": frozenset({"vital"}),
    "soy": frozenset({"soy"}),
    "beans": frozenset({"beans"}),
    "lentils": frozenset({"lentils", "dal"}),
    "chickpeas": frozenset({"chickpeas", "chickpea", "hummus", "falafel"}),
    "peas": frozenset({"peas"}),
    "peanuts": frozenset({"peanuts"}),
    "lupin": frozenset({"lupin"}),
    "nuts": frozenset({"tree-nuts"}),
    "seeds": frozenset({"seeds", "seed", "flaxseed", "tahini"}),
    "grains": frozenset({"grain"}),
    "vegetables": frozenset({"vegetables", "fruit"}),
}
"""Main protein -> marks of the foods it can come from: a word of the food's id, a trait it contains, or its aisle."""

ENERGY_LIMITS: Final[Mapping[str, tuple[float, float]]] = {BREAKFAST: (200, 800), MAIN: (250, 1000), SNACK: (60, 400)}
"""Kind of recipe -> least and most kcal that one serving plausibly holds."""
