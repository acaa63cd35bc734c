"""What a menu says of itself, and what of it still holds."""

from __future__ import annotations

import uuid

from mealplanner.menu.notices import Served, fingerprint, restated

SETBACK = "No model is set up."
ADVICE = "Tuesday is short on protein."
MEAT = "Buy the meat with a certificate."
LABEL = "Read the label of pesto."


def test_a_notice_goes_with_its_dish_and_comes_with_another() -> None:
    """What is said for another reason stays."""
    said = restated([SETBACK, MEAT], advice=[], as_planned=False, before=[MEAT], after=[LABEL])
    assert said == [SETBACK, LABEL]


def test_a_notice_stays_while_any_dish_needs_it() -> None:
    assert restated([MEAT], advice=[], as_planned=False, before=[MEAT], after=[MEAT]) == [MEAT]


def test_advice_is_about_the_meals_that_were_planned() -> None:
    """It comes first, and once."""
    told = restated([ADVICE, SETBACK], advice=[ADVICE], as_planned=True, before=[], after=[])
    assert told == [ADVICE, SETBACK]
    gone = restated(told, advice=[ADVICE], as_planned=False, before=[], after=[])
    assert gone == [SETBACK]
    assert restated(gone, advice=[ADVICE], as_planned=True, before=[], after=[]) == told


def test_the_same_meals_have_the_same_fingerprint_in_any_order() -> None:
    first, second = Served(0, 0, uuid.uuid4(), 1.25), Served(0, 1, uuid.uuid4(), 1.0)
    assert fingerprint([first, second]) == fingerprint([second, first])
    others = [first._replace(portion=1.5), first._replace(day=1), first._replace(recipe_id=second.recipe_id)]
    assert len({fingerprint([one, second]) for one in (first, *others)}) == 4
