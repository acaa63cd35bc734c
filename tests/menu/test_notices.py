"""What a menu says of itself, and what of it still holds."""

from __future__ import annotations

import uuid

from mealplanner.menu.notices import Advice, Served, fingerprint, restated

SETBACK = "No model is set up."
ADVICE = "Tuesday is short on protein."
REMEDY = "With two snacks, every day meets your targets."
MEAT = "Buy the meat with a certificate."
LABEL = "Read the label of pesto."


def test_a_notice_goes_with_its_dish_and_comes_with_another() -> None:
    """What is said for another reason stays."""
    said = restated([SETBACK, MEAT], advice=[], holding=[], before=[MEAT], after=[LABEL])
    assert said == [SETBACK, LABEL]


def test_a_notice_stays_while_any_dish_needs_it() -> None:
    assert restated([MEAT], advice=[], holding=[], before=[MEAT], after=[MEAT]) == [MEAT]


def test_advice_that_holds_is_told_first_and_once() -> None:
    told = restated([ADVICE, REMEDY, SETBACK], advice=[ADVICE, REMEDY], holding=[REMEDY], before=[], after=[])
    assert told == [REMEDY, SETBACK]
    again = restated(told, advice=[ADVICE, REMEDY], holding=[ADVICE, REMEDY], before=[], after=[])
    assert again == [ADVICE, REMEDY, SETBACK]


def test_of_other_meals_only_the_remedies_hold_and_only_where_one_is_needed() -> None:
    planned, other = Served(0, 0, uuid.uuid4(), 1.0), Served(0, 0, uuid.uuid4(), 1.0)
    advice = Advice(sentences=[ADVICE, REMEDY], remedies=[REMEDY], as_planned=fingerprint([planned]))
    assert advice.holding([planned], on_target=False) == [ADVICE, REMEDY]
    assert advice.holding([other], on_target=False) == [REMEDY]
    assert not advice.holding([other], on_target=True)


def test_the_same_meals_have_the_same_fingerprint_in_any_order() -> None:
    first, second = Served(0, 0, uuid.uuid4(), 1.25), Served(0, 1, uuid.uuid4(), 1.0)
    assert fingerprint([first, second]) == fingerprint([second, first])
    others = [first._replace(portion=1.5), first._replace(day=1), first._replace(recipe_id=second.recipe_id)]
    assert len({fingerprint([one, second]) for one in (first, *others)}) == 4
