"""A second alarm beside the proof of `restrictions`: suspicious words in the title and the steps of a dish.

It cannot prove anything: a list of words misses most animal foods and suspects plant ones. It catches the dish
whose steps speak of something that its list of ingredients does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from mealplanner.planner.model import Recipe
from mealplanner.planner.restrictions import forbidden_traits

_WORDS: Final[Mapping[str, str]] = {
    "meat": "meat beef veal pork bacon ham lamb mutton goat venison rabbit chicken turkey duck goose sausage sausages "
    "chorizo salami pepperoni pancetta prosciutto steak steaks liver lard tallow suet bone-broth meatballs "
    "merguez bratwurst frankfurter frankfurters mortadella bresaola pastrami kielbasa quail pheasant",
    "pork": "pork bacon ham lard pancetta prosciutto chorizo salami pepperoni gammon mortadella kielbasa",
    "beef": "beef veal steak steaks brisket oxtail tallow suet",
    "gelatine": "gelatine gelatin collagen marshmallow marshmallows aspic",
    "rennet": "rennet parmesan pecorino gruyere",
    "fish": "fish salmon tuna cod trout mackerel sardine sardines anchovy anchovies herring halibut haddock sea-bass "
    "fish-sauce worcestershire bonito dashi hake plaice sea-bream kipper kippers sprats surimi",
    "crustaceans": "shrimp shrimps prawn prawns crab lobster crayfish",
    "molluscs": "clam clams mussel mussels oyster oysters scallop scallops squid octopus calamari cuttlefish snails",
    "forbidden-seafood": "shrimp prawn prawns crab lobster clam clams mussel mussels oyster oysters scallop scallops "
    "squid octopus calamari eel catfish shark",
    "forbidden-meat": "rabbit hare horse",
    "eggs": "egg eggs omelette mayonnaise meringue aioli",
    "milk": "milk butter buttermilk ghee cream cheese cheddar mozzarella parmesan feta ricotta yogurt yoghurt whey "
    "casein custard kefir paneer halloumi mascarpone quark skyr burrata camembert roquefort ayran",
    "honey": "honey",
    "alcohol": "wine beer rum brandy vodka whisky whiskey sherry sake mirin liqueur cider bourbon",
    "gluten": "wheat barley rye spelt farro seitan couscous bulgur semolina malt breadcrumbs panko flour "
    "soy-sauce udon",
    "wheat": "wheat spelt farro seitan couscous bulgur semolina breadcrumbs panko flour soy-sauce udon",
    "soy": "soy soya tofu tempeh edamame miso tamari natto",
    "peanuts": "peanut peanuts satay groundnut groundnuts",
    "tree-nuts": "almond almonds walnut walnuts cashew cashews hazelnut hazelnuts pecan pecans pistachio pistachios "
    "macadamia macadamias praline marzipan",
    "celery": "celery celeriac",
    "mustard": "mustard",
    "sesame": "sesame tahini gomasio za'atar",
    "lupin": "lupin lupins lupini",
}
"""Trait -> words that speak of it; a hyphen stands for any gap between two words."""

_PLANTS = "coconut|almond|soy|soya|oat|rice|cashew|hazelnut|hemp|pea|peanut|nut|vegan|plant|plant-based|dairy-free"
_HARMLESS: Final = re.compile(
    rf"\b(?:(?:{_PLANTS})[ -](?:milk|cream|butter|cheese|yogh?urt|custard|mayonnaise|mince|sausages?)"
    r"|butter[ -]?beans?|cocoa butter|cream of tartar|(?:rice|cider|wine|red wine|white wine)[ -]vinegar"
    r"|(?:rice|corn|chickpea|gram|peanut|buckwheat|potato|almond|coconut|tapioca|gluten-free)[ -]flour|corn ?flour"
    r"|oyster mushrooms?|(?:vegan|vegetarian) \w+)\b"
)
"""Phrases that hold a suspicious word and mean a plant."""


def alarms(recipe: Recipe, rules: Iterable[str]) -> tuple[str, ...]:
    """Return the words of the title and steps of `recipe` that speak of what `rules` forbid, sorted.

    An alarm is a reason to look twice, neither proof nor gate: `restrictions.refusal` decides.
    Raise `KeyError` for an unknown rule.
    """
    return suspicious_words((recipe.title, *recipe.steps), rules)


def suspicious_words(texts: Iterable[str], rules: Iterable[str]) -> tuple[str, ...]:
    """Return the `alarms` of any texts."""
    traits = frozenset[str]().union(*(forbidden_traits(rule) for rule in rules))
    text = _HARMLESS.sub(" ", " ".join(texts).lower())
    found = {match for trait in traits for match in _pattern(trait).findall(text)}
    return tuple(sorted(found))


@cache
def _pattern(trait: str) -> re.Pattern[str]:
    words = sorted(_WORDS.get(trait, "").split(), key=len, reverse=True)
    alternatives = "|".join(word.replace("-", "[ -]") for word in words) or "(?!)"
    return re.compile(rf"\b(?:{alternatives})\b")
