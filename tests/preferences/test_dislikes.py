"""What people are told about their dislikes, and how they correct it in place."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest

from mealplanner.db.testing import checked_out
from mealplanner.errors import Invalid
from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.match import read_dislikes
from mealplanner.food.phrases import LONGEST_DISLIKE, MOST_DISLIKES, entries
from mealplanner.food.table import load_foods
from mealplanner.preferences import views
from mealplanner.preferences.dislikes import facts, readings, warnings, with_choices
from mealplanner.preferences.schemas import PreferencesSchema
from mealplanner.preferences.values import Preferences
from mealplanner.storage.database import Database
from mealplanner.web.parsing import parsed
from tests.preferences.form import FORM
from tests.visitor import Visitor


def page_for(person: Visitor, dislikes: str, **fields: Any) -> str:
    """The page after saving, as text without marks."""
    answer = person.post("/preferences", {**FORM, "disliked_ingredients": dislikes, **fields})
    assert answer.status_code == 303, answer.text
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", person.get("/preferences").text)))


def saved(person: Visitor) -> list[str]:
    return list(person.get("/preferences", json=True).get_json()["disliked_ingredients"])


def test_each_part_says_what_it_leaves_out(person: Visitor) -> None:
    shown = page_for(person, "mushrooms and tree nuts")
    assert re.search(r"mushrooms leaves out \d+ foods: chestnut mushrooms, enoki mushrooms", shown)
    assert re.search(r"tree nuts leaves out \d\d foods: ground almonds, [^.]*basil pesto", shown)
    assert "We did not understand" not in shown


def test_what_was_not_understood_is_said_and_the_text_stays(person: Visitor) -> None:
    shown = page_for(person, "olives and unobtainium")
    assert "We did not understand “unobtainium”, so dishes may still hold it." in shown
    assert re.search(r"olives leaves out \d foods: [^.]*black olives, green olives", shown)
    assert saved(person) == ["olives and unobtainium"]


@pytest.mark.parametrize(
    "typed", ["unobtainium", "орехи", "I like olives", "less garlic", "vegan", "none", "rice pudding"]
)
def test_no_text_is_passed_over_in_silence(person: Visitor, typed: str) -> None:
    shown = page_for(person, typed)
    assert "nothing to leave out" not in shown
    assert f"“{typed}”" in shown.partition("How we read this")[2]


def test_a_nearby_name_is_picked_without_a_script(person: Visitor) -> None:
    page_for(person, "olives and tofo")
    page = person.get("/preferences").text
    assert 'type="radio" name="instead:tofo" value="Tofu"' in page
    page_for(person, "olives and tofo", version="1", **{"instead:tofo": "Tofu"})
    assert saved(person) == ["olives and Tofu"]


def test_what_may_hold_a_food_is_left_out_on_request(person: Visitor) -> None:
    shown = page_for(person, "onion")
    assert "May hold it, depending on the brand or the cook" in shown
    page_for(person, "onion", version="1", also=["anything that may contain onion", "leek"])
    assert saved(person) == ["onion", "anything that may contain onion", "leek"]
    left_out = read_dislikes(saved(person), load_foods()).foods
    assert {"onion", "salsa", "vegetable-stock", "chicken-stock", "leek"} <= left_out
    assert "May hold it" not in page_for(person, "\n".join(saved(person)), version="2")


def test_a_food_is_kept_on_request(person: Visitor) -> None:
    page_for(person, "cheese", **{"keep:cheese": ["feta", "mozzarella"]})
    assert saved(person) == ["cheese except feta or mozzarella"]
    shown = page_for(person, "cheese except feta or mozzarella", version="1")
    assert "Still served: feta, feta-style cheese, mozzarella" in shown


def test_choices_survive_a_form_with_a_mistake(person: Visitor) -> None:
    fields = {"disliked_ingredients": "onion", "also": ["leek"], "calorie_goal": "plenty"}
    answer = person.post("/preferences", {**FORM, **fields})
    assert answer.status_code == 422
    assert "onion\nleek</textarea>" in answer.text


def test_choices_change_the_text_and_nothing_else() -> None:
    form = {"instead:tofo": ["", "Tofu"], "instead:leak": [""], "keep:nuts": ["almonds"], "also": ["leek"], "x": ["y"]}
    assert with_choices(["tofo and leak", "nuts", "leek"], form) == ["Tofu and leak", "nuts except almonds", "leek"]


def test_the_restriction_that_stands_for_the_same_is_offered(person: Visitor) -> None:
    assert "Tick “Tree nuts” above as well" in page_for(person, "walnuts and tree nuts")
    ticked = {"version": "1", "dietary_restrictions": ["tree-nuts"]}
    assert "Tick “Tree nuts”" not in page_for(person, "tree nuts", **ticked)


def test_programs_get_the_same_facts(person: Visitor) -> None:
    typed = ["garlic and unobtainium", "cheese but not feta"]
    answer = person.post("/preferences", json={**Preferences().as_dict(), "version": 0, "disliked_ingredients": typed})
    garlic, unknown, cheese = answer.get_json()["dislikes_read"]
    assert garlic["understood"]
    assert {"garlic", "hummus"} <= set(garlic["leaves_out"])
    assert "vegetable-stock" in garlic["may_hold"]
    assert "leek" in garlic["relatives"]
    assert (unknown["understood"], unknown["text"], unknown["leaves_out"]) == (False, "unobtainium", [])
    assert unknown["message"].startswith("We did not understand “unobtainium”")
    assert cheese["kept"] == ["feta", "feta-vegetarian"]
    assert person.get("/preferences", json=True).get_json() == answer.get_json()


def test_what_was_read_is_escaped(person: Visitor) -> None:
    person.post("/preferences", {**FORM, "disliked_ingredients": "<script>alert(1)"})
    assert "<script>alert(1)" not in person.get("/preferences").text


def test_a_menu_repeats_what_was_not_understood_and_names_the_labels_to_read() -> None:
    foods = load_catalogue().foods
    told = warnings(["onion and unobtainium"], foods, served=["vegetable-stock", "rice-brown-dry", "salsa"])
    assert told == [
        "We did not understand “unobtainium”, so dishes may still hold it.",
        "“onion”: read the label of vegetable stock, which may hold it.",
    ]
    assert warnings(["onion", "may contain onion"], foods, served=["vegetable-stock"]) == []


@contextmanager
def counted() -> Iterator[Callable[[], int]]:
    """Count the functions that are called, whether of Python or of C."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield lambda: calls
    finally:
        sys.setprofile(before)


