"""The language model that may write dishes: its address, and the limits of its use. Pure.

`OPENAI_API_KEY` is for OpenAI, `OPENAI_BASE_URL` for any server that speaks the same protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from mealplanner.config.parsing import is_host, number, on_this_machine, one_of, web_address

LimitField = Literal["max_tokens", "max_completion_tokens"]

OPENAI_MODEL: Final = "gpt-5.4-mini"
"""The model of OpenAI that is used unless `OPENAI_MODEL` names another one."""

BASE_URL: Final = "takes the address of an OpenAI-compatible server, like http://localhost:11434/v1"
API_KEY: Final = "takes a key as the provider shows it, in printable ASCII characters without spaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServer:
    """A server of language models, and the limits of its use. Tokens are as the server counts them."""

    base_url: str | None = None
    """None: OpenAI itself."""
    api_key: str | None = field(default=None, repr=False)
    """None: the server needs none."""
    model: str = OPENAI_MODEL
    deadline: float = 60.0
    """Seconds for a whole call, including the wait for its turn."""
    parallel: int = 4
    """Calls in flight for one menu, and so for one person, who has at most one menu being made."""
    in_flight: int = 8
    """Calls in flight in one process."""
    dishes_per_menu: int = 10
    tokens_per_menu: int = 150_000
    monthly_tokens_person: int | None = 2_000_000
    """By default what thirteen menus may use at most. None: no limit, here and below."""
    monthly_tokens_total: int | None = 10_000_000
    price_in: float = 0.0
    """Price of a million tokens sent, in the operator's currency; 0: free or unknown."""
    price_out: float = 0.0
    """Price of a million tokens received."""
    answer_tokens: LimitField = "max_tokens"
    """The field that limits an answer: older servers know only `max_tokens`, newer models of OpenAI refuse it."""

    @property
    def here(self) -> bool:
        """Whether the server runs on this machine."""
        return self.base_url is not None and on_this_machine(urlsplit(self.base_url).hostname or "")


def model_server(settings: Mapping[str, Any]) -> ModelServer | None:
    """Return the server that `settings`, named as in `MODEL_VARIABLES`, describe; None without a key or an address."""
    values = {name.removeprefix("model."): value for name, value in settings.items()}
    if "api_key" not in values and "base_url" not in values:
        return None
    openai = {} if "base_url" in values else {"answer_tokens": "max_completion_tokens"}
    return ModelServer(**{**openai, **values})


def _base_url(text: str) -> str:
    try:
        url = urlsplit(text)
        usable = url.scheme in ("http", "https") and is_host(url.hostname) and url.port != 0
    except ValueError:
        usable = False
    if not usable or "?" in text or "#" in text or not text.isascii() or not text.isprintable():
        raise ValueError(BASE_URL)
    if "@" in text:
        raise ValueError(f"{BASE_URL}, without a name or a password in it: a key belongs in OPENAI_API_KEY")
    return web_address(text)


def _api_key(text: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(API_KEY)
    return text


def _model(text: str) -> str:
    if not text.isprintable() or text.isspace() or len(text) > 200:
        raise ValueError("takes the name of a model, at most 200 characters")
    return text


def _limit(text: str) -> int | None:
    tokens: int = number(int, 0, 10**12)(text)
    return tokens or None


MODEL_VARIABLES: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "OPENAI_API_KEY": ("model.api_key", _api_key),
    "OPENAI_BASE_URL": ("model.base_url", _base_url),
    "OPENAI_MODEL": ("model.model", _model),
    "MEALPLANNER_MODEL_DEADLINE": ("model.deadline", number(float, 1, 600)),
    "MEALPLANNER_MODEL_PARALLEL": ("model.parallel", number(int, 1, 100)),
    "MEALPLANNER_MODEL_IN_FLIGHT": ("model.in_flight", number(int, 1, 1000)),
    "MEALPLANNER_MODEL_DISHES": ("model.dishes_per_menu", number(int, 1, 100)),
    "MEALPLANNER_MODEL_TOKENS_PER_MENU": ("model.tokens_per_menu", number(int, 1000, 100_000_000)),
    "MEALPLANNER_MODEL_MONTHLY_TOKENS_PERSON": ("model.monthly_tokens_person", _limit),
    "MEALPLANNER_MODEL_MONTHLY_TOKENS_TOTAL": ("model.monthly_tokens_total", _limit),
    "MEALPLANNER_MODEL_PRICE_IN": ("model.price_in", number(float, 0, 100_000)),
    "MEALPLANNER_MODEL_PRICE_OUT": ("model.price_out", number(float, 0, 100_000)),
    "MEALPLANNER_MODEL_LIMIT_FIELD": ("model.answer_tokens", one_of("max_tokens", "max_completion_tokens")),
}
"""Variable -> the setting that it fills and how its text is read."""
