"""The second alarm: suspicious words in titles and steps."""

from __future__ import annotations

import pytest

from mealplanner.planner.alarms import alarms
from mealplanner.planner.model import Recipe
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS


def titled(title: str, *steps: str) -> Recipe:
    return Recipe(
        slug="dish",
        title=title,
        kinds=frozenset({"main"}),
        cuisine="international",
        main_protein="vegetables",
        minutes=10,
        appliances=frozenset(),
        ingredients=(),
        steps=steps,
    )


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        ("vegan", "Chicken curry with honey", ("chicken", "honey")),
        ("vegan", "Rice with a splash of fish sauce", ("fish sauce",)),
        ("vegetarian", "Beans in bone broth", ("bone broth",)),
        ("gluten-free", "Noodles in soy sauce", ("soy sauce",)),
        ("halal", "Mussels in white wine", ("wine",)),
        ("tree-nuts", "Salad with walnuts", ("walnuts",)),
        ("milk", "Toast with butter", ("butter",)),
    ],
)
def test_suspicious_words_ring(rule: str, text: str, found: tuple[str, ...]) -> None:
    """A word that speaks of what a rule forbids is reported."""
    assert alarms(titled(text), [rule]) == found


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("vegan", "Curry with coconut milk, butternut squash and eggplant"),
        ("vegan", "Toast with peanut butter and soya yoghurt"),
        ("vegan", "Butter beans with oyster mushrooms"),
        ("milk", "Porridge with oat milk"),
        ("gluten-free", "Pancakes of buckwheat flour"),
        ("halal", "Dressing of cider vinegar"),
    ],
)
def test_plants_with_animal_names_are_silent(rule: str, text: str) -> None:
    """Plant foods whose names hold an animal word ring no alarm."""
    assert alarms(titled(text), [rule]) == ()


def test_steps_are_read_too() -> None:
    """A dish whose steps speak of what its title hides is caught."""
    assert alarms(titled("Green bowl", "Slice the vegetables.", "Fry the BACON until crisp."), ["vegan"]) == ("bacon",)


def test_no_rule_no_alarm() -> None:
    """Who keeps to no rule is warned of nothing."""
    assert alarms(titled("Bacon and eggs"), ["omnivore"]) == ()


@pytest.mark.parametrize("rule", sorted(DIETS.keys() | RESTRICTIONS.keys()))
def test_every_rule_can_be_scanned(rule: str) -> None:
    """Every rule has its words, also those of traits that have none."""
    assert alarms(titled("Plain rice"), [rule]) == ()
