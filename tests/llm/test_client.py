"""What a client sends, remembers, counts and keeps secret."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from contextvars import copy_context
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from mealplanner.config.model_server import ModelServer
from mealplanner.db.errors import TransactionOpen
from mealplanner.llm.client import ModelClient, model_client
from mealplanner.llm.outcomes import ConfigProblem, Ok, Stopped, Usage
from mealplanner.storage.database import Database
from tests.fake_model.modes import MODES
from tests.fake_model.server import FakeModel
from tests.llm.conftest import CALL, KEY, SCHEMA, client_of, server_at

CERTIFICATE = Path(__file__).parents[1] / "mail" / "localhost.pem"
"""Self-signed, for localhost and 127.0.0.1."""

SYSTEM, USER = {"role": "system", "content": CALL.system}, {"role": "user", "content": CALL.user}


def test_the_question_is_all_that_is_sent(fake: FakeModel) -> None:
    """With a strict schema and a limit, and without sampling parameters, which some models refuse."""
    outcome = client_of(fake).ask(CALL)
    (asked,) = fake.requests
    assert asked.path == "/v1/chat/completions"
    assert asked.body == {
        "model": "any",
        "messages": [SYSTEM, USER],
        "max_tokens": 500,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "dish", "strict": True, "schema": SCHEMA},
        },
    }
    for part in ("You are a cook.", "A soup.", '"additionalProperties": false'):
        assert part in outcome.sent


def test_the_limit_is_sent_in_the_field_that_is_set(fake: FakeModel) -> None:
    client_of(fake, answer_tokens="max_completion_tokens").ask(CALL)
    assert fake.requests[0].body["max_completion_tokens"] == 500
    assert "max_tokens" not in fake.requests[0].body


def test_the_other_formats_describe_the_schema_in_words(fake: FakeModel) -> None:
    """`sent` shows it."""
    fake.mode = "no_json"
    outcome = client_of(fake).ask(CALL)
    first, second, third = (asked.body for asked in fake.requests)
    assert first["messages"] == [SYSTEM, USER]
    assert second["response_format"] == {"type": "json_object"}
    assert "response_format" not in third
    for body in (second, third):
        system, user = body["messages"]
        assert user == USER
        assert system["content"].startswith(CALL.system)
        assert '"additionalProperties": false' in system["content"]
        assert system["content"] in outcome.sent


def test_a_key_is_sent_where_there_is_one(fake: FakeModel) -> None:
    """Without a key there is no header."""
    client_of(fake).ask(CALL)
    client_of(fake, api_key=None).ask(CALL)
    assert [asked.headers.get("authorization") for asked in fake.requests] == [f"Bearer {KEY}", None]


def test_no_header_describes_the_machine(fake: FakeModel) -> None:
    """Headers hold what the protocol needs, and the name of the client."""
    client_of(fake).ask(CALL)
    headers = fake.requests[0].headers
    assert set(headers) <= {
        "host", "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type",
        "user-agent", "x-stainless-raw-response", "x-stainless-read-timeout", "x-stainless-retry-count",
    }  # fmt: skip
    assert headers["user-agent"].startswith("OpenAI/Python ")


def test_nothing_comes_compressed(fake: FakeModel) -> None:
    """The size of what a compressed reply unpacks to could not be limited."""
    client_of(fake).ask(CALL)
    assert fake.requests[0].headers["accept-encoding"] == "identity"


def test_the_usage_of_all_requests_is_added_up(fake: FakeModel) -> None:
    """An unreadable answer is charged; a refused question is not."""
    fake.script("prose", "bad_request", "ok")
    outcome = client_of(fake, price_in=1.0, price_out=10.0).ask(CALL)
    assert isinstance(outcome, Ok)
    assert outcome.usage == Usage(tokens_in=240, tokens_out=80, cost=pytest.approx(0.00104))


def test_a_process_has_one_client_for_a_server(fake: FakeModel) -> None:
    assert model_client(server_at(fake)) is model_client(server_at(fake))
    assert model_client(server_at(fake)) is not model_client(server_at(fake, model="other"))


@pytest.mark.parametrize("mode", ["no_usage", "absurd_usage"])
def test_it_is_estimated_if_the_server_reports_nothing_plausible(mode: str, fake: FakeModel) -> None:
    fake.mode = mode
    usage = client_of(fake).ask(CALL).usage
    assert usage is not None
    assert usage.estimated
    assert 10 < usage.tokens_in < 200
    assert 0 < usage.tokens_out < 20


def test_an_estimate_is_never_beyond_what_was_allowed(fake: FakeModel) -> None:
    fake.mode = "huge"
    usage = client_of(fake).ask(CALL).usage
    assert usage is not None
    assert usage.tokens_out == CALL.most_tokens


@pytest.mark.parametrize(("mode", "charged"), [("cut", True), ("reset", True), ("error_500", False), ("quota", False)])
def test_an_answer_that_may_have_been_generated_counts_in_full(mode: str, charged: bool, fake: FakeModel) -> None:
    """After a broken connection the answer may have been generated; an error says that it was not."""
    fake.mode = mode
    usage = client_of(fake).ask(CALL).usage
    assert (usage is not None and usage.tokens_out == CALL.most_tokens) is charged
    assert (usage is None) is not charged


def test_nothing_is_asked_inside_a_transaction(fake: FakeModel, database: Database) -> None:
    """Not even in a nested unit of work without its own transaction, nor on a thread that shares the context."""
    client = client_of(fake)
    with database.unit_of_work() as outer:
        outer.session.execute(text("SELECT 1"))
        with pytest.raises(TransactionOpen, match="release"):
            client.ask(CALL)
        with database.unit_of_work(), pytest.raises(TransactionOpen):
            client.ask(CALL)
        raised: list[BaseException] = []
        thread = threading.Thread(target=copy_context().run, args=(note, raised, client))
        thread.start()
        thread.join()
        assert isinstance(raised[0], TransactionOpen)
        assert fake.requests == []
        outer.release()
        assert client.ask(CALL).kind == "ok"
    with database.unit_of_work() as unit:
        unit.session.execute(text("SELECT 1"))
        unit.commit()
        assert client.ask(CALL).kind == "ok"


def test_a_proxy_does_not_lead_to_this_machine(fake: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert client_of(fake).ask(CALL).kind == "ok"


def test_a_proxy_leads_anywhere_else(fake: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", fake.url.removesuffix("/v1"))
    monkeypatch.setenv("http_proxy", fake.url.removesuffix("/v1"))
    server = ModelServer(base_url="http://model.invalid/v1", model="any")
    assert ModelClient(server).ask(CALL).kind == "ok"
    assert fake.requests[0].path == "http://model.invalid/v1/chat/completions"


def test_a_self_signed_certificate_is_not_trusted() -> None:
    """The operator learns why, and no key is sent."""
    with FakeModel(certificate=CERTIFICATE) as fake:
        outcome = client_of(fake).ask(CALL)
        assert isinstance(outcome, ConfigProblem)
        assert "certificate" in outcome.remedy
        assert fake.requests == []


def test_the_library_is_loaded_when_a_model_is_asked() -> None:
    """Importing it takes a second and 50 MB, and the web process never asks."""
    program = (
        "import sys, mealplanner, mealplanner.llm.client as client, mealplanner.config.model_server as server;"
        "client.ModelClient(server.ModelServer()); print('openai' in sys.modules, 'httpx2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


@pytest.mark.parametrize("mode", sorted({*MODES} - {"silent", "drip", "header_drip", "error_drip", "hints"}))
def test_no_log_holds_the_key(mode: str, fake: FakeModel, caplog: pytest.LogCaptureFixture) -> None:
    """At no level, and not if a server repeats it."""
    fake.mode = mode
    client = client_of(fake)
    with caplog.at_level(logging.DEBUG):
        client.ask(CALL)
    assert KEY not in caplog.text


def test_a_repeated_key_is_redacted_however_it_is_spelled(fake: FakeModel) -> None:
    """In values, in names, and in the text that is kept."""
    fake.mode = "echo_key"
    outcome = client_of(fake).ask(CALL)
    assert isinstance(outcome, Ok)
    assert outcome.value == {"answer": "[key]", "[key]": "[key]"}
    assert KEY not in outcome.received


def test_what_is_no_secret_is_left_alone(fake: FakeModel) -> None:
    """Servers that need no key get any word, which a recipe may contain."""
    fake.answer = lambda _request: '{"answer": "none of it"}'
    outcome = client_of(fake, api_key="none").ask(CALL)
    assert isinstance(outcome, Ok)
    assert outcome.value == {"answer": "none of it"}


def test_a_client_shows_no_key(fake: FakeModel) -> None:
    client = client_of(fake)
    client.ask(CALL)
    assert KEY not in repr(vars(client))


def test_calls_are_counted_by_how_they_end(fake: FakeModel) -> None:
    before = [figure("calls_total", outcome=kind) for kind in ("ok", "config", "stopped")]
    tokens = figure("tokens_total", way="in")
    client = client_of(fake)
    fake.script("ok", "quota")
    fake.during = lambda _asked: counted.append(REGISTRY.get_sample_value("mealplanner_model_calls_in_flight"))
    counted: list[float | None] = []
    client.ask(CALL)
    client.ask(CALL)
    with pytest.raises(Stopped):
        client.ask(CALL, interrupted=lambda: True)
    after = [figure("calls_total", outcome=kind) for kind in ("ok", "config", "stopped")]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]
    assert figure("tokens_total", way="in") - tokens == 120
    assert counted == [1, 1]
    assert REGISTRY.get_sample_value("mealplanner_model_calls_in_flight") == 0


def test_the_log_says_what_failed_and_what_to_do(fake: FakeModel, caplog: pytest.LogCaptureFixture) -> None:
    fake.mode = "quota"
    client_of(fake).ask(CALL)
    (record,) = [record for record in caplog.records if record.name.startswith("mealplanner.llm")]
    assert record.levelname == "ERROR"
    assert "cannot work" in record.message
    assert "no credit left" in record.message


def figure(name: str, **labels: str) -> float:
    """Return one of the model's metrics, for dishes."""
    return REGISTRY.get_sample_value(f"mealplanner_model_{name}", {"purpose": "dish", **labels}) or 0.0


def note(raised: list[BaseException], client: ModelClient) -> None:
    """Ask, and keep what is raised."""
    try:
        client.ask(CALL)
    except Exception as error:
        raised.append(error)
