"""What may be served to whom: decided by traits, refused where anything is unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.planner.model import Food, Ingredient, Nutrients, Recipe
from mealplanner.planner.restrictions import (
    ALLERGENS,
    DIETS,
    RESTRICTIONS,
    TRAITS,
    Refusal,
    Verdict,
    forbidden_traits,
    meal_refusal,
    refusal,
    suits,
)

RULES = sorted(DIETS.keys() | RESTRICTIONS.keys())


def food(name: str, contains: str = "", may: str = "", **changes: Any) -> Food:
    plain = Food(
        id=name,
        name=name,
        state="raw",
        aisle="made-up",
        source="fdc 1",
        per_100g=Nutrients(100, 10, 5, 4),
        saturates_g=0.0,
        fibre_g=2.0,
        sugars_g=1.0,
        salt_g=0.0,
        contains=frozenset(contains.split()),
        may_contain=frozenset(may.split()),
    )
    return replace(plain, **changes)


def dish(*foods: Food, grams: float = 100.0) -> Recipe:
    return Recipe(
        slug="dish",
        title="Dish",
        kinds=frozenset({"main"}),
        cuisine="international",
        main_protein="vegetables",
        minutes=10,
        appliances=frozenset(),
        ingredients=tuple(Ingredient(food_id=item.id, grams=grams) for item in foods),
        steps=("Cook it.",),
    )


def refused(rule: str, *foods: Food) -> Refusal | None:
    return refusal(dish(*foods), {item.id: item for item in foods}, [rule])


@pytest.mark.parametrize(
    ("rule", "item", "verdict"),
    [
        ("vegan", food("coconut-milk"), Verdict.YES),
        ("vegan", food("honey", "honey"), Verdict.NO),
        ("vegan", food("wine", "", "gelatine"), Verdict.UNKNOWN),
        ("vegetarian", food("cheddar", "milk", "rennet"), Verdict.UNKNOWN),
        ("vegetarian", food("parmesan", "milk rennet"), Verdict.NO),
        ("vegetarian", food("snails", "molluscs forbidden-seafood"), Verdict.NO),
        ("pescatarian", food("salmon", "fish"), Verdict.YES),
        ("pescatarian", food("rabbit", "forbidden-meat"), Verdict.NO),
        ("gluten-free", food("oats", "grain", "gluten"), Verdict.UNKNOWN),
        ("gluten-free", food("soy-sauce", "soy wheat"), Verdict.NO),
        ("gluten", food("wheat-starch", "wheat"), Verdict.NO),
        ("wheat", food("barley", "gluten grain"), Verdict.YES),
        ("halal", food("mirin", "alcohol"), Verdict.NO),
        ("halal", food("beef", "meat beef"), Verdict.YES),
        ("kosher", food("eel", "fish forbidden-seafood"), Verdict.NO),
        ("kosher", food("salmon", "fish"), Verdict.YES),
        ("paleo", food("lupin", "lupin"), Verdict.NO),
        ("paleo", food("potato", "potato"), Verdict.NO),
        ("pork", food("gelatine", "gelatine"), Verdict.NO),
        ("meat", food("lard", "pork"), Verdict.NO),
        ("fish", food("worcestershire", "", "fish"), Verdict.UNKNOWN),
        ("omnivore", food("anything", "pork alcohol milk"), Verdict.YES),
    ],
)
def test_verdicts(rule: str, item: Food, verdict: Verdict) -> None:
    """A food suits a rule when it has none of what the rule forbids and none can be hidden in it."""
    assert suits(item, rule) is verdict


@pytest.mark.parametrize("rule", RULES)
def test_rules_speak_the_vocabulary(rule: str) -> None:
    """A rule forbids traits that foods can have; any other word would let everything through."""
    assert forbidden_traits(rule) <= TRAITS


@pytest.mark.parametrize("allergen", ALLERGENS)
def test_an_allergen_is_a_rule_against_itself(allergen: str) -> None:
    """A person who avoids an allergen is kept from foods that contain it and from foods that may."""
    assert suits(food("it", allergen), allergen) is Verdict.NO
    assert suits(food("it", "", allergen), allergen) is Verdict.UNKNOWN


@pytest.mark.parametrize("rule", RULES)
def test_traces_count_where_a_rule_may_stand_for_an_allergy(rule: str) -> None:
    """An allergic person is kept from traces; vegan, halal or paleo turn on what a food is made of."""
    minded = rule in ALLERGENS or rule in {"gluten-free", "dairy-free"}
    forbidden = forbidden_traits(rule) & ALLERGENS.keys()
    verdicts = {suits(food("it", traces=frozenset({trait})), rule) for trait in forbidden}
    assert verdicts == ({Verdict.UNKNOWN if minded else Verdict.YES} if forbidden else set())


def test_vegan_is_stricter_than_vegetarian() -> None:
    """Nothing that a vegetarian refuses is served to a vegan."""
    assert DIETS["vegetarian"] < DIETS["vegan"]


def test_unknown_rules_are_errors() -> None:
    """A rule that is not defined must not pass for one that forbids nothing."""
    with pytest.raises(KeyError, match="flexitarian"):
        refused("flexitarian", food("apple"))


@pytest.mark.parametrize("rule", RULES)
def test_an_unmatched_food_is_refused(rule: str) -> None:
    """A food that is not in the table may hold anything, so its dish is refused under every rule."""
    assert refusal(dish(food("mystery")), {}, [rule]) == Refusal(rule, "mystery", Verdict.UNKNOWN)


@pytest.mark.parametrize("rule", RULES)
def test_one_bad_food_spoils_the_dish(rule: str) -> None:
    """Wherever a forbidden trait stands in a dish, certain or only possible, the dish is refused, and no other is."""
    for trait in TRAITS:
        clean, bad, shady = food("clean"), food("bad", trait), food("shady", "", trait)
        if trait in forbidden_traits(rule):
            assert refused(rule, clean, bad) == Refusal(rule, "bad", Verdict.NO)
            assert refused(rule, clean, shady) == Refusal(rule, "shady", Verdict.UNKNOWN)
        else:
            assert refused(rule, clean, bad, shady) is None


def test_nothing_unsuitable_is_ever_allowed(kitchen: Any) -> None:
    """Over all recipes and rules, an allowed dish holds no food whose verdict is other than yes."""
    allowed = 0
    for rule in RULES:
        for recipe in kitchen.recipes:
            if refusal(recipe, kitchen.foods, [rule]) is None:
                allowed += 1
                verdicts = {suits(kitchen.foods[item.food_id], rule) for item in recipe.ingredients}
                assert verdicts == {Verdict.YES}, (rule, recipe.slug)
    assert allowed > len(RULES)


def test_all_rules_bind_together() -> None:
    """A dish has to pass every rule; the first in alphabetical order that refuses it is named."""
    bread, cheese = food("bread", "gluten"), food("cheese", "milk")
    foods = {"bread": bread, "cheese": cheese}
    assert refusal(dish(bread, cheese), foods, ["milk", "gluten"]) == Refusal("gluten", "bread", Verdict.NO)
    assert refusal(dish(bread), foods, ["milk"]) is None


@pytest.mark.parametrize(
    ("foods", "refused_food"),
    [
        ((food("beef", "meat beef"), food("butter", "milk")), "butter"),
        ((food("beef", "meat beef"), food("bread", "gluten", "milk")), "bread"),
        ((food("stock", "celery", "meat"), food("butter", "milk")), "butter"),
        ((food("beef", "meat beef"), food("rice", "grain")), None),
        ((food("salmon", "fish"), food("butter", "milk")), None),
        ((food("beef", "meat beef"), food("fish-sauce", "fish")), "fish-sauce"),
        ((food("chicken", "meat"), food("worcestershire", "fish")), "worcestershire"),
        ((food("chicken", "meat"), food("bbq-sauce", "", "fish")), "bbq-sauce"),
        ((food("stock", "celery", "meat"), food("salmon", "fish")), "salmon"),
        ((food("salmon", "fish"), food("rice", "grain")), None),
    ],
)
def test_kosher_keeps_meat_apart_from_milk_and_from_fish(foods: tuple[Food, ...], refused_food: str | None) -> None:
    """Also where one of the two may only be hidden in a food, and whether they are of one dish or of two."""
    found = refused("kosher", *foods)
    assert (found.food_id if found else None) == refused_food
    meal = meal_refusal([dish(item) for item in foods], {item.id: item for item in foods}, ["kosher"])
    assert meal == found


def test_traces_of_milk_beside_meat_are_kosher() -> None:
    assert refused("kosher", food("beef", "meat beef"), food("bread", "gluten", traces=frozenset({"milk"}))) is None


def test_no_kosher_dish_of_the_catalogue_mixes_meat_with_milk_or_fish() -> None:
    catalogue = load_catalogue()
    kosher = [recipe for recipe in catalogue.recipes if refusal(recipe, catalogue.foods, ["kosher"]) is None]
    assert len(kosher) > 300
    for recipe in kosher:
        held = [catalogue.foods[item.food_id] for item in recipe.ingredients]
        traits = frozenset().union(*(item.contains | item.may_contain for item in held))
        assert not ("meat" in traits and traits & {"milk", "fish"}), recipe.slug


def test_a_ketogenic_meal_may_share_its_carbohydrate_among_its_dishes() -> None:
    fat = food("fat", per_100g=Nutrients(900, 0, 0, 100), fibre_g=0.0)
    bread = food("bread", per_100g=Nutrients(250, 10, 50, 2), fibre_g=0.0)
    foods = {"fat": fat, "bread": bread}
    assert meal_refusal([dish(bread)], foods, ["keto"]) == Refusal("keto", "bread", Verdict.NO)
    assert meal_refusal([dish(bread), dish(fat, grams=200.0)], foods, ["keto"]) is None


@pytest.mark.parametrize(
    ("carbohydrate", "fibre", "allowed"),
    [(5.0, 2.0, True), (3.7, 0.0, True), (5.0, 0.0, False), (5.0, float("nan"), False)],
)
def test_keto_limits_net_carbohydrate(carbohydrate: float, fibre: float, allowed: bool) -> None:
    """At most 15 % of a keto dish's energy is carbohydrate less fibre, and unknown fibre counts as none."""
    item = food("it", per_100g=Nutrients(100, 10, carbohydrate, 5), fibre_g=fibre)
    assert (refused("keto", item) is None) is allowed


def test_keto_names_the_richest_food() -> None:
    """The refusal names the food that brings most of the carbohydrate."""
    sugar = food("sugar", per_100g=Nutrients(400, 0, 100, 0), fibre_g=0.0)
    found = refused("keto", food("egg", "eggs"), sugar)
    assert found == Refusal("keto", "sugar", Verdict.NO)


def test_portions_change_no_verdict(kitchen: Any) -> None:
    """A dish that is safe in one portion is safe in all of them."""

    def scaled(recipe: Recipe, factor: float) -> Recipe:
        items = tuple(replace(item, grams=item.grams * factor) for item in recipe.ingredients)
        return replace(recipe, ingredients=items)

    def verdicts(recipe: Recipe) -> list[bool]:
        return [refusal(recipe, kitchen.foods, [rule]) is None for rule in RULES]

    for recipe in kitchen.recipes[::10]:
        assert verdicts(scaled(recipe, 0.5)) == verdicts(recipe) == verdicts(scaled(recipe, 2.0))
