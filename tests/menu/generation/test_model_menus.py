"""Menus with dishes from a model, from the form to the page: the real client, a fake server, the job, the pages."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.config.model_server import ModelServer
from mealplanner.db.testing import checked_out
from mealplanner.food.catalogue import load_catalogue
from mealplanner.jobs.tasks import JobContext, Postponed
from mealplanner.menu.generation.job import generate
from mealplanner.planner import weeks
from mealplanner.planner.restrictions import Verdict, suits
from mealplanner.planner.search import Effort
from mealplanner.storage.database import Database
from tests.fake_model import content, hostile
from tests.fake_model.modes import MODES
from tests.fake_model.server import Asked, FakeModel
from tests.menu.requests import FORM, request_menu
from tests.visitor import Visitor
from tests.waiting import PATIENCE

KEY = "sk-only-for-tests-0123456789"
VEGAN = {"diet_type": "vegan", "calorie_goal": 1800, "macro_protein": 20, "macro_carbs": 55, "macro_fat": 25}
Rows = Callable[..., list[Any]]

TOGETHER = 5
"""Hostile dishes for one menu."""

SLOW = {"silent", "drip", "header_drip", "error_drip", "hints"}
"""Modes that last until the deadline."""


@pytest.fixture(autouse=True)
def hasty_planner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan hastily: other tests check how well a menu is planned; here many are made."""
    monkeypatch.setattr(weeks, "_EFFORT", Effort(rounds=4))


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    """Run a model that answers well until a test changes it."""
    with FakeModel(answer=content.answer) as server:
        yield server


@pytest.fixture
def config(config: Config, fake: FakeModel) -> Config:
    """Return the configuration with that model."""
    server = ModelServer(
        base_url=fake.url, api_key=KEY, model="any", deadline=PATIENCE, dishes_per_menu=6, price_out=2.0
    )
    return dataclasses.replace(config, model=server)


@pytest.fixture
def app(config: Config, database: Database) -> Flask:
    """Return the application with that model."""
    return create_app(config, database)


@pytest.fixture
def make(config: Config, database: Database) -> Callable[..., None]:
    """Do a worker's job for a menu, as often as it is postponed and at most `attempts` times."""

    def make(menu_id: str, attempts: int = 1, **server: Any) -> None:
        changed = dataclasses.replace(config, model=dataclasses.replace(config.model or ModelServer(), **server))
        context = JobContext(database=database, config=changed)
        for attempt in range(1, attempts):
            with contextlib.suppress(Postponed):
                generate(dataclasses.replace(context, attempt=attempt), menu_id=menu_id)
        generate(dataclasses.replace(context, attempt=attempts, last_attempt=True), menu_id=menu_id)

    return make


def ask(person: Visitor, **changes: str) -> str:
    """Request a menu with dishes from the model and return its id."""
    return request_menu(person, **{"days": "3", "source": "model", **changes})


def vegan(person: Visitor) -> Visitor:
    """Make a person vegan."""
    preferences = person.get("/preferences", json=True).get_json()
    answer = person.post("/preferences", json={**preferences, **VEGAN})
    assert answer.status_code < 400, answer.text
    return person


def menu(person: Visitor, menu_id: str) -> Any:
    return person.get(f"/menu/{menu_id}", json=True).get_json()


def dishes(made: Any, source: str) -> set[str]:
    """Return the titles of its dishes from `source`."""
    meals = [meal for day in made["days"] for meal in day["meals"]]
    return {meal["recipe"]["title"] for meal in meals if meal["recipe"]["source"] == source}


def assert_vegan_and_on_target(made: Any) -> None:
    """Check that nothing is from animals and that each day is as close to its targets as ever."""
    assert made["status"] == "ready"
    foods = load_catalogue().foods
    for day in made["days"]:
        for name, target in made["targets"].items():
            assert day["totals"][name] == pytest.approx(target, rel=0.05)
        for meal in day["meals"]:
            assert all(suits(foods[line["food"]], "vegan") is Verdict.YES for line in meal["ingredients"])


