"""The drawings of dishes."""

from __future__ import annotations

import re
from pathlib import Path

import mealplanner.web
from mealplanner.food.vocabulary import CUISINES, MAIN_PROTEINS
from mealplanner.presentation.glyphs import cuisine_glyph, food_glyph

STATIC = Path(mealplanner.web.__file__).parent / "static"
DRAWN = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "glyphs.svg").read_text()))


def test_each_main_food_has_a_drawing_and_a_tint() -> None:
    glyphs = {protein: food_glyph(protein) for protein in MAIN_PROTEINS}
    assert [protein for protein, glyph in glyphs.items() if glyph == "dish"] == []
    assert set(glyphs.values()) <= DRAWN
    assert food_glyph("unheard-of") == "dish"


def test_each_cuisine_has_a_drawing() -> None:
    glyphs = {cuisine: cuisine_glyph(cuisine) for cuisine in CUISINES}
    assert [cuisine for cuisine, glyph in glyphs.items() if glyph == "international"] == ["international"]
    assert set(glyphs.values()) <= DRAWN
