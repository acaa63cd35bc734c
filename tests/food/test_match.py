"""What people type finds the foods they mean, and rather too many than too few."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mealplanner.food.match import read_dislikes
from mealplanner.food.table import load_foods
from mealplanner.planner.model import Food
from mealplanner.planner.restrictions import Verdict, suits

PLANTS = """
    agar agar; almond butter; almond milk; aubergine; avocado oil; beetroot; black-eyed peas; buckwheat groats;
    butter beans; butternut squash; cashew butter; cassava; chestnut mushrooms; chickpea flour; coconut milk;
    coconut oil; coconut water; collard greens; cream of tartar; eggplant; falafel; filo pastry; flaxseed oil;
    garbanzo beans; ginger; gluten flour; grape leaves; hearts of palm; hemp hearts; honeydew melon; hummus;
    jackfruit; kidney beans; ladies fingers; lemongrass; mace; maple syrup; masa harina; miso; molasses; monkey
    nuts; nutmeg; oyster mushrooms; passion fruit; peanut butter; pitta bread; plantain; polenta; pumpkin seeds;
    rice milk; seitan; sourdough bread; soya milk; soy yogurt; sunflower seed butter; tahini; tempeh; textured
    vegetable protein; tofu; vegan mayonnaise; vegetable stock; water chestnuts
"""
ANIMALS = """
    anchovies; back bacon; bacon; beef; beef broth; beef stock; bison; blue cheese; brie; buttermilk; calamari;
    catfish; cheddar; cheese; chicken; chicken broth; chicken livers; chorizo; clams; clarified butter; cod;
    cottage cheese; crab; cream cheese; double cream; duck; edam; egg noodles; egg whites; eggs; feta; fish
    sauce; fish stock; game; gelatin; gelatine; ghee; goat cheese; gouda; greek yoghurt; ground beef; gruyere;
    haddock; halibut; ham; herring; honey; kefir; lamb; lard; lobster; lox; mackerel; minced lamb; monkfish;
    mozzarella; mussels; nam pla; naan; octopus; offal; oyster sauce; paneer; parmesan; parmigiano reggiano;
    pecorino; pepperoni; pesto; pollock; pork; pork fat; poultry; prawns; pulled pork; rabbit; ricotta; salami;
    salmon; salt cod; sardines; sausages; scallops; sea bass; seafood; shellfish; shrimps; single cream; skim
    milk; sour cream; squid; steak; swordfish; tilapia; trout; tuna; turkey; veal; venison; whey
