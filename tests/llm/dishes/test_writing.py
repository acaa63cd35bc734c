"""A dish is asked for once, a second time with the findings, and never a third time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mealplanner.llm.dishes.answers import MOST_FINDINGS
from mealplanner.llm.dishes.checks import Reason
from mealplanner.llm.dishes.writing import DECLINED, WHY, Dropped, NoIdeas, ask_ideas, write_dish
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
)
from mealplanner.planner.model import Recipe
from tests.fake_model import content
from tests.llm.dishes.briefs import COMMON, IDEA, WANTED, Model, brief_for

PLAIN = {**COMMON, "received": "what came back", "why": "it went wrong"}
STOPPING = [
    RetryLater(after=20.0, **PLAIN),
    Transient(**PLAIN),
    ConfigProblem(remedy="Set a key.", cause="key", **PLAIN),
    DeadlineExceeded(**PLAIN),
]
BAD = Ok(value={"title": 7}, **{**COMMON, "received": '{"title": 7}'})


class Script:
    """A model with scripted outcomes; None stands for a good one."""

    def __init__(self, *outcomes: Outcome | None) -> None:
        self.outcomes = list(outcomes)
        self.model = Model()

    def __call__(self, call: Call) -> Outcome:
        good = self.model(call)
        return self.outcomes.pop(0) or good

    @property
    def asked(self) -> Sequence[str]:
        """The purposes of its calls, in order."""
        return [call.purpose for call in self.model.calls]


def test_a_good_dish_takes_one_call() -> None:
    script = Script(None)
    assert isinstance(write_dish(script, brief_for(), IDEA), Recipe)
    assert script.asked == ["dish"]


@pytest.mark.parametrize("bad", [BAD, BadOutput(**PLAIN), Truncated(**PLAIN)], ids=lambda bad: bad.kind)
def test_a_bad_answer_is_corrected_once(bad: Outcome) -> None:
    """The second question quotes the first answer and the findings."""
    script = Script(bad, None)
    assert isinstance(write_dish(script, brief_for(), IDEA), Recipe)
    assert script.asked == ["dish", "repair"]
    question = content.document({"messages": [{"role": "user", "content": script.model.calls[1].user}]})
    assert question["answer"] == bad.received
    assert 0 < len(question["findings"]) <= MOST_FINDINGS


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (BAD, "shape"),
        (BadOutput(**PLAIN), "unreadable"),
        (BadOutput(cause="empty", **PLAIN), "empty"),
        (BadOutput(cause="unexpected", **PLAIN), "shape"),
        (BadOutput(cause="rejected", **PLAIN), "rejected"),
        (Truncated(**PLAIN), "cut_off"),
    ],
)
def test_there_is_no_third_question(bad: Outcome, why: Reason) -> None:
    """A dish that is bad twice is dropped, with the true reason."""
    script = Script(bad, bad)
    expected = Dropped(title=IDEA.title, why=f"{WHY[why]}, also after one correction.")
    assert write_dish(script, brief_for(), IDEA) == expected
    assert script.asked == ["dish", "repair"]


@pytest.mark.parametrize("before", [(), (BAD,)], ids=["at first", "in the correction"])
def test_a_model_that_declines_is_not_asked_again(before: Sequence[Outcome]) -> None:
    """The dish is dropped at once."""
    script = Script(*before, Refused(**PLAIN))
    assert write_dish(script, brief_for(), IDEA) == Dropped(title=IDEA.title, why=DECLINED["declined"])
    assert len(script.asked) == len(before) + 1


def test_a_filter_is_distinguished_from_a_model_that_declines() -> None:
    script = Script(Refused(cause="withheld", **PLAIN))
    assert write_dish(script, brief_for(), IDEA) == Dropped(title=IDEA.title, why=DECLINED["withheld"])


@pytest.mark.parametrize("stopping", STOPPING, ids=lambda outcome: outcome.kind)
@pytest.mark.parametrize("before", [(), (BAD,)], ids=["at first", "in the correction"])
def test_an_outcome_that_says_nothing_about_the_dish_is_returned(before: Sequence[Outcome], stopping: Outcome) -> None:
    """No dish is dropped because a server is busy, broken or misconfigured."""
    assert write_dish(Script(*before, stopping), brief_for(), IDEA) is stopping


@pytest.mark.parametrize(
    "failure", [*STOPPING, BadOutput(**PLAIN), Truncated(**PLAIN), Refused(**PLAIN)], ids=lambda outcome: outcome.kind
)
def test_a_failed_call_for_ideas_is_returned(failure: Outcome) -> None:
    assert ask_ideas(Script(failure), brief_for(), WANTED) is failure


@pytest.mark.parametrize(("ideas", "proposed"), [([], 0), ([{"kind": "main"}, 7], 2)])
def test_no_usable_ideas_are_distinguished_from_no_ideas(ideas: list[object], proposed: int) -> None:
    answer = Ok(value={"ideas": ideas}, **COMMON)
    assert ask_ideas(Script(answer), brief_for(), WANTED) == NoIdeas(proposed=proposed)
