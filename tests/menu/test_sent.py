"""What was sent to a model for a menu, shown to the person it was sent for."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from mealplanner.jobs.tasks import JobContext
from mealplanner.llm.outcomes import (
    BadOutput,
    Call,
    ConfigProblem,
    DeadlineExceeded,
    Ok,
    Outcome,
    Refused,
    RetryLater,
    Transient,
    Truncated,
    Usage,
)
from mealplanner.menu.generation.job import generate
from mealplanner.spending import services as spending
from mealplanner.spending.values import Limits
from mealplanner.storage.database import Database
from tests.menu.requests import request_menu
from tests.visitor import Visitor

NOW = datetime.datetime(2026, 11, 25, 12, 0, tzinfo=datetime.UTC)
HOSTILE = "</pre><script>alert('bon appétit')</script>\n\n    {{ 7 * 7 }}\u202e"
ANSWERED = Ok(
    value={},
    sent=f"[user]\n{HOSTILE}",
    received="{}",
    usage=Usage(tokens_in=1234, tokens_out=56, cost=0.0123),
    seconds=3.21,
)
NOTHING = "Nothing was sent to a model for this menu."
LINK = "What was sent to the model</a>"
AskModel = Callable[[str, Outcome | None], None]


@pytest.fixture
def menu_id(person: Visitor) -> str:
    """Return a menu that the person requested."""
    return request_menu(person, days="1")


@pytest.fixture
def ask_model(database: Database, engine: Engine, menu_id: str) -> AskModel:
    """Record a call of the model for the menu, a second later each time."""
    seconds = iter(range(60))

    def ask(purpose: Any, outcome: Outcome | None) -> None:
        with engine.connect() as connection:
            user_id = connection.scalar(text("SELECT user_id FROM menus"))
        now = NOW + datetime.timedelta(seconds=next(seconds))
        call = Call(purpose=purpose, system="Cook.", user="Please.", schema_name="x", schema={}, most_tokens=9)
        wanted: dict[str, Any] = {"menu_id": uuid.UUID(menu_id), "call": call, "tokens": 3000, "limits": Limits()}
        call_id = database.run(lambda session: spending.reserve(session, user_id, **wanted, now=now))
        database.run(lambda session: spending.settle(session, call_id, outcome=outcome, now=now))

    return ask


def test_every_request_is_shown_in_order_with_what_it_cost(person: Visitor, menu_id: str, ask_model: AskModel) -> None:
    """Purpose, outcome in words, tokens, cost and seconds."""
    ask_model("ideas", ANSWERED)
    ask_model("repair", BadOutput(why="No JSON.", sent="[user]\nAgain.", received="Here you are:", seconds=0.5))
    ask_model("dish", None)
    page = person.get(f"/menu/{menu_id}/sent").text
    shown = ("1. Ideas for the menu", "answered", "1,234 tokens sent", "56 received", "cost 0.0123", "3.2 s",
             "2. A correction of a dish", "no answer that could be used", "no tokens", "Again.", "Here you are:",
             "3. A dish<", "interrupted", "counted as 3,000 tokens", "Cook.\n\n[user]\nPlease.")  # fmt: skip
    places = [page.find(words) for words in shown]
    assert -1 not in places
    assert places == sorted(places)
    assert "3 requests for this menu, 4,290 tokens with the answers." in page
    assert "about 1,234" not in page


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (RetryLater(why="", after=5), "the server asked to come back later"),
        (Transient(why=""), "the server failed or could not be reached"),
        (BadOutput(why="", cause="rejected"), "no answer that could be used"),
        (Refused(why="", cause="withheld"), "the model declined, or a filter did"),
        (Truncated(why=""), "the answer was too long and was cut off"),
        (ConfigProblem(why="", cause="key", remedy=""), "this installation has to be set up differently"),
        (DeadlineExceeded(why=""), "no answer in time"),
    ],
)
def test_each_outcome_is_told_in_words_that_are_true_for_all_its_causes(
    person: Visitor, menu_id: str, ask_model: AskModel, outcome: Outcome, words: str
) -> None:
    ask_model("dish", outcome)
    page = person.get(f"/menu/{menu_id}/sent").text
    assert f">{words}</span>" in page
    assert "The model sent no answer." in page


def test_what_was_sent_is_shown_word_for_word_and_is_never_more_than_text(
    person: Visitor, menu_id: str, ask_model: AskModel
) -> None:
    """Whatever the person typed or the model answered is escaped; the JSON has it unchanged."""
    ask_model("dish", ANSWERED)
    page = person.get(f"/menu/{menu_id}/sent").text
    shown = "&lt;/pre&gt;&lt;script&gt;alert(&#39;bon appétit&#39;)&lt;/script&gt;\n\n    {{ 7 * 7 }}[U+202E]"
    assert f"<pre>\n[user]\n{shown}</pre>" in page
    assert "<script>alert" not in page
    (call,) = person.get(f"/menu/{menu_id}/sent", json=True).get_json()["calls"]
    assert (call["sent"], call["received"]) == (ANSWERED.sent, "{}")
    assert (call["purpose"], call["outcome"], call["tokens"], call["cost"]) == ("dish", "ok", 1290, 0.0123)


def test_the_page_says_what_the_month_came_to(
    person: Visitor, engine: Engine, menu_id: str, ask_model: AskModel
) -> None:
    """What all calls of the person used and what calls under way may use; estimates say so."""
    ask_model("dish", replace(ANSWERED, usage=Usage(tokens_in=10, tokens_out=2, cost=0.5, estimated=True)))
    this_month = datetime.datetime.now(datetime.UTC).date().replace(day=1)
    with engine.begin() as connection:
        connection.execute(text("UPDATE budgets SET month = :month, spent = 98765"), {"month": this_month})
    page = person.get(f"/menu/{menu_id}/sent").text
    assert "this month have used 98,765 tokens, at a cost of 0.5000." in page
    assert "about 10 tokens sent" in page
    found = person.get(f"/menu/{menu_id}/sent", json=True).get_json()
    assert (found["this_month"]["tokens"], found["calls"][0]["estimated"]) == (98765, True)


def test_the_page_says_that_older_texts_are_not_kept(
    person: Visitor, engine: Engine, menu_id: str, ask_model: AskModel
) -> None:
    """The figures stay."""
    ask_model("dish", ANSWERED)
    with engine.begin() as connection:
        connection.execute(text("UPDATE model_calls SET sent = NULL, received = NULL"))
    page = person.get(f"/menu/{menu_id}/sent").text
    assert "The texts are kept only for your last three menus" in page
    assert "1,234 tokens sent" in page


def test_the_page_is_reached_from_the_menu_and_from_the_account(
    database: Database, person: Visitor, menu_id: str, ask_model: AskModel
) -> None:
    """When something was sent; otherwise neither has the link, and the page says that nothing was."""
    generate(JobContext(database=database), menu_id=menu_id)
    address = f"/menu/{menu_id}/sent"
    assert NOTHING in person.get(address).text
    assert person.get(address, json=True).get_json()["calls"] == []
    assert not any(address in person.get(path).text for path in (f"/menu/{menu_id}", "/auth/account"))
    ask_model("dish", ANSWERED)
    assert NOTHING not in person.get(address).text
    assert f'<a href="{address}">{LINK}' in person.get(f"/menu/{menu_id}").text
    assert f'href="{address}"' in person.get("/auth/account").text
    refused = person.post("/auth/account/settings", {"time_zone": "Middle-earth", "units": "metric"})
    assert (refused.status_code, f'href="{address}"' in refused.text) == (422, True)


def test_a_cancelled_menu_has_the_page_too(person: Visitor, menu_id: str, ask_model: AskModel) -> None:
    person.post(f"/menu/{menu_id}/cancel")
    assert NOTHING in person.get(f"/menu/{menu_id}/sent").text
    ask_model("ideas", ANSWERED)
    assert LINK in person.get(f"/menu/{menu_id}").text


@pytest.mark.parametrize("json", [False, True])
def test_what_was_sent_for_another_person_is_not_found(
    person: Visitor, menu_id: str, ask_model: AskModel, json: bool
) -> None:
    """It looks like a menu that does not exist."""
    ask_model("dish", ANSWERED)
    other = Visitor(person.app, "other@example.org")
    other.register()
    assert other.get(f"/menu/{menu_id}/sent", json=json).status_code == 404
    assert other.get(f"/menu/{uuid.UUID(int=7)}/sent", json=json).status_code == 404
    assert "/sent" not in other.get("/auth/account").text