def operations(work: Callable[[], object]) -> int:
    work()  # once before it counts, since the index is built when it is first needed
    with counted() as calls:
        work()
        return calls()


FULL = "z" * 20
HOSTILE = {
    "letters": ";".join("abcdefghijklmnopqrstuvwxyz" * 3),
    "words": "zqx wvk jjy pqf " * 12,
    "exceptions": "nuts but " * 20,
    "conjunctions": "olives and " * 20,
    "groups": "vegetables, fruit, nuts, dairy, gluten, sugar",
    "one word": FULL * 6,
}


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_reading_is_linear_in_the_text(typed: str) -> None:
    """Four times the text costs no more than about four times the calls, and no call looks at foods one by one."""
    text = typed[:LONGEST_DISLIKE]
    few, many = (operations(lambda count=count: facts([text] * count)) for count in (5, 20))  # type: ignore[misc]
    assert many <= 4.5 * few


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_the_largest_legal_input_is_bounded(typed: str) -> None:
    """The input that once took twenty seconds: a hundred entries of many parts each."""
    texts = [typed[:LONGEST_DISLIKE]] * MOST_DISLIKES
    assert operations(lambda: readings({"disliked_ingredients": texts})) < 1_000_000


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_checking_the_shape_of_the_largest_input_takes_few_operations(typed: str) -> None:
    """It happens while the request's transaction is open."""
    texts = [f"{typed[: LONGEST_DISLIKE - 4]} {number}" for number in range(100)]
    sent = {**Preferences().as_dict(), "disliked_ingredients": texts}

    def check() -> None:
        try:
            parsed(PreferencesSchema(), sent)
        except Exception as error:
            assert "Name at most 100 foods" in str(getattr(error, "errors", error))  # noqa: PT017

    assert operations(check) < 20_000


NUMBERS = [str(number) for number in range(40_000)]


@pytest.mark.parametrize(
    "typed",
    ["a," * 120_000, "x" * 240_000, "nuts but " * 25_000, ";".join(NUMBERS), "\n".join(NUMBERS)],
    ids=["commas", "one word", "exceptions", "semicolons", "lines"],
)
def test_a_text_that_is_too_long_is_refused_before_it_is_read(typed: str) -> None:
    """No more than a few calls for each entry that was typed: nothing of it is understood first."""
    with counted() as calls:
        cut = entries(typed)
        assert calls() <= 50 + 4 * len(cut)
    with pytest.raises(Invalid):
        parsed(PreferencesSchema(), {**Preferences().as_dict(), "disliked_ingredients": cut})
    assert all(not reading.leaves_out for reading in readings({"disliked_ingredients": cut}) if len(cut) == 1)


def test_choices_are_as_many_as_dislikes() -> None:
    form = {f"instead:{number}": ["x"] for number in range(10_000)}
    with counted() as calls:
        with_choices(["olives"] * MOST_DISLIKES, form)
        assert calls() < 50_000


def test_dislikes_are_read_when_no_transaction_is_open(
    person: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_then: list[int] = []

    def watched(real: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def read(argument: Any) -> Any:
            open_then.append(checked_out(database.pooled))
            return real(argument)

        return read

    monkeypatch.setattr(views, "readings", watched(views.readings))
    monkeypatch.setattr(views, "facts", watched(views.facts))
    person.get("/preferences")
    person.get("/preferences", json=True)
    person.post("/preferences", json={**Preferences().as_dict(), "version": 0})
    assert open_then == [0, 0, 0]


def test_an_answer_about_a_dislike_is_remembered(person: Visitor) -> None:
    """What else it may mean is asked until the person says that it is fine, and can be seen afterwards."""
    asked = page_for(person, "garlic")
    assert "Leave these out too" in asked
    assert "The rest is fine. Don't ask again" in asked
    settled = page_for(person, "garlic", version="1", settled=["garlic"])
    assert re.search(r"\d+ foods that may hold it or are like it are fine, you said", settled)
    assert person.get("/preferences", json=True).get_json()["settled_dislikes"] == ["garlic"]
