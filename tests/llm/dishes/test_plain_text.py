"""Which text of a model may be shown."""

from __future__ import annotations

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.steps import step_text
from mealplanner.llm.dishes.plain_text import text_problem, tidy


@pytest.mark.parametrize(
    "text",
    [
        "Crème brûlée, the vegan way (½ portion)",
        "Bake it at 200 °C for 12-15 minutes; 2.5 cm apart.",
        "Rice \u2019n\u2019 peas \u2013 \u201chot\u201d",
        "Serve it, e.g. with lime.",
        "Jalapen\u0303o",
    ],
)
def test_plain_sentences_pass(text: str) -> None:
    """With accents, fractions, degrees and quotation marks."""
    assert text_problem(tidy(text), 80) is None


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "<b>", "a > b", "`x`", "*bold*", "[link]", "{x}", "a_b", "&lt;b&gt; a=b", "#1", "$5", "a\\b", "~", "|",
        "a\x00b", "a\nb", "a\tb", "a\x7fb", "a\u00a0b", "a\u00adb", "a\u200bb", "a\u202eb", "a\u2066b", "a\u2028b",
        "\ufeffa", "\ud800", "\ue000", "\u0441hicken", "chicke\u03b7", "ch\u0131cken", "\uff43hicken", "\U0001d41a",
        "bee\ufb00", "\u0660", "\U0001f414", "a\u0301\u0489", "x@y", "https://example.org", "see www.example",
        "see example.org", "javascript://x", "done.Serve",
    ],
)  # fmt: skip
def test_everything_else_is_refused(text: str) -> None:
    """Markup, invisible characters, letters that look like others, emoji and addresses."""
    assert text_problem(tidy(text), 80) is not None


def test_long_texts_are_refused() -> None:
    assert text_problem("a" * 80, 80) is None
    assert text_problem("a" * 81, 80) == "has 81 characters, expected at most 80"


def test_the_texts_of_the_catalogue_pass() -> None:
    """Except for the dotless i of Turkish titles."""
    catalogue = load_catalogue()
    texts = [recipe.title for recipe in catalogue.recipes]
    for recipe in catalogue.recipes:
        grams = {item.food_id: item.grams for item in recipe.ingredients}
        texts += [step_text(step, catalogue.foods, grams, 1, "metric") for step in recipe.steps]
    assert not any(text_problem(text.replace("\u0131", "i"), 400) for text in texts)