"""


def listed(names: str) -> list[str]:
    return [" ".join(name.split()) for name in names.split(";")]


def called(text: str, foods: Mapping[str, Food]) -> set[str]:
    """The foods of that name, without those that hold them."""
    return {food_id for part in read_dislikes([text], foods).parts for food_id in part.called}


@pytest.fixture(scope="module")
def foods() -> Mapping[str, Food]:
    return load_foods()


@pytest.mark.parametrize(
    ("text", "among", "not_among"),
    [
        ("mushroom", {"mushrooms-white", "mushrooms-shiitake-dried"}, {"oyster-sauce"}),
        ("nuts", {"almonds", "walnut-oil", "peanut-butter", "pesto"}, {"nutmeg", "coconut-fresh", "butternut-squash"}),
        ("tomatoes", {"tomatoes", "tomatoes-canned", "tomato-paste", "ketchup", "salsa"}, {"tomatillo"}),
        ("fish", {"salmon", "fish-sauce", "worcestershire-sauce", "anchovies-canned"}, {"prawns"}),
        ("seafood", {"salmon", "prawns", "squid", "oyster-sauce"}, {"mushrooms-oyster"}),
        ("dairy", {"milk-whole", "butter", "parmesan", "naan"}, {"coconut-milk-canned", "egg"}),
        ("cheese", {"cheddar", "feta-vegetarian", "paneer", "pesto"}, {"milk-whole", "tofu-firm"}),
        ("eggs", {"egg", "egg-noodles-dry", "mayonnaise"}, {"aubergine"}),
        ("soya", {"tofu-firm", "soy-sauce", "edamame"}, {"chickpeas-dry"}),
        ("poultry", {"chicken-breast", "turkey-ground", "duck-breast"}, {"beef-flank"}),
        ("peppers", {"pepper-red", "jalapeno"}, {"black-pepper"}),
        ("olives", {"olives-black", "olives-green"}, {"olive-oil"}),
        ("cilantro", {"coriander-leaves"}, {"coriander-seed"}),
        ("chillies", {"chilli-red", "cayenne"}, {"pepper-red"}),
    ],
)
def test_a_word_finds_all_its_foods(foods: Mapping[str, Food], text: str, among: set[str], not_among: set[str]) -> None:
    """Names, aliases and groups are matched by whole words."""
    found = called(text, foods)
    assert among <= found
    assert not found & not_among


@pytest.mark.parametrize("text", ["jalapeno", "Jalape\u00f1os", "JALAPEN\u0303O", " jalapeno! "])
def test_case_accents_plurals_and_marks_do_not_count(foods: Mapping[str, Food], text: str) -> None:
    """However a name is spelt, it finds the same foods."""
    assert called(text, foods) == {"jalapeno"}


def test_all_words_have_to_be_there(foods: Mapping[str, Food]) -> None:
    """Who dislikes blue cheese keeps the other cheeses."""
    assert called("blue cheese", foods) == {"blue-cheese", "roquefort"}


@pytest.mark.parametrize(
    ("text", "found", "spared"),
    [
        ("gluten", "soy-sauce-no-alcohol", "tamari-no-alcohol"),
        ("alcohol", "wine-red", "tamari-no-alcohol"),
        ("wine", "wine-red-vegan", "mustard-plain"),
        ("dairy", "milk-whole", "soy-yogurt"),
        ("soya", "soy-milk-original", "vegetable-stock"),
        ("gluten-free oats", "oats-gluten-free", "rolled-oats"),
    ],
)
def test_what_a_label_says_is_absent_is_not_its_name(
    foods: Mapping[str, Food], text: str, found: str, spared: str
) -> None:
    matched = called(text, foods)
    assert found in matched
    assert spared not in matched


def test_several_foods_may_be_told_apart(foods: Mapping[str, Food]) -> None:
    """Commas and the words between foods part them, and filler is skipped."""
    expected = called("kale", foods) | called("okra", foods) | called("swede", foods)
    assert called("no kale, okra and any swede", foods) == expected


@pytest.mark.parametrize("text", ["", " , and or ", "quux", "the"])
def test_text_that_means_nothing_known_finds_nothing(foods: Mapping[str, Food], text: str) -> None:
    """The caller learns that nothing was understood."""
    assert called(text, foods) == set()


@pytest.mark.parametrize("name", listed(PLANTS))
def test_plants_with_animal_names_are_vegan(foods: Mapping[str, Food], name: str) -> None:
    """Butter beans, eggplant and their like are proved vegan, whatever words are in them."""
    verdicts = {food_id: suits(foods[food_id], "vegan") for food_id in called(name, foods)}
    assert set(verdicts.values()) == {Verdict.YES}, verdicts


@pytest.mark.parametrize("name", listed(ANIMALS))
def test_animal_foods_are_never_vegan(foods: Mapping[str, Food], name: str) -> None:
    """Each is in the table, and nothing that it finds passes."""
    verdicts = {food_id: suits(foods[food_id], "vegan") for food_id in called(name, foods)}
    assert verdicts
    assert Verdict.YES not in verdicts.values(), verdicts


@pytest.mark.parametrize("trait", ["meat", "fish", "milk", "eggs", "honey", "crustaceans", "molluscs", "gelatine"])
def test_a_food_of_an_animal_is_not_vegan(foods: Mapping[str, Food], trait: str) -> None:
    """There are foods with the trait, and each is refused."""
    verdicts = {suits(food, "vegan") for food in foods.values() if trait in food.contains}
    assert verdicts == {Verdict.NO}
