"""Print how many dishes of the catalogue suit each diet and restriction: `python -m tests.food.suitable`."""

from __future__ import annotations

from typing import Final

from mealplanner.food.catalogue import load_catalogue
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS, refusal

TOGETHER: Final = (
    *(("vegan", "gluten-free"), ("vegan", "soy"), ("vegan", "tree-nuts"), ("halal", "vegetarian")),
    *(("halal", "vegan"), ("halal", "gluten-free"), ("kosher", "vegetarian"), ("paleo", "gluten-free")),
)
"""Rules that people combine."""


def main() -> None:
    catalogue = load_catalogue()
    singly = [(rule,) for rule in dict.fromkeys((*DIETS, *RESTRICTIONS))]
    print(f"{len(catalogue.recipes)} dishes, {len(catalogue.foods)} foods")
    for rules in (*singly, *TOGETHER):
        suits = sum(refusal(dish, catalogue.foods, rules) is None for dish in catalogue.recipes)
        print(f"{' and '.join(rules):28}{suits:5}  {suits / len(catalogue.recipes):4.0%}")


if __name__ == "__main__":
    main()
