"""Recipe files are read in full, or refused with the place of the defect."""

from __future__ import annotations

import pathlib
import textwrap
from typing import Final

import pytest

from mealplanner.food import recipes
from mealplanner.food.recipes import parse_recipes, read_recipes
from mealplanner.planner.model import Ingredient

SOUP: Final = """\
# Soups

== lentil-soup
title: Lentil soup: the quick one
kinds: main, snack
cuisine: indian
protein: lentils
minutes: 30
appliances: stove, blender
- 70 red-lentils-dry
- 1.5 salt

1. Simmer the lentils in plenty of water
   for 20 minutes.
2. Blend, season and serve.
"""

ORDER: Final = "expected headers, then '- grams food-id' lines, then numbered steps"


def problem(text: str) -> str:
    """The only finding in `text`."""
    (finding,) = parse_recipes(text, "soups.txt")[1]
    return str(finding)


def test_a_recipe_is_read_whole() -> None:
    """Headers, ingredients and steps arrive as written, and the place is that of the slug."""
    (written,), findings = parse_recipes(SOUP, "soups.txt")
    recipe = written.recipe
    assert findings == []
    assert written.where == "soups.txt:3"
    assert (recipe.slug, recipe.title) == ("lentil-soup", "Lentil soup: the quick one")
    assert recipe.kinds == {"main", "snack"}
    assert recipe.appliances == {"stove", "blender"}
    assert (recipe.cuisine, recipe.main_protein, recipe.minutes) == ("indian", "lentils", 30)
    assert recipe.ingredients == (
        Ingredient(food_id="red-lentils-dry", grams=70),
        Ingredient(food_id="salt", grams=1.5),
    )
    assert recipe.steps == ("Simmer the lentils in plenty of water for 20 minutes.", "Blend, season and serve.")


def test_a_recipe_may_say_what_is_done_before_and_for_how_many_it_is_made() -> None:
    """A sentence may go on in the next line; without these headers all is done on the day, for one."""
    said = "minutes: 30\nday-before: Soak the lentils\n  in water.\nmakes: 4\nkeeps: 3\n"
    ((written,), findings) = parse_recipes(SOUP.replace("minutes: 30\n", said), "soups.txt")
    dish, ((plain,), _) = written.recipe, parse_recipes(SOUP, "soups.txt")
    assert findings == []
    assert (dish.day_before, dish.makes, dish.keeps_days) == ("Soak the lentils in water.", 4, 3)
    assert (plain.recipe.day_before, plain.recipe.makes, plain.recipe.keeps_days) == ("", 1, 0)


@pytest.mark.parametrize("header", ["makes", "keeps"])
def test_what_is_counted_is_a_whole_number(header: str) -> None:
    text = SOUP.replace("minutes: 30\n", f"minutes: 30\n{header}: some\n")
    assert problem(text).startswith("soups.txt:9: expected a whole number of ")


def test_a_dish_may_need_no_appliance() -> None:
    """`none-needed` is the absence of appliances, not one of them."""
    ((written,), _) = parse_recipes(SOUP.replace("stove, blender", "none-needed"), "soups.txt")
    assert written.recipe.appliances == frozenset()


def test_a_file_holds_many_recipes() -> None:
    """The next `==` starts the next recipe."""
    written, findings = parse_recipes(SOUP + SOUP.replace("lentil-soup", "other-soup"), "soups.txt")
    assert [item.recipe.slug for item in written] == ["lentil-soup", "other-soup"]
    assert findings == []


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ("== lentil-soup", "== Lentil soup", 3, "expected '== slug', the slug in lower-case words joined by hyphens"),
        ("minutes: 30", "minutes: half an hour", 8, "expected a whole number of minutes, found 'half an hour'"),
        ("cuisine: indian", "title: Again", 6, "the header title a second time"),
        ("1. Simmer", "2. Simmer", 13, "expected step 1, found step 2"),
        ("- 1.5 salt", "- 1.5g salt", 11, f"{ORDER}, found '- 1.5g salt'"),
        ("kinds: main", "taste: good", 5, f"{ORDER}, found 'taste: good, snack'"),
    ],
)
def test_a_bad_line_is_refused_by_file_and_line(old: str, new: str, line: int, expected: str) -> None:
    """The finding says where the defect is and what was expected there."""
    assert problem(SOUP.replace(old, new)) == f"soups.txt:{line}: {expected}"


def test_missing_headers_are_named() -> None:
    """A recipe without a cuisine says so."""
    expected = "soups.txt:3: expected the headers title, kinds, cuisine, protein, minutes, appliances; missing cuisine"
    assert problem(SOUP.replace("cuisine: indian\n", "")) == expected


def test_text_before_the_first_recipe_is_refused() -> None:
    """Nothing is skipped silently."""
    assert problem("title: Soup").startswith("soups.txt:1: expected '== slug'")


def test_one_bad_recipe_hides_no_other() -> None:
    """The others of the file are still read, so that all findings come at once."""
    written, findings = parse_recipes(SOUP.replace("30", "soon") + SOUP.replace("lentil-soup", "good-soup"), "s.txt")
    assert [item.recipe.slug for item in written] == ["good-soup"]
    assert [finding.where for finding in findings] == ["s.txt:8"]


def test_all_files_of_a_folder_are_read(tmp_path: pathlib.Path) -> None:
    """Files are read in the order of their names, and other files are ignored."""
    (tmp_path / "b.txt").write_text(SOUP)
    (tmp_path / "a.txt").write_text(SOUP)
    (tmp_path / "notes.md").write_text("not a recipe")
    assert [written.where for written in read_recipes(tmp_path)[0]] == ["a.txt:3", "b.txt:3"]


def test_the_documented_example_is_read() -> None:
    """The recipe in the documentation of the format follows it."""
    example = textwrap.dedent(f"    == {str(recipes.__doc__).split('    == ')[1].split('`kinds`')[0]}")
    written, findings = parse_recipes(example, "example")
    assert [item.recipe.slug for item in written] == ["red-lentil-dal"]
    assert findings == []
