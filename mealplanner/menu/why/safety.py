"""Why a dish is safe for a person, in words: each rule with what was checked and decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mealplanner.food.sources import cite
from mealplanner.food.wording import inside_a_sentence
from mealplanner.menu.generation.buying_notes import buying_notes
from mealplanner.menu.why.values import FoodFacts, RuleSafety
from mealplanner.menu.why.words import rule_name, traits
from mealplanner.planner.model import Food, Recipe
from mealplanner.planner.preference_changes import listed
from mealplanner.planner.proof import RuleProof, prove
from mealplanner.planner.restrictions import KETO_SHARE, TRAITS, Verdict


def rule_safety(recipe: Recipe, foods: Mapping[str, Food], rules: Iterable[str]) -> tuple[RuleSafety, ...]:
    """Return what each of `rules` that forbids anything found in `recipe`."""
    return tuple(_in_words(proof, foods) for proof in prove(recipe, foods, rules) if _asks_for_something(proof))


def what_to_buy(recipe: Recipe, foods: Mapping[str, Food], rules: Iterable[str]) -> tuple[str, ...]:
    """Return what labels have to say, a sentence each, so that the dish on the plate is the dish that was proved."""
    asked = frozenset(rules)
    promises: dict[str, list[str]] = {}
    for proof in prove(recipe, foods, asked):
        for check in proof.checks:
            said = promises.setdefault(check.food.id, [])
            said += [promise for promise in check.promises if promise not in said]
    labels = (_label(foods[food_id], said) for food_id, said in promises.items() if said)
    return (*labels, *buying_notes(asked, (recipe,), foods))


def food_facts(recipe: Recipe, foods: Mapping[str, Food]) -> tuple[FoodFacts, ...]:
    """Return what is known of each ingredient of `recipe`, whatever the person's rules are."""
    listed_foods = (foods[food_id] for food_id in dict.fromkeys(item.food_id for item in recipe.ingredients))
    return tuple(
        FoodFacts(
            food=food,
            contains=traits(food.contains),
            may_contain=traits(food.may_contain),
            traces=traits(food.traces),
            source=cite(food.source) if food.is_known else None,
        )
        for food in listed_foods
    )


def _asks_for_something(proof: RuleProof) -> bool:
    return bool(proof.forbidden) or proof.rule == "keto"


def _in_words(proof: RuleProof, foods: Mapping[str, Food]) -> RuleSafety:
    suits = proof.refusal is None
    return RuleSafety(
        rule=proof.rule,
        name=rule_name(proof.rule),
        suits=suits,
        summary=_passed(proof) if suits else _refused(proof, foods),
        notes=tuple(_notes(proof)),
        checks=proof.checks,
    )


def _passed(proof: RuleProof) -> str:
    count = len(proof.checks)
    if proof.rule == "keto":
        return f"At most {KETO_SHARE:.0%} of its energy comes from carbohydrate, not counting fibre."
    one = count == 1
    looked = "its only ingredient" if one else f"all {count} ingredients"
    found = "It has none and is not known to hide any" if one else "None has any, and none is known to hide any"
    traces = ", not even as a trace" if proof.minds_traces else ""
    pairs = "".join(f" It does not bring {first} and {second} together." for first, second in proof.pairs)
    return f"We checked {looked} for {_forbidden(proof)}. {found}{traces}.{pairs}"


def _refused(proof: RuleProof, foods: Mapping[str, Food]) -> str:
    refusal = proof.refusal
    assert refusal is not None
    food = foods[refusal.food_id]
    if not food.is_known:
        return f"We can't prove it: this version does not know {inside_a_sentence(food.aliases[0])}."
    check = next(check for check in proof.checks if check.food.id == refusal.food_id)
    if check.verdict is Verdict.NO:
        return f"{food.name} contains {traits(check.contains)}."
    if check.verdict is Verdict.UNKNOWN:
        hidden = check.may_contain or check.traces
        return f"{food.name} may contain {traits(hidden, last='or')}, and if we are not sure, we leave it out."
    if proof.rule == "keto":
        return f"More than {KETO_SHARE:.0%} of its energy comes from carbohydrate, most of it from {_in(food)}."
    together = listed([f"{first} and {second}" for first, second in proof.pairs])
    return f"With {_in(food)}, it brings together what is kept apart: {together}."


def _notes(proof: RuleProof) -> Iterator[str]:
    for check in proof.checks:
        if check.traces and not proof.minds_traces:
            yield (
                f"{check.food.name} may hold traces of {traits(check.traces)} from the mill or the factory. "
                "That matters for an allergy, and not for how you eat. If it is an allergy, add it to your preferences."
            )


def _forbidden(proof: RuleProof) -> str:
    named = proof.forbidden & TRAITS
    # An animal's own name says nothing more where all meat is forbidden.
    if "meat" in named:
        named -= {"pork", "beef", "forbidden-meat"}
    if "crustaceans" in named and "molluscs" in named:
        named -= {"forbidden-seafood"}
    return traits(named)


def _label(food: Food, promises: Iterable[str]) -> str:
    name = food.name.split(",")[0]
    for promise in promises:
        name = name.replace(f"{promise.capitalize()} ", "")
    return f"Look at the label of the {inside_a_sentence(name)}: it has to say {listed(list(promises))}."


def _in(food: Food) -> str:
    return inside_a_sentence(food.name)
