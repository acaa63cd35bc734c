"""What a client says, what it remembers, and what it never tells."""

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
"""For localhost and 127.0.0.1; nobody signed it."""

SYSTEM, USER = {"role": "system", "content": CALL.system}, {"role": "user", "content": CALL.user}


class TestAsking:
    """What goes over the wire."""

    def test_the_question_is_all_that_is_sent(self, fake: FakeModel) -> None:
        """With a strict schema, a limit, and no sampling parameters, which some models refuse."""
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

    def test_the_limit_has_the_name_that_is_set(self, fake: FakeModel) -> None:
        """One of two."""
        client_of(fake, answer_tokens="max_completion_tokens").ask(CALL)
        assert fake.requests[0].body["max_completion_tokens"] == 500
        assert "max_tokens" not in fake.requests[0].body

    def test_the_lower_rungs_have_the_schema_in_words(self, fake: FakeModel) -> None:
        """And what was sent says so."""
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

    def test_a_key_is_sent_where_there_is_one(self, fake: FakeModel) -> None:
        """And no header where there is none."""
        client_of(fake).ask(CALL)
        client_of(fake, api_key=None).ask(CALL)
        assert [asked.headers.get("authorization") for asked in fake.requests] == [f"Bearer {KEY}", None]

    def test_nothing_is_told_of_the_machine(self, fake: FakeModel) -> None:
        """Headers say what the protocol needs, and which client this is."""
        client_of(fake).ask(CALL)
        headers = fake.requests[0].headers
        assert set(headers) <= {
            "host", "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type",
            "user-agent", "x-stainless-raw-response", "x-stainless-read-timeout", "x-stainless-retry-count",
        }  # fmt: skip
        assert headers["user-agent"].startswith("OpenAI/Python ")

    def test_nothing_comes_compressed(self, fake: FakeModel) -> None:
        """Because what it unpacks to could not be limited."""
        client_of(fake).ask(CALL)
        assert fake.requests[0].headers["accept-encoding"] == "identity"


class TestLadder:
    """What a client remembers of a server."""

    @pytest.mark.parametrize("mode", ["no_json", "ignores_json"])
    def test_it_begins_where_the_server_understood(self, mode: str, fake: FakeModel) -> None:
        """A rung that brought nothing while a lower one did is not tried again."""
        fake.mode = mode
        client = client_of(fake)
        assert client.ask(CALL).kind == client.ask(CALL).kind == "ok"
        assert [asked.response_format for asked in fake.requests] == ["json_schema", "json_object", "text", "text"]

    def test_an_accident_is_no_misunderstanding(self, fake: FakeModel) -> None:
        """A server that has understood a rung is not asked twice because one answer is bad."""
        client = client_of(fake)
        fake.script("ok", "prose", "ok")
        assert [client.ask(CALL).kind for _ in range(3)] == ["ok", "bad_output", "ok"]
        assert [asked.response_format for asked in fake.requests] == ["json_schema"] * 3

    def test_fences_on_some_answers_are_no_accident(self, fake: FakeModel) -> None:
        """A server that takes a schema does not always hold the model to it."""
        fake.mode = "sometimes_fenced"
        client = client_of(fake)
        assert [client.ask(CALL).kind for _ in range(17)] == ["ok"] * 17
        assert {asked.response_format for asked in fake.requests} == {"json_schema"}

    def test_it_remembers_that_a_model_knows_no_message_of_the_system(self, fake: FakeModel) -> None:
        """What the system says stands before what the user says, then and later."""
        fake.mode = "plain_user"
        client = client_of(fake)
        assert client.ask(CALL).kind == client.ask(CALL).kind == "ok"
        assert len(fake.requests) == 5
        (message,) = fake.requests[-1].body["messages"]
        assert message["role"] == "user"
        assert message["content"].startswith(CALL.system)
        assert message["content"].endswith(f"\n\n{CALL.user}")

    def test_a_failure_teaches_nothing(self, fake: FakeModel) -> None:
        """The rung below was never shown to be better."""
        client = client_of(fake)
        fake.script("no_schema", "error_500", "ok")
        assert [client.ask(CALL).kind for _ in range(2)] == ["transient", "ok"]
        assert [asked.response_format for asked in fake.requests] == ["json_schema", "json_object", "json_schema"]

    def test_all_rungs_are_paid_for(self, fake: FakeModel) -> None:
        """What was made in vain is in the bill; a refused question costs nothing."""
        fake.script("prose", "bad_request", "ok")
        outcome = client_of(fake, price_in=1.0, price_out=10.0).ask(CALL)
        assert isinstance(outcome, Ok)
        assert outcome.usage == Usage(tokens_in=240, tokens_out=80, cost=pytest.approx(0.00104))

    def test_a_process_has_one_client_for_a_server(self, fake: FakeModel) -> None:
        """So that its limits and its memory hold for all."""
        assert model_client(server_at(fake)) is model_client(server_at(fake))
        assert model_client(server_at(fake)) is not model_client(server_at(fake, model="other"))


