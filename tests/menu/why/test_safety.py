"""The proof in words."""

from __future__ import annotations

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.why.safety import food_facts, rule_safety, what_to_buy
from mealplanner.menu.why.words import TRAITS, rule_name
from mealplanner.planner import restrictions
from tests.menu.why.meals import dish

CATALOGUE = load_catalogue()
FOODS = CATALOGUE.foods
RULES = sorted({*restrictions.DIETS, *restrictions.RESTRICTIONS})


def summary(rule: str, *foods: str) -> str:
    """Return what a rule says of a dish of these foods."""
    (found,) = rule_safety(dish("stew", *foods), FOODS, [rule])
    return found.summary


def test_a_rule_that_is_kept_says_what_was_checked() -> None:
    assert summary("vegan", "tofu-firm", "spinach") == (
        "We checked all 2 ingredients for animal rennet, crustaceans, eggs, fish, gelatine, honey, insects, meat, milk "
        "and molluscs. None has any, and none is known to hide any."
    )
    assert summary("milk", "spinach") == (
        "We checked its only ingredient for milk. It has none and is not known to hide any, not even as a trace."
    )
    assert summary("kosher", "spinach", "salmon").endswith(
        "It does not bring meat and milk together. It does not bring meat and fish together."
    )


@pytest.mark.parametrize(
    ("rule", "foods", "words"),
    [
        ("vegan", ["spinach", "feta"], "Feta contains milk."),
        (
            "gluten",
            ["rolled-oats"],
            "Rolled oats may contain gluten or wheat, and if we are not sure, we",
        ),
        ("kosher", ["beef-sirloin", "salmon"], "brings together what is kept apart: meat and milk and meat and fish."),
        ("keto", ["rice-basmati-dry"], "comes from carbohydrate, most of it from"),
    ],
)
def test_a_rule_that_is_broken_says_by_what(rule: str, foods: list[str], words: str) -> None:
    """A food that contains it, one that may, two that must not meet, and too much carbohydrate."""
    assert words in summary(rule, *foods)


def test_every_rule_says_something_of_every_dish() -> None:
    """In one or two sentences without a name that only programs know; a rule that asks for nothing says nothing."""
    for recipe in CATALOGUE.recipes[::25]:
        found = rule_safety(recipe, FOODS, RULES)
        assert {rule.rule for rule in found} == set(RULES) - {"omnivore"}
        for rule in found:
            assert rule.suits == (restrictions.refusal(recipe, FOODS, [rule.rule]) is None)
            assert rule.summary.endswith(".")
            assert not [trait for trait in ("tree-nuts", "refined-sugar", "forbidden-") if trait in rule.summary]


def test_every_trait_and_every_rule_has_a_name() -> None:
    assert TRAITS.keys() == restrictions.TRAITS
    assert [rule_name(rule) for rule in ("vegan", "milk", "gluten", "tree-nuts", "halal")] == [
        *("Vegan", "No milk", "No gluten", "No tree nuts", "Halal")
    ]


def test_traces_that_do_not_count_are_told() -> None:
    """So that a person who left an allergy out of their preferences learns of it."""
    (vegan,) = rule_safety(dish("toast", "bread-whole-wheat-vegan"), FOODS, ["vegan"])
    (paleo, *_) = rule_safety(dish("oats", "rolled-oats"), FOODS, ["paleo"])
    assert vegan.notes == ()
    assert "may hold traces of gluten and wheat" in paleo.notes[0]


def test_labels_to_read_are_named_once_with_all_that_they_have_to_say() -> None:
    """Halal and kosher meat is bought with a certificate, which no table can know."""
    chicken = next(food.id for food in FOODS.values() if food.name.startswith("Chicken stock, gluten-free"))
    oats = next(food.id for food in FOODS.values() if food.name == "Rolled oats, certified gluten-free")
    notes = what_to_buy(dish("soup", chicken, oats, "spinach"), FOODS, ["gluten", "milk", "halal"])
    assert notes == (
        "Look at the label of the chicken stock: it has to say gluten-free and dairy-free.",
        "Look at the label of the rolled oats: it has to say gluten-free.",
        "Buy the meat and poultry of this menu with a halal certificate.",
    )
    assert what_to_buy(dish("soup", chicken, oats), FOODS, ["omnivore", "tree-nuts"]) == ()


def test_ingredients_are_told_with_their_source() -> None:
    (oats, spinach) = food_facts(dish("porridge", "rolled-oats", "spinach", "spinach"), FOODS)
    assert (oats.food.name, oats.contains, oats.traces) == ("Rolled oats", "grain", "gluten and wheat")
    assert (spinach.contains, spinach.may_contain, spinach.traces) == ("", "", "")
    assert FOODS["spinach"].source.removeprefix("fdc ") in spinach.source.address
