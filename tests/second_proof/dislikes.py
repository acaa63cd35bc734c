"""What people type that they dislike, and which foods they certainly mean by it: data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from tests.second_proof.dishes import names
from tests.second_proof.foods import has_words, sounds_like, table
from tests.second_proof.words import SEA

TYPED: Final[Mapping[str, str | tuple[str, ...]]] = {
    "anchovies": "anchovy|anchovies",
    "anything with bacon": "bacon",
    "asparagus": "asparagus",
    "Aubergine": "aubergine",
    "avocado": "avocado",
    "bananas": "banana",
    "beef": "beef",
    "beetroot": "beetroot",
    "bell peppers": "(?:red|green|yellow) peppers?",
    "blue cheese": "blue cheese",
    "broccoli": "broccoli",
    "brussels sprouts": "brussels sprout",
    "capers": "caper",
    "cauliflower": "cauliflower",
    "celery": "celery",
    "chicken": "chicken",
    "chickpeas": "chickpea",
    "chocolate": "chocolate",
    "cilantro": "coriander leaves",
    "cinnamon": "cinnamon",
    "coconut": "coconut",
    "cottage cheese": "cottage cheese",
    "cucumber": "cucumber",
    "dairy": ("milk",),
    "eggplant": "aubergine",
    "eggs": ("eggs",),
    "fennel": "fennel",
    "feta": "feta",
    "fish": ("fish",),
    "garlic": "garlic",
    "ginger": "ginger",
    "honey": "honey",
    "I hate raisins": "raisin",
    "kale": "kale",
    "kiwi": "kiwi",
    "lamb": "lamb(?!'s lettuce)",
    "lentils": "lentil",
    "liver": "liver",
    "mushrooms": "mushroom",
    "mustard": "mustard",
    "no walnuts please": "walnut",
    "nuts": ("tree nuts", "peanuts"),
    "oats": "oat",
    "olives": "olives",
    "onions and garlic": "onion|garlic",
    "pasta": "(?<!tomato )pasta",
    "peanuts": "peanut",
    "pineapple": "pineapple",
    "pork": "pork",
    "potatoes": "(?<!sweet )potato",
    "prawns": "prawn",
    "quinoa": "quinoa",
    "rice": "rice",
    "salmon": "salmon",
    "seafood": SEA,
    "soya milk": "soya milk",
    "spinach": "spinach",
    "sweet potatoes": "sweet potato",
    "tahini": "tahini",
    "tempeh": "tempeh",
    "tofu": "tofu",
    "tomatoes": "tomato",
    "tuna": "tuna",
    "turkey": "turkey",
    "zucchini": "courgette",
}
"""Text -> the words for it in the names of foods, or the families of `words` that it stands for."""


def is_disliked(food_id: str, typed: Collection[str]) -> bool:
    """Return whether a food is called what was `typed`, each a key of `TYPED`."""
    return any(_is_meant(food_id, TYPED[text]) for text in typed)


def _is_meant(food_id: str, meaning: str | tuple[str, ...]) -> bool:
    row = table()[food_id]
    if isinstance(meaning, str):
        return has_words(meaning, row["name"])
    return any(sounds_like(family, *names(row)) for family in meaning)
