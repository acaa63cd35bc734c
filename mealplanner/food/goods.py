"""How the foods of the table are bought and counted, as the planner wants to know it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from mealplanner.food.measures import measures_of
from mealplanner.food.pack_table import Sale, sale_of
from mealplanner.food.table import load_foods
from mealplanner.planner.habits import Goods
from mealplanner.planner.model import Food

FRESH_AISLES: Final = frozenset({"vegetables", "fruit", "bakery", "meat", "fish", "dairy", "chilled"})
"""The aisles of a shop where most foods spoil within days of being bought or opened."""

KEEPING_STATES: Final = frozenset({"canned", "cured", "dried", "dry", "frozen", "pickled"})

KEEPING: Final = frozenset(
    {
        *("chilli-red", "chilli-green", "jalapeno", "jerusalem-artichoke", "jicama", "kohlrabi", "garlic"),
        *("onion", "onion-red", "shallot", "ginger", "potatoes", "potatoes-red", "sweet-potato", "yam"),
        *("cassava", "taro", "carrots", "beetroot", "celeriac", "parsnip", "rutabaga", "turnip", "cabbage"),
        *("cabbage-red", "cabbage-savoy", "pumpkin", "butternut-squash", "spaghetti-squash", "lemon", "lime"),
        *("apple", "orange", "cranberries", "egg", "butter", "butter-salted", "margarine", "margarine-vegan"),
        *("lard", "suet-shredded", "beef-dripping", "parmesan", "pecorino", "gruyere", "cheddar"),
        *("cheddar-vegetarian", "gouda", "edam", "swiss-cheese", "provolone", "miso", "miso-rice"),
        *("miso-rice-no-alcohol", "doenjang", "kimchi", "kimchi-vegan", "tofu-fermented", "croutons"),
        *("hard-cheese-vegetarian", "crispbread-rye", "matzo", "rice-cakes", "taco-shells", "tortilla-chips"),
        *("rusks", "breadsticks", "tostada-shells", "phyllo"),
    }
)
"""What keeps for two weeks or more, opened or cut, although its neighbours do not."""


@cache
def all_goods() -> Mapping[str, Goods]:
    """Return how each food of the table is bought, by its id."""
    foods = load_foods()
    return MappingProxyType({food.id: _goods(food, foods) for food in foods.values()})


def _goods(food: Food, foods: Mapping[str, Food]) -> Goods:
    sale = sale_of(food.id)
    if not sale.bought:
        return Goods(bought="")
    bought, piece = foods[sale.bought], measures_of(food).piece
    sold = sale_of(bought.id)
    return Goods(
        bought=bought.id,
        spoils=sold.aisle in FRESH_AISLES and bought.state not in KEEPING_STATES and bought.id not in KEEPING,
        piece=piece.grams if piece and piece.kind == "each" else 0.0,
        tin=_tin(sold) * sale.yields if not (piece and piece.kind == "each") else 0.0,
    )


def _tin(sale: Sale) -> float:
    """Return the grams of the smallest tin, or 0 where there are other packs too, such as a tube that can be closed."""
    packs = sale.packs["metric"]
    return min(pack.grams for pack in packs) if packs and all(pack.one == "tin" for pack in packs) else 0.0
