"""What people type among their dislikes: what is left out for it, and what is said not to be understood."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mealplanner.food.match import Part, read_dislikes
from mealplanner.food.phrases import entries
from mealplanner.food.table import load_foods
from mealplanner.planner.model import Food
from mealplanner.planner.restrictions import RESTRICTIONS, forbidden_traits

UNDERSTOOD = """
    # several things, and what parts them
    olives and dairy products: olives-green, butter, cheddar, milk-whole; not olive-oil
    mushrooms and tree nuts: mushrooms-white, walnuts, almonds; not peanuts
    onions & garlic: onion, garlic; not apple
    garlic, onion: garlic, onion, hummus, salsa, garlic-powder; not vegetable-stock
    onion/garlic: onion, garlic
    onion + garlic: onion, garlic
    coriander or parsley: coriander-leaves, parsley
    kale; okra; swede: kale, okra, rutabaga
    Onions, Garlic & Leeks: onion, garlic, leek
    neither kale nor okra: kale, okra
    olives as well as capers: olives-black, capers
    milk eggs nuts: milk-whole, egg, walnuts
    fish (salmon, tuna): cod, salmon, tuna-steak
    nuts (e.g. almonds): walnuts, almonds
    nuts like almonds and cashews: walnuts, almonds, cashews
    nuts, especially walnuts: almonds, walnuts
    No fish. No eggs.: salmon, egg
    bread and butter: bread-white, butter; not butter-beans-dry
    peanut butter and jelly: peanut-butter, jam
    # fillers and feelings
    I hate coriander / cilantro: coriander-leaves
    no shellfish please: prawns, mussels, squid; not salmon
    anything with peanuts: peanuts, peanut-butter, peanut-sauce
    I don't like olives: olives-black; not olive-oil
    I don\u2019t eat pork: bacon, pork-chop, chorizo; not beef-flank
    I can't stand liver: beef-liver, chicken-liver; not chicken-breast
    I'm allergic to nuts: almonds, peanuts, pesto
    my kids hate mushrooms: mushrooms-white
    not a fan of aubergine: aubergine
    please leave out celery: celery, celeriac, celery-seed
    all kinds of fish: salmon, cod, fish-sauce
    fish of any kind: salmon, cod
    those horrible olives: olives-green
    no more fish: salmon
    hold the onions: onion
    lactose intolerant: milk-whole, butter, cheddar
    milk-based foods: milk-whole, butter
    foods containing soy: tofu-firm, soy-sauce
    gluten-free: flour-bread, couscous-dry; not rice-brown-dry
    sugar free: sugar-white, jam; not honey
    too spicy: chilli-red, cayenne
    MUSHROOMS!!!: mushrooms-white
    # what is done to a food, and what kind it is
    raw onions: onion
    cooked carrots: carrots
    fresh basil: basil, pesto
    fresh mushrooms: mushrooms-white
    organic eggs: egg
    chopped tomatoes: tomatoes-crushed-canned
    stinky blue cheese: blue-cheese; not cheddar
    smoked fish: salmon-smoked; not cod
    grilled aubergines: aubergine
    cold cucumber: cucumber
    ripe bananas: banana
    dried fruit: raisins, prunes, dates; not apple
    ground beef: beef-ground-80; not beef-flank
    minced meat: beef-ground-80, lamb-ground, turkey-ground
    canned tuna: tuna-canned-oil, tuna-canned-water; not cod
    low-fat milk: milk-low-fat; not butter
    extra firm tofu: tofu-extra-firm; not tofu-silken
    half and half: cream-light
    # spelling
    courgettes: courgette
    zucchinis: courgette
    eggplants: aubergine
    aubergines: aubergine
    egg plant: aubergine; not egg
    yoghurt: yogurt-whole, greek-yogurt-whole
    yogurts: yogurt-whole, greek-yogurt-whole
    yogourt: yogurt-whole
    chick peas: chickpeas-canned, hummus
    chick-peas: chickpeas-canned
    springonion: spring-onion
    soymilk: soy-milk-unsweetened
    butter milk: buttermilk
    Jalapeños: jalapeno
    GRUYÈRE: gruyere
    crème fraîche: sour-cream
    chillies: chilli-red, cayenne; not pepper-red
    chilis: chilli-red
    chile peppers: chilli-red
    soya sauce: soy-sauce, teriyaki-sauce
    houmous: hummus
    Brussel sprouts: brussels-sprouts
    goat's cheese: goat-cheese-soft; not cheddar
    goats cheese: goat-cheese-soft
    molluscs: mussels, squid; not prawns
    mollusks: mussels
    sulfites: wine-red
    prawns: prawns; not mussels
    shrimps: prawns
    pak choy: bok-choy
    ladies' fingers: okra
    tomatoe: tomatoes, ketchup
    potatos: potatoes; not sweet-potato
    avacado: avocado
    brocolli: broccoli
    zuchini: courgette
    corriander: coriander-leaves
    mushrom: mushrooms-white
    parmesean: parmesan, pesto
    mayonaise: mayonnaise
    mozarella: mozzarella
    rasberries: raspberries
    pinapple: pineapple
    walnutts: walnuts, walnut-oil
    peanutts: peanuts
    spinich: spinach
    letuce: lettuce-iceberg
    worchestershire sauce: worcestershire-sauce
    tumeric: turmeric, curry-powder
    crustacea: prawns, lobster
    # groups and the restrictions' own labels
    Tree nuts: walnuts, almonds, almond-butter, pesto; not peanuts
    nuts: walnuts, peanuts, pesto; not nutmeg, coconut-fresh
    Gluten: flour-bread, couscous-dry
    Meat and poultry: beef-flank, chicken-breast, chicken-stock; not salmon
    No meat or fish: beef-flank, salmon; not egg
    Nothing from animals: beef-flank, salmon, egg, butter, honey; not tofu-firm
    Halal: bacon, wine-red, gelatine; not chicken-breast
    Kosher: prawns, bacon, rabbit; not salmon
    red meat: beef-flank, lamb-leg, pork-chop, beef-stock, chorizo; not chicken-breast, rabbit
    white meat: chicken-breast, turkey-breast; not egg
    poultry: chicken-breast, duck-breast; not egg
    seafood: salmon, prawns, squid, oyster-sauce; not mushrooms-oyster
    shellfish: prawns, mussels, oyster-sauce; not salmon
    oily fish: mackerel, salmon, sardines-canned; not cod
    white fish: cod, haddock; not salmon
    nightshades: tomatoes, potatoes, pepper-red, aubergine, chilli-red, paprika, ketchup; not black-pepper, sweet-potato
    spicy food: chilli-red, cayenne, sriracha, jalapeno; not black-pepper
    alliums: onion, garlic, leek, chives, shallot, spring-onion
    the onion family: onion, garlic, leek, chives
    citrus: lemon, lime, orange, grapefruit; not lemongrass
    cruciferous vegetables: broccoli, cabbage, kale, cauliflower
    leafy greens: spinach, kale, lettuce-romaine
    root vegetables: carrots, parsnip, beetroot
    stone fruit: peach, plum, cherries
    berries: strawberries, raspberries-frozen, blueberries
    offal: beef-liver, chicken-liver
    processed meat: bacon, ham-cooked, salami; not beef-flank
    game: venison, rabbit
    pulses: lentils-dry, chickpeas-canned, tofu-firm
    beans: kidney-beans-dry, black-beans-cooked; not soy-sauce
    peas: peas-frozen, snow-peas; not chickpeas-canned
    milk: milk-whole, butter, cheddar; not coconut-milk-canned
    cheese: cheddar, feta, pesto; not milk-whole, tofu-firm
    feta cheese: feta, feta-vegetarian; not cheddar
    soft cheese: brie, cream-cheese, feta; not parmesan
    queso: cheddar, queso-fresco
    butter: butter, ghee; not peanut-butter, butter-beans-dry
    cream: cream-heavy, sour-cream; not cream-of-tartar
    eggs: egg, mayonnaise, egg-noodles-dry; not aubergine
    peppers: pepper-red, jalapeno; not black-pepper
    olives: olives-black; not olive-oil
    chicken: chicken-breast, chicken-stock; not egg
    tuna fish: tuna-steak, tuna-canned-oil; not cod
    pork meat: pork-chop, bacon, ham-cooked
    mutton: lamb-leg
    seaweed: agar
    caffeine: coffee, tea-black, chocolate-dark
    corn: sweetcorn, cornflour, cornmeal, popcorn
    animal products: beef-flank, egg, butter
    # what compound foods are made of
    garlic: garlic, hummus, kimchi, sriracha, pesto; not leek, chives
    onion: onion, salsa, falafel, worcestershire-sauce; not leek, vegetable-stock
    basil: basil, basil-dried, pesto
    anchovies: anchovies-canned, worcestershire-sauce, fish-sauce
    cabbage: cabbage, sauerkraut, kimchi
    grapes: grapes, raisins, balsamic-vinegar; not wine-red
    chickpeas: chickpeas-canned, hummus, falafel, chickpea-flour
    yeast: yeast-dry, bread-white, beer
    hops: beer
    anything that may contain celery: celery, vegetable-stock, ketchup, curry-powder
    may contain onion: onion, vegetable-stock, chicken-stock
    palm oil: palm-oil-red
    egg whites: egg-white, egg, fresh-pasta
    crab sticks: surimi
    stock cubes: vegetable-stock, chicken-stock
    bone broth: beef-stock
    my daughter is allergic to eggs and peanuts: egg, peanuts
    we avoid pork and alcohol: pork-chop, wine-red
    mushrooms are disgusting: mushrooms-white
    onions (raw): onion
    cottage-cheese: cottage-cheese; not cheddar
    citrus fruits: lemon, orange, hummus
    anything spicy: chilli-red, jalapeno
    dried fruits: raisins, prunes
    seeds: sesame-seeds, pumpkin-seeds, tahini; not sunflower-oil
    no onions if possible: onion
    I'm unable to eat shellfish: prawns, mussels
    peanuts make me sick: peanuts
    # exceptions
    I eat everything except olives: olives-black
    I like all vegetables but kale: kale; not broccoli
    fish (except cod): salmon; not cod
    any fish but cod: salmon; not cod
    beans but not green beans: kidney-beans-dry; not green-beans
    cheese but not feta: cheddar, mozzarella; not feta, feta-vegetarian
    cheese, but not feta or mozzarella: cheddar; not feta, mozzarella
    nuts except almonds: walnuts, peanuts; not almonds
    nuts apart from almonds and walnuts: cashews; not almonds, walnuts
    fish except salmon and nuts: cod, walnuts; not salmon
    no fish except for tuna: salmon; not tuna-steak, tuna-canned-oil
    fish but salmon is ok: cod; not salmon
    nuts except almonds, walnuts: cashews, walnuts; not almonds
    garlic except hummus: garlic, pesto; not hummus
    nuts but roasted peanuts are fine: almonds, peanuts; not peanuts-roasted
    onions but not red onions: onion; not onion-red
    fish but tuna in oil is ok: salmon; not tuna-canned-oil
    fruit but dried fruit is fine: grapes; not raisins, dates
    vegetables except green vegetables: carrots; not broccoli
    vegetables except carrots: peas-frozen, mixed-vegetables-frozen; not carrots
    I don't like or eat tofu: tofu-firm
    hot dogs: italian-sausage, pepperoni
    pimientos: pepper-red, allspice
    fish but I also hate eggs: salmon, egg
    I like fish but hate salmon: salmon; not cod
