"""Asking for recipes as files."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import re
import uuid
import zipfile

import pytest

from mealplanner.food.catalogue import recipe_id
from mealplanner.recipe_files import queries
from mealplanner.recipe_files.formats import FORMATS
from tests.cookbook.dishes import DISH, OWN
from tests.shopping.conftest import Week
from tests.visitor import Visitor

ADDRESS = f"/recipes/{recipe_id(DISH)}"


def tomorrow() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)


def names(sent: bytes) -> list[str]:
    """Return the names of the recipes in a file for Paprika."""
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        return [json.loads(gzip.decompress(archive.read(name)))["name"] for name in archive.namelist()]


def test_a_recipe_is_sent_for_the_servings_asked(person: Visitor) -> None:
    sent = person.get(f"{ADDRESS}/export?format=json&servings=3").get_json()
    shown = person.get(f"{ADDRESS}?servings=3", json=True).get_json()
    assert sent["recipeIngredient"] == [line["text"] for line in shown["ingredients"]]
    assert sent["url"].endswith(ADDRESS)
    assert person.get(sent["url"]).status_code == 200
    assert person.get(f"{ADDRESS}/export?servings=2.5").get_json()["recipeYield"] == "3 servings"


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_has_a_name_and_is_not_sent_twice(person: Visitor, name: str) -> None:
    address = f"{ADDRESS}/export?format={name}"
    person.get(ADDRESS)  # shows what a registration says once
    first = person.get(address)
    disposition = first.headers["Content-Disposition"]
    assert re.fullmatch(rf"attachment; filename=[a-z0-9-]+-{name}{FORMATS[name].suffix}", disposition)
    assert first.mimetype == FORMATS[name].mimetype
    again = person.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    other_servings = person.client.get(f"{address}&servings=2", headers={"If-None-Match": first.headers["ETag"]})
    assert other_servings.status_code == 200


@pytest.mark.parametrize("wrong", ["format=docx", "format=", "format=json&servings=0", "format=json&servings=nan"])
def test_what_cannot_be_sent_is_refused_with_a_sentence(person: Visitor, wrong: str) -> None:
    answer = person.get(f"{ADDRESS}/export?{wrong}", json=True)
    assert answer.status_code == 422
    assert re.search("Choose one of|Enter a number", str(answer.get_json()["errors"]))


def test_a_dish_of_another_person_is_not_sent(own: str, other: Visitor, person: Visitor) -> None:
    assert person.get(f"{own}/export?format=paprika").status_code == 200
    assert other.get(f"{own}/export?format=paprika").status_code == 404
    assert person.get(f"/recipes/{uuid.uuid4()}/export").status_code == 404
    assert Visitor(person.app).get(f"{own}/export").status_code == 303


@pytest.mark.usefixtures("own")
def test_own_favourite_and_planned_dishes_go_together(person: Visitor, week: Week) -> None:
    person.post(f"{ADDRESS}/favourite")
    week(start=tomorrow())
    found = names(person.get("/recipes/export?format=paprika").data)
    assert sorted(found) == sorted([DISH.title, OWN.title, "Dinner 1", "Dinner 2"])
    assert found == sorted(found, key=str.casefold)


def test_what_was_served_and_what_is_wanted_no_more_stays_behind(person: Visitor, week: Week) -> None:
    person.post(f"{ADDRESS}/rate", {"value": "-1"})
    week(start=tomorrow() - datetime.timedelta(days=30))
    answer = person.get("/recipes/export?format=paprika", json=True)
    assert (answer.status_code, answer.get_json()["errors"]) == (422, {"format": [queries.NOTHING]})


def test_dishes_of_days_that_another_menu_took_over_stay_behind(person: Visitor, week: Week) -> None:
    week(start=tomorrow(), dinners=[{"spinach": 200.0}])
    week(start=tomorrow(), dinners=[{"leek": 200.0}])  # takes the day over
    sent = person.get("/recipes/export?format=json").get_json()
    assert "leek" in sent["recipeIngredient"][0]


def test_more_dishes_than_a_file_holds_are_refused(
    person: Visitor,
    week: Week,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    week(start=tomorrow())
    monkeypatch.setattr(queries, "MOST", 1)
    answer = person.get("/recipes/export?format=json", json=True)
    assert (answer.status_code, answer.get_json()["errors"]) == (422, {"format": [queries.TOO_MANY]})


def test_the_pages_offer_every_format(person: Visitor, own: str) -> None:
    for page in (f"{own}?servings=2", "/auth/account"):
        links = re.findall(r'href="([^"]*/export\?format=[^"]*)"', person.get(page).text)
        answers = [person.get(link.replace("&amp;", "&")) for link in links]
        assert [answer.status_code for answer in answers] == [200] * len(FORMATS)
        sent = {re.split(r"[-.]", answer.headers["Content-Disposition"])[-2] for answer in answers}
        assert sent == set(FORMATS)