def test_a_menu_serves_dishes_that_the_model_wrote(person: Visitor, make: Callable[..., None], fake: FakeModel) -> None:
    """They are marked, proved and on target like all others, and no warning says that any is missing."""
    menu_id = ask(vegan(person))
    make(menu_id)
    made = menu(person, menu_id)
    assert_vegan_and_on_target(made)
    served = {meal["slot"] for day in made["days"] for meal in day["meals"] if meal["recipe"]["source"] == "model"}
    assert served > {"breakfast", "snack"}, "and a lunch or a dinner"
    assert dishes(made, "catalogue")
    assert not [warning for warning in made["warnings"] if "model" in warning]
    page = person.get(f"/menu/{menu_id}").text
    assert "written by the model" in page
    assert len(fake.requests) == 7


def test_what_it_wrote_is_served_again_without_a_call(
    person: Visitor, make: Callable[..., None], fake: FakeModel
) -> None:
    """Once it is the person's own, later menus serve it."""
    make(ask(person))
    asked = len(fake.requests)
    fake.mode = "error_500"
    menu_id = ask(person, start_date="2027-02-01", days="7", source="auto")
    make(menu_id)
    assert dishes(menu(person, menu_id), "model")
    assert len(fake.requests) == asked + 1


def test_a_menu_from_the_catalogue_calls_no_model(person: Visitor, make: Callable[..., None], fake: FakeModel) -> None:
    menu_id = ask(person, source="catalogue")
    make(menu_id)
    assert not dishes(menu(person, menu_id), "model")
    assert fake.requests == []


def test_no_request_says_who_the_person_is(person: Visitor, make: Callable[..., None], fake: FakeModel) -> None:
    """Neither the address nor an id is in anything that was sent, headers included."""
    menu_id = ask(person)
    make(menu_id)
    ids = [*rows_of_ids(person), menu_id, person.email, person.email.split("@")[0]]
    for asked in fake.requests:
        said = f"{asked.headers} {asked.body}"
        assert not [secret for secret in ids if secret in said]


def rows_of_ids(person: Visitor) -> list[str]:
    """Return every id in the person's export."""
    export = person.get("/auth/account/export").get_data(as_text=True)
    return [str(found) for found in map(_uuid, export.split('"')) if found]


def _uuid(word: str) -> uuid.UUID | None:
    with contextlib.suppress(ValueError):
        return uuid.UUID(word)
    return None


@pytest.mark.parametrize("mode", sorted(MODES))
def test_whatever_the_server_does_there_is_a_menu(
    person: Visitor, make: Callable[..., None], fake: FakeModel, rows: Rows, mode: str
) -> None:
    """If the model fails, it comes from the catalogue with the reason; every call is settled, and no key leaks."""
    fake.mode = mode
    menu_id = ask(person, days="1")
    make(menu_id, attempts=2, deadline=1.0 if mode in SLOW else PATIENCE, dishes_per_menu=2)
    made = menu(person, menu_id)
    assert made["status"] == "ready"
    ((written,),) = rows("SELECT count(recipe_id) FROM proposals")
    assert written == 2 or any("model" in warning for warning in made["warnings"])
    assert rows("SELECT count(*) FROM model_calls WHERE outcome IS NULL") == [(0,)]
    assert rows("SELECT count(*) FROM budgets WHERE reserved <> 0") == [(0,)]
    seen = f"{made} {person.get(f'/menu/{menu_id}').text} {person.get(f'/menu/{menu_id}/sent').text}"
    assert KEY not in f"{seen} {rows('SELECT * FROM model_calls')}"
    assert not re.search(r"127\.0\.0\.1|10\.1\.2\.3|/v1|OPENAI_", seen), "only the operator knows where the model is"