"""

NOT_UNDERSTOOD = """
    unobtainium: unknown
    rice pudding: unknown
    vegan cheese: unknown
    pineapple on pizza: unknown
    Italian food: unknown
    sushi: unknown
    partridge: unknown
    Milch: unknown
    noix: unknown
    орехи: unknown
    花生: unknown
    فستق: unknown
    🥜: unknown
    tofo: unknown
    leak: unknown
    fihs: unknown
    I eat everything: unknown
    none: nothing
    n/a: nothing
    -: nothing
    vegan: diet
    we're vegetarian: diet
    low carb: diet
    nothing with bones: unknown
    anything but mushrooms: exception
    fried food: unknown
    keto: diet
    low FODMAP: diet
    I like olives: liked
    I love cheese: liked
    I don't mind olives: liked
    I'm not allergic to nuts: liked
    olives are fine: liked
    cheese is ok: liked
    less garlic: unclear
    a little chilli: unclear
    only cooked tomatoes: unclear
    sometimes cheese: unclear
    everything except fish: exception
    nothing but fish: exception
    but not feta: exception
    cheese except cheese: exception
"""


def cases(text: str) -> list[tuple[str, str]]:
    lines = (line.strip() for line in text.strip().splitlines())
    return [tuple(line.rsplit(": ", 1)) for line in lines if not line.startswith("#")]  # type: ignore[misc]


def read(text: str, foods: Mapping[str, Food]) -> tuple[Part, ...]:
    return read_dislikes([text], foods).parts


@pytest.fixture(scope="module")
def foods() -> Mapping[str, Food]:
    return load_foods()


@pytest.mark.parametrize(("typed", "expected"), cases(UNDERSTOOD))
def test_a_phrase_leaves_out_what_it_means(foods: Mapping[str, Food], typed: str, expected: str) -> None:
    wanted, _, kept = expected.partition("; not ")
    dislikes = read_dislikes([typed], foods)
    assert set(wanted.split(", ")) <= dislikes.foods
    assert not set(kept.split(", ")) & dislikes.foods
    assert not dislikes.not_understood or "like" in typed


@pytest.mark.parametrize(("typed", "problem"), cases(NOT_UNDERSTOOD))
def test_a_phrase_that_is_not_understood_says_so(foods: Mapping[str, Food], typed: str, problem: str) -> None:
    dislikes = read_dislikes([typed], foods)
    assert any(part.problem == problem for part in dislikes.parts), dislikes.parts
    assert dislikes.not_understood
    assert not dislikes.foods or "except" in typed


def test_enough_phrases_were_read_by_a_person() -> None:
    assert len(cases(UNDERSTOOD)) + len(cases(NOT_UNDERSTOOD)) >= 200


@pytest.mark.parametrize(("restriction", "label"), RESTRICTIONS.items())
def test_the_label_of_a_restriction_leaves_out_what_the_restriction_forbids(
    foods: Mapping[str, Food], restriction: str, label: str
) -> None:
    forbidden = {food.id for food in foods.values() if food.contains & forbidden_traits(restriction)}
    (part,) = read(label, foods)
    assert forbidden <= set(part.leaves_out)
    assert part.restriction == restriction


@pytest.mark.parametrize(
    "typed",
    ["olives and unobtainium", "unobtainium, olives", "olives; 🥜", "I hate olives. Also орехи", "olives / partridge"],
)
def test_a_part_that_is_not_understood_is_not_hidden_by_one_that_is(foods: Mapping[str, Food], typed: str) -> None:
    problems = sorted(part.problem for part in read(typed, foods))
    assert problems == ["", "unknown"]


@pytest.mark.parametrize(
    "name", sorted({label for food in load_foods().values() for label in (food.name, *food.aliases)})
)
def test_every_name_of_the_table_finds_its_foods(foods: Mapping[str, Food], name: str) -> None:
    named = {food.id for food in foods.values() if name in (food.name, *food.aliases)}
    assert named <= read_dislikes([name], foods).foods


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("tofo", "Tofu"), ("leak", "Leek"), ("rice pudding", "rice"), ("Milch", "milk"), ("vegan cheese", "cheese")],
)
def test_the_nearest_names_are_offered_where_nothing_was_understood(
    foods: Mapping[str, Food], typed: str, nearest: str
) -> None:
    (part,) = read(typed, foods)
    assert nearest in part.nearest


def test_every_name_that_is_offered_is_understood(foods: Mapping[str, Food]) -> None:
    offered = {name for typed, _ in cases(NOT_UNDERSTOOD) for part in read(typed, foods) for name in part.nearest}
    assert len(offered) > 20
    assert not read_dislikes(sorted(offered), foods).not_understood


def test_a_corrected_misspelling_says_what_it_was_taken_for(foods: Mapping[str, Food]) -> None:
    (part,) = read("zuchini", foods)
    assert part.taken_for == ("zucchini",)
    (part,) = read("smelly cold cucumber", foods)
    assert part.taken_for == ("cucumber",)


def test_a_misspelling_near_to_two_foods_leaves_out_both_and_says_so(foods: Mapping[str, Food]) -> None:
    (part,) = read("creab", foods)
    assert {"cream", "crab"} <= set(part.taken_for)
    assert {"cream-heavy", "crab-canned"} <= set(part.leaves_out)


def test_what_may_hold_a_disliked_food_is_named_and_left_in(foods: Mapping[str, Food]) -> None:
    (part,) = read("onion", foods)
    assert {"vegetable-stock", "chicken-stock", "curry-powder"} <= set(part.may_hold)
    assert not set(part.may_hold) & set(part.leaves_out)


@pytest.mark.parametrize(
    ("typed", "relatives", "family"),
    [
        ("onion", {"leek", "chives", "garlic"}, "the onion family"),
        ("garlic", {"leek", "chives", "onion-powder", "shallot", "spring-onion"}, "the onion family"),
        ("cilantro", {"coriander-seed"}, "coriander and its seeds"),
        ("bell peppers", {"paprika", "chilli-red"}, "peppers and chillies"),
        ("peanuts", {"lupin-beans-dry"}, "peanuts and lupin"),
        ("walnuts", {"pecans", "almonds"}, "tree nuts"),
        ("lemons", {"lime", "orange"}, "citrus"),
        ("alliums", set(), ""),
        ("eggs", set(), ""),
    ],
)
def test_relatives_are_named(foods: Mapping[str, Food], typed: str, relatives: set[str], family: str) -> None:
    (part,) = read(typed, foods)
    assert relatives <= set(part.relatives)
    assert part.family == family
    assert not set(part.relatives) & {*part.leaves_out, *part.may_hold}


def test_what_was_excepted_is_named(foods: Mapping[str, Food]) -> None:
    (part,) = read("cheese but not feta", foods)
    assert part.kept == ("feta", "feta-vegetarian")


@pytest.mark.parametrize(
    "typed",
    [
        "eggs, but baked eggs are fine",
        "onions except cooked onions",
        "peppers but roasted peppers are good",
        "dairy but milk in tea is okay",
        "fish except fresh salmon",
    ],
)
def test_an_exception_for_a_state_of_a_food_keeps_nothing(foods: Mapping[str, Food], typed: str) -> None:
    """The food would be served in every state."""
    whole, exception = read(typed, foods)
    assert not whole.kept
    assert exception.problem == "exception"


def test_an_exception_that_is_not_understood_keeps_nothing(foods: Mapping[str, Food]) -> None:
    cheese, exception = read("cheese but not unobtainium", foods)
    assert "feta" in cheese.leaves_out
    assert exception.problem == "exception"


def test_lines_that_say_more_than_names_are_not_cut_at_commas() -> None:
    typed = "olives, capers\n\n cheese, but not feta\nI like eggs, fish and nuts; kale"
    assert entries(typed) == ["olives", "capers", "cheese, but not feta", "I like eggs, fish and nuts", "kale"]


def test_what_is_liked_stays_liked_after_a_comma(foods: Mapping[str, Food]) -> None:
    assert {part.problem for part in read("I like eggs, fish and nuts", foods)} == {"liked"}
