"""Read recipes: `data/recipes/*.txt`, plain text that people can write and review.

A recipe starts at `== slug`. Six headers follow, each once, then the grams of each food in ONE serving, weighed in
the state that the food's id names (dry pasta dry, raw meat raw), then steps numbered from 1, in which what grows with
the servings stands in braces, as `food.steps` describes. A line that starts with a space continues the step above;
empty lines and lines that start with `#` are skipped.

    == red-lentil-dal
    title: Red lentil dal with rice
    kinds: main
    cuisine: indian
    protein: lentils
    minutes: 30
    appliances: stove
    - 70 red-lentils-dry
    - 50 rice-basmati-dry
    - 8 canola-oil
    - 1.5 salt
    1. Simmer the lentils in {300 ml} of water with the salt for 20 minutes, until they fall apart.
    2. Meanwhile simmer the rice, covered, in twice its volume of water for 12 minutes.
    3. Heat half of the oil ({canola-oil 1/2}), stir it into the lentils and serve them over the rice.

`kinds` and `appliances` are lists with commas between; `appliances: none-needed` is a dish that needs none, and
`cuisine: international` one that is of no country's kitchen in particular.
The words that headers may use are those of `food.vocabulary`; `food.recipe_checks` says what else must hold.

Three more headers are for dishes that need them:

    day-before: Soak the beans in plenty of cold water.
    makes: 8
    keeps: 3

`day-before` is what to prepare the day before (soak, marinate, freeze, cook rice that is used cold), written like a
step and not repeated in the steps; it may go on in lines that start with a space. `makes` is the number of servings
that the dish cannot be made for fewer than, with `keeps`, the days that the rest keeps (0, or left out: it is eaten at
once, like a soufflé). How many of the minutes a dish is left alone follows from its steps (`food.step_minutes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final

from mealplanner.food.findings import Finding
from mealplanner.food.vocabulary import NO_APPLIANCE
from mealplanner.planner.model import Ingredient, Recipe

HEADERS: Final = ("title", "kinds", "cuisine", "protein", "minutes", "appliances")
OPTIONAL: Final = ("day-before", "makes", "keeps")

_SLUG = re.compile(r"== ([a-z0-9]+(?:-[a-z0-9]+)*)")
_HEADER = re.compile(r"([a-z-]+): *(\S.*)")
_INGREDIENT = re.compile(r"- (\d+(?:\.\d+)?) ([a-z0-9-]+)")
_STEP = re.compile(r"(\d+)\. (\S.*)")


@dataclass(frozen=True, slots=True)
class Written:
    """A recipe, and the `file:line` where it starts."""

    where: str
    recipe: Recipe


class _Defect(Exception):
    """Carries a finding out of the reading of one recipe."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(problem)
        self.finding = Finding(where, problem)


@dataclass(frozen=True, slots=True)
class _Line:
    where: str
    text: str


def read_recipes(folder: Traversable) -> tuple[list[Written], list[Finding]]:
    """Return the recipes of all `*.txt` files in `folder`, and what is wrong with those that cannot be read."""
    written: list[Written] = []
    findings: list[Finding] = []
    for file in sorted((item for item in folder.iterdir() if item.name.endswith(".txt")), key=lambda item: item.name):
        recipes, problems = parse_recipes(file.read_text(encoding="utf-8"), file.name)
        written += recipes
        findings += problems
    return written, findings


def parse_recipes(text: str, name: str) -> tuple[list[Written], list[Finding]]:
    """Return the recipes in `text`, the content of the file `name`. A recipe with a defect becomes one finding."""
    written: list[Written] = []
    findings: list[Finding] = []
    for block in _blocks(text, name):
        try:
            written.append(Written(block[0].where, _recipe(block)))
        except _Defect as defect:
            findings.append(defect.finding)
    return written, findings


def _blocks(text: str, name: str) -> Iterator[list[_Line]]:
    block: list[_Line] = []
    for number, content in enumerate(text.splitlines(), start=1):
        if not content.strip() or content.startswith("#"):
            continue
        if content.startswith("==") and block:
            yield block
            block = []
        block.append(_Line(f"{name}:{number}", content))
    if block:
        yield block


def _recipe(block: list[_Line]) -> Recipe:
    first, *rest = block
    slug = _SLUG.fullmatch(first.text.rstrip())
    if not slug:
        raise _Defect(first.where, "expected '== slug', the slug in lower-case words joined by hyphens")
    headers: dict[str, _Line] = {}
    ingredients: list[Ingredient] = []
    steps: list[str] = []
    for line in rest:
        _read_line(line, headers, ingredients, steps)
    if missing := [header for header in HEADERS if header not in headers]:
        raise _Defect(first.where, f"expected the headers {', '.join(HEADERS)}; missing {', '.join(missing)}")
    return _assemble(slug[1], headers, ingredients, steps)


def _read_line(line: _Line, headers: dict[str, _Line], ingredients: list[Ingredient], steps: list[str]) -> None:
    text = line.text.rstrip()
    if text.startswith(" ") and steps:
        steps[-1] += " " + text.strip()
    elif text.startswith(" ") and not ingredients and [*headers][-1:] == ["day-before"]:
        begun = headers["day-before"]
        headers["day-before"] = _Line(begun.where, f"{begun.text} {text.strip()}")
    elif step := _STEP.fullmatch(text):
        if int(step[1]) != len(steps) + 1:
            raise _Defect(line.where, f"expected step {len(steps) + 1}, found step {step[1]}")
        steps.append(step[2])
    elif (ingredient := _INGREDIENT.fullmatch(text)) and not steps:
        ingredients.append(Ingredient(food_id=ingredient[2], grams=float(ingredient[1])))
    elif (header := _HEADER.fullmatch(text)) and header[1] in HEADERS + OPTIONAL and not ingredients:
        if header[1] in headers:
            raise _Defect(line.where, f"the header {header[1]} a second time")
        headers[header[1]] = _Line(line.where, header[2])
    else:
        raise _Defect(
            line.where, f"expected headers, then '- grams food-id' lines, then numbered steps, found {text!r}"
        )


def _assemble(slug: str, headers: Mapping[str, _Line], ingredients: list[Ingredient], steps: list[str]) -> Recipe:
    return Recipe(
        slug=slug,
        title=headers["title"].text,
        kinds=frozenset(_list(headers["kinds"].text)),
        cuisine=headers["cuisine"].text,
        main_protein=headers["protein"].text,
        minutes=_whole(headers["minutes"], "minutes"),
        appliances=frozenset(_list(headers["appliances"].text)) - {NO_APPLIANCE},
        ingredients=tuple(ingredients),
        steps=tuple(steps),
        day_before=headers["day-before"].text if "day-before" in headers else "",
        makes=_whole(headers.get("makes"), "servings", without=1),
        keeps_days=_whole(headers.get("keeps"), "days"),
    )


def _whole(line: _Line | None, unit: str, *, without: int = 0) -> int:
    """Return the number in `line`, `without` where there is no such line."""
    if line is None:
        return without
    if not line.text.isdecimal():
        raise _Defect(line.where, f"expected a whole number of {unit}, found {line.text!r}")
    return int(line.text)


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",")]