@pytest.mark.parametrize("first", range(0, len(hostile.DISHES), TOGETHER))
def test_no_hostile_dish_is_served(person: Visitor, make: Callable[..., None], fake: FakeModel, first: int) -> None:
    """Some of them for one menu, each in two dishes: the catalogue takes their place."""
    names = sorted(hostile.DISHES)[first : first + TOGETHER]
    chosen: dict[str, str] = {}

    def answer(request: content.Request) -> str:
        question = content.document(request)
        if "wanted" in question:
            return content.answer(request)
        with deciding:
            name = chosen.setdefault(question["dish"]["title"], names[len(chosen) % len(names)])
        return hostile.DISHES[name](request)

    deciding = threading.Lock()
    fake.answer = answer
    menu_id = ask(vegan(person))
    make(menu_id, dishes_per_menu=2 * len(names))
    assert sorted(chosen.values()) == sorted(2 * names)
    assert_vegan_and_on_target(menu(person, menu_id))


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("prose", "The model answered, but its answer could not be read."),
        ("another_object", "The model answered with something other than dishes."),
        ("loading", "The model is still being loaded by its server."),
        ("error_500", "The model's server reported an error."),
        ("address_in_an_error", "The model's server reported an error."),
        ("unauthorized", "The model's server does not let this installation in: its key is missing or wrong."),
    ],
)
def test_the_page_names_what_happened(
    person: Visitor, make: Callable[..., None], fake: FakeModel, mode: str, said: str
) -> None:
    fake.mode = mode
    menu_id = ask(person, days="1")
    make(menu_id, attempts=4)
    (warning,) = [warning for warning in menu(person, menu_id)["warnings"] if "model" in warning]
    assert warning.startswith(f"{said} No new dish was written for this menu")


def test_a_model_that_is_loaded_in_time_writes_the_dishes(
    person: Visitor, make: Callable[..., None], fake: FakeModel
) -> None:
    """The job asks again, up to three times."""
    fake.script("loading", "loading_20_s", "loading_500")
    menu_id = ask(person, days="1")
    make(menu_id, attempts=4)
    assert dishes(menu(person, menu_id), "model")


def test_nothing_is_open_while_the_server_answers(
    person: Visitor, make: Callable[..., None], fake: FakeModel, database: Database, rows: Rows
) -> None:
    """Neither a connection of the pool nor a transaction in PostgreSQL."""
    seen: set[tuple[int, int]] = set()
    busy = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mealplanner' AND state LIKE 'idle in%'"

    def look(_: Asked) -> None:
        ((open_transactions,),) = rows(busy)
        seen.add((checked_out(database.pooled), open_transactions))

    fake.during = look
    make(ask(person), parallel=1)
    assert seen == {(0, 0)}


def test_a_budget_holds_and_is_explained(
    person: Visitor, make: Callable[..., None], fake: FakeModel, rows: Rows
) -> None:
    """What fits is written, the rest comes from the catalogue, and no token over the limit is counted."""
    make(ask(person))
    ((spent,),) = rows("SELECT spent FROM budgets WHERE user_id IS NOT NULL")
    ((most, used),) = rows("SELECT max(reserved_tokens), max(tokens_in + tokens_out) FROM model_calls")
    asked, limit = len(fake.requests), spent + most + 3 * used
    menu_id = ask(person, start_date="2027-02-01")
    make(menu_id, monthly_tokens_person=limit, parallel=1)
    assert any(f"{limit:,} tokens a month" in warning for warning in menu(person, menu_id)["warnings"])
    assert asked + 1 < len(fake.requests) < 2 * asked
    assert rows(f"SELECT spent <= {limit}, reserved FROM budgets WHERE user_id IS NOT NULL") == [(True, 0)]


def test_a_spent_budget_is_explained_at_the_form(person: Visitor, app: Flask, config: Config, rows: Rows) -> None:
    """With what was typed kept, and the way out."""
    rows(
        "INSERT INTO budgets (user_id, month, reserved, spent, cost)"
        " SELECT id, CAST(date_trunc('month', now()) AS date), 0, 99, 0 FROM users"
    )
    assert config.model is not None
    narrow = dataclasses.replace(config, model=dataclasses.replace(config.model, monthly_tokens_person=99))
    app.extensions["mealplanner.config"] = narrow
    answer = person.post("/menu/", {**FORM, "source": "model", "days": "5"})
    assert answer.status_code == 422
    assert "not enough for another one" in answer.text
    assert "Choose the catalogue" in answer.text
    assert 'value="5"' in answer.text


def test_the_form_offers_the_model_only_where_there_is_one(person: Visitor, config: Config, database: Database) -> None:
    """And it says how many dishes the model writes."""
    assert "up to 6 new dishes" in person.get("/menu/").text
    without = Visitor(create_app(dataclasses.replace(config, model=None), database), "other@example.org")
    without.register()
    assert "language model" not in without.get("/menu/").text
