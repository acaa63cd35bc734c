"""Estimates, and whether what is reserved for a call is enough."""

from __future__ import annotations

import pytest

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.dishes.prompts import dish_call, ideas_call
from mealplanner.llm.outcomes import Call, Usage
from mealplanner.llm.request_forms import FORMATS, Form, ResponseFormat, request_of, sent_text
from mealplanner.llm.usage import estimated_usage, most_tokens, tokens_of
from tests.llm.dishes.briefs import IDEA, WANTED, brief_for

SERVER = ModelServer(price_in=2.0, price_out=8.0)
QUESTIONS = [dish_call(brief_for(), IDEA), ideas_call(brief_for(diet="vegan"), WANTED)]


@pytest.mark.parametrize("system_role", [True, False])
@pytest.mark.parametrize("response_format", FORMATS)
@pytest.mark.parametrize("call", QUESTIONS, ids=lambda call: call.purpose)
def test_no_request_is_estimated_beyond_what_was_reserved(
    call: Call, response_format: ResponseFormat, *, system_role: bool
) -> None:
    """In any form, with the longest answer."""
    sent = sent_text(request_of(call, Form(response_format=response_format, system_role=system_role), SERVER))
    assert tokens_of(sent) + call.most_tokens <= most_tokens(call) <= tokens_of(sent) + call.most_tokens + 200


def test_an_estimate_is_priced_like_a_reported_usage() -> None:
    """At three bytes a token, which is more tokens than there are."""
    (call, _) = QUESTIONS
    usage = estimated_usage("x" * 3000, "y" * 301, call, SERVER)
    assert usage == Usage(tokens_in=1000, tokens_out=101, cost=pytest.approx(0.002808), estimated=True)
    assert usage + usage == Usage(tokens_in=2000, tokens_out=202, cost=pytest.approx(0.005616), estimated=True)
    assert (usage + usage).tokens == 2202
    assert estimated_usage("", "\ud800é", call, SERVER).tokens_out == 1
