"""The variables of the model server."""

from __future__ import annotations

import pytest

from mealplanner.config.model_server import MODEL_VARIABLES, ModelServer, model_server

KEY, BASE_URL = (MODEL_VARIABLES[name][1] for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"))


def test_the_key_is_not_shown() -> None:
    server = model_server({"model.api_key": "sk-secret"})
    assert server is not None
    assert server.api_key == "sk-secret"
    assert "sk-secret" not in repr([server])


def test_without_a_key_or_an_address_there_is_no_server() -> None:
    assert model_server({"model.deadline": 5.0, "model.model": "any"}) is None


def test_the_limit_of_an_answer_has_the_name_that_the_server_knows() -> None:
    """OpenAI's models take the newer one, other servers the older one, unless the setting says otherwise."""
    openai, other = {"model.api_key": "sk-a"}, {"model.base_url": "http://localhost/v1", "model.model": "any"}
    assert model_server(openai) == ModelServer(api_key="sk-a", answer_tokens="max_completion_tokens")
    assert model_server(other) == ModelServer(base_url="http://localhost/v1", model="any", answer_tokens="max_tokens")
    told = {"model.answer_tokens": "max_tokens"}
    assert model_server(openai | told) == ModelServer(api_key="sk-a", answer_tokens="max_tokens")


@pytest.mark.parametrize(
    "text",
    ["localhost/v1", "ftp://host/v1", "http://", "http://host:port/v1", "http://host:0/v1", "http://[/v1",
     "http://host/v1?key=x", "http://host/v1#x", "http://höst/v1", "http://host/v1\nX: y", "http://host:99999/v1"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^takes the address of an OpenAI-compatible server"):
        BASE_URL(text)


def test_an_address_holds_no_key() -> None:
    """Addresses are logged."""
    with pytest.raises(ValueError, match="a key belongs in OPENAI_API_KEY"):
        BASE_URL("https://me:sk-secret@host/v1")


@pytest.mark.parametrize("text", ["sk two", "sk-ä", "sk-\n", " sk", "“sk”"])
def test_what_cannot_stand_in_a_header_is_no_key(text: str) -> None:
    """The message does not repeat it."""
    with pytest.raises(ValueError, match=r"^takes a key as the provider shows it") as error:
        KEY(text)
    assert text not in str(error.value)