class TestUsage:
    """What a call is said to have used."""

    @pytest.mark.parametrize("mode", ["no_usage", "absurd_usage"])
    def test_it_is_estimated_where_the_server_says_nothing_true(self, mode: str, fake: FakeModel) -> None:
        """From the length of what was sent and received."""
        fake.mode = mode
        usage = client_of(fake).ask(CALL).usage
        assert usage is not None
        assert usage.estimated
        assert 10 < usage.tokens_in < 200
        assert 0 < usage.tokens_out < 20

    def test_an_estimate_is_never_beyond_what_was_allowed(self, fake: FakeModel) -> None:
        """However much a server sends."""
        fake.mode = "huge"
        usage = client_of(fake).ask(CALL).usage
        assert usage is not None
        assert usage.tokens_out == CALL.most_tokens

    @pytest.mark.parametrize(("mode", "fear"), [("cut", True), ("reset", True), ("error_500", False), ("quota", False)])
    def test_what_may_have_been_made_is_counted_in_full(self, mode: str, fear: bool, fake: FakeModel) -> None:
        """A connection that broke hides what the server did; an error says that it did nothing."""
        fake.mode = mode
        usage = client_of(fake).ask(CALL).usage
        assert (usage is not None and usage.tokens_out == CALL.most_tokens) is fear
        assert (usage is None) is not fear


class TestConnections:
    """Where a call may be made, and which way it goes."""

    def test_nothing_is_asked_inside_a_transaction(self, fake: FakeModel, database: Database) -> None:
        """Not even inside one around a unit of work that holds nothing, nor on a thread that shares it."""
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

    def test_a_proxy_does_not_lead_to_this_machine(self, fake: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
        """A model on it is reached all the same."""
        for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(variable, "http://127.0.0.1:9")
        assert client_of(fake).ask(CALL).kind == "ok"

    def test_a_proxy_leads_anywhere_else(self, fake: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
        """As the operator's environment says."""
        monkeypatch.setenv("HTTP_PROXY", fake.url.removesuffix("/v1"))
        monkeypatch.setenv("http_proxy", fake.url.removesuffix("/v1"))
        server = ModelServer(base_url="http://model.invalid/v1", model="any")
        assert ModelClient(server).ask(CALL).kind == "ok"
        assert fake.requests[0].path == "http://model.invalid/v1/chat/completions"

    def test_a_certificate_that_nobody_signed_is_not_believed(self) -> None:
        """The operator is told, and no key is sent."""
        with FakeModel(certificate=CERTIFICATE) as fake:
            outcome = client_of(fake).ask(CALL)
            assert isinstance(outcome, ConfigProblem)
            assert "certificate" in outcome.remedy
            assert fake.requests == []

    def test_the_library_is_loaded_when_a_model_is_asked(self) -> None:
        """It takes a second and fifty megabytes, and the web never asks."""
        program = (
            "import sys, mealplanner, mealplanner.llm.client as client, mealplanner.config.model_server as server;"
            "client.ModelClient(server.ModelServer()); print('openai' in sys.modules, 'httpx2' in sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout == "False False\n"


class TestSecrecy:
    """The key is nobody's to read."""

    @pytest.mark.parametrize("mode", sorted({*MODES} - {"silent", "drip", "header_drip", "error_drip", "hints"}))
    def test_no_log_tells_the_key(self, mode: str, fake: FakeModel, caplog: pytest.LogCaptureFixture) -> None:
        """Nor what a server made of it, whatever is logged."""
        fake.mode = mode
        client = client_of(fake)
        with caplog.at_level(logging.DEBUG):
            client.ask(CALL)
        assert KEY not in caplog.text

    def test_an_echo_is_scrubbed_however_it_is_spelled(self, fake: FakeModel) -> None:
        """In values, in names, and in what is kept of the text."""
        fake.mode = "echo_key"
        outcome = client_of(fake).ask(CALL)
        assert isinstance(outcome, Ok)
        assert outcome.value == {"answer": "[key]", "[key]": "[key]"}
        assert KEY not in outcome.received

    def test_what_is_no_secret_is_left_alone(self, fake: FakeModel) -> None:
        """Servers without keys are given any word, which a dish may hold too."""
        fake.answer = lambda _request: '{"answer": "none of it"}'
        outcome = client_of(fake, api_key="none").ask(CALL)
        assert isinstance(outcome, Ok)
        assert outcome.value == {"answer": "none of it"}

    def test_a_client_shows_no_key(self, fake: FakeModel) -> None:
        """Neither does what it holds."""
        client = client_of(fake)
        client.ask(CALL)
        assert KEY not in repr(vars(client))


class TestFigures:
    """What is counted."""

    def test_calls_are_counted_by_how_they_end(self, fake: FakeModel) -> None:
        """With their tokens; and the log says what failed."""
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

    def test_the_log_says_what_failed_and_what_to_do(self, fake: FakeModel, caplog: pytest.LogCaptureFixture) -> None:
        """On a line that an operator finds."""
        fake.mode = "quota"
        client_of(fake).ask(CALL)
        (record,) = [record for record in caplog.records if record.name.startswith("mealplanner.llm")]
        assert record.levelname == "ERROR"
        assert "cannot work" in record.message
        assert "no credit left" in record.message


def figure(name: str, **labels: str) -> float:
    """One of the model's figures, for dishes."""
    return REGISTRY.get_sample_value(f"mealplanner_model_{name}", {"purpose": "dish", **labels}) or 0.0


def note(raised: list[BaseException], client: ModelClient) -> None:
    """Asks, and keeps what it raises."""
    try:
        client.ask(CALL)
    except Exception as error:
        raised.append(error)
