"""Searching the dishes."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from mealplanner.cookbook.catalogue import GROUPS, PAGE, Search, find
from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.planner.model import PlanRequest
from mealplanner.planner.restrictions import refusal
from mealplanner.preferences.values import Preferences

CATALOGUE = load_catalogue()
OWN = {uuid.UUID(int=7): replace(CATALOGUE.recipes[0], slug="own-soup", title="Aunt Mabel's soup")}


def request_of(preferences: Preferences | None = None, **ratings: int) -> PlanRequest:
    """Return what is asked of dishes."""
    ratings = {slug.replace("_", "-"): value for slug, value in ratings.items()}
    return plan_request(
        preferences or Preferences(), CATALOGUE.foods, days=1, seed=0, recent={}, ratings=ratings
    )  # fmt: skip


def titles(search: Search, request: PlanRequest | None = None) -> list[str]:
    """Return the titles of a page."""
    return [dish.recipe.title for dish in find(search, request or request_of(), OWN).dishes]


def everything(request: PlanRequest, search: Search | None = None) -> list[tuple[str, str | None]]:
    """Return group and reason of every dish, in order."""
    first = find(search or Search(), request, OWN)
    pages = [find(replace(search or Search(), page=number), request, OWN) for number in range(1, first.pages + 1)]
    return [(dish.group, dish.unsuitable and dish.unsuitable.reason) for page in pages for dish in page.dishes]


def test_every_dish_is_on_one_page() -> None:
    """The pages are full, and no dish comes twice."""
    request = request_of()
    first = find(Search(), request, OWN)
    assert (first.total, len(first.dishes)) == (len(CATALOGUE.recipes) + 1, PAGE)
    ids = [dish.id for number in range(1, first.pages + 1) for dish in find(Search(page=number), request, OWN).dishes]
    assert len(ids) == len(set(ids)) == first.total
    assert find(Search(page=first.pages + 1), request, OWN).dishes == ()


def test_what_suits_comes_first_and_the_rest_says_why_not() -> None:
    """By the planner's proof, for a vegan without soy."""
    vegan = Preferences(diet_type="vegan", dietary_restrictions=["soy"])
    listed = everything(request_of(vegan))
    assert [group for group, _ in listed] == sorted((group for group, _ in listed), key=GROUPS.index)
    assert all((reason is None) == (group == GROUPS[0]) for group, reason in listed)
    rules = {"vegan", "soy"}
    proven = sum(refusal(recipe, CATALOGUE.foods, rules) is None for recipe in [*CATALOGUE.recipes, *OWN.values()])
    assert sum(group != GROUPS[2] for group, _ in listed) == proven


def test_favourites_lead_their_group_and_never_again_ends_it() -> None:
    request = request_of(pan_con_tomate=1, tahini_date_toast=-1)
    assert titles(Search(), request)[0] == "Toasted sourdough with tomato and garlic"
    assert titles(Search(favourites=True), request) == ["Toasted sourdough with tomato and garlic"]
    (found,) = find(Search(words="toast tahini dates banana"), request, OWN).dishes
    assert found.group == GROUPS[2]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("aunt mabel", "Aunt Mabel's soup"),
        ("SOFRITAS", "Tofu sofritas bowl with rice, beans and salsa"),
        ("sourdough tomatoes", "Toasted sourdough with tomato and garlic"),
        ("toast with the tomato", "Toasted sourdough with tomato and garlic"),
    ],
)
def test_a_dish_is_found_by_its_name(words: str, title: str) -> None:
    """Whatever the case and the plurals, and by the beginnings of words."""
    assert title in titles(Search(words=words))


def test_a_dish_is_found_by_what_is_in_it() -> None:
    """Those that say so in the title come first."""
    found = find(Search(words="spinach"), request_of(), {}).dishes
    named = ["spinach" in dish.recipe.title.lower() for dish in found if dish.group == GROUPS[0]]
    assert named == sorted(named, reverse=True)
    for dish in found:
        text = dish.recipe.title + " ".join(CATALOGUE.foods[item.food_id].name for item in dish.recipe.ingredients)
        assert "spinach" in text.lower()


@pytest.mark.parametrize("meal", ["breakfast", "main", "lunch", "dinner", "snack"])
def test_a_search_is_narrowed(meal: str) -> None:
    """By meal, minutes, cuisine and diet, all at once."""
    search = Search(meal=meal, minutes=30, cuisine="indian", diet="vegan")
    for dish in find(search, request_of(), {}).dishes:
        assert {"lunch": "main", "dinner": "main"}.get(meal, meal) in dish.recipe.kinds
        assert dish.recipe.minutes <= 30
        assert dish.recipe.cuisine == "indian"
        assert refusal(dish.recipe, CATALOGUE.foods, ["vegan"]) is None
    assert find(search, request_of(), {}).total > 0


def test_nothing_is_found_for_words_that_no_dish_has() -> None:
    found = find(Search(words="xyzzy"), request_of(), OWN)
    assert (found.dishes, found.total, found.pages, found.groups) == ((), 0, 1, [])
