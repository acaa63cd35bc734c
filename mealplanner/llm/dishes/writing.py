"""Have a model write a dish for one person: ask, read, check, have it corrected at most once, else drop it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mealplanner.llm.dishes.answers import Findings, read_dish
from mealplanner.llm.dishes.brief import Brief
from mealplanner.llm.dishes.checks import Finding, Reason
from mealplanner.llm.dishes.ideas import Idea, count_ideas, read_ideas
from mealplanner.llm.dishes.prompts import dish_call, ideas_call, repair_call
from mealplanner.llm.outcomes import Ask, BadOutput, Ok, Outcome, Refused, Truncated
from mealplanner.planner.model import Recipe

WHY: Final[Mapping[Reason, str]] = {
    "shape": "The model did not answer with a recipe",
    "food": "The model used a food that you do not eat or that is not in the table of foods",
    "words": "The model's wording could not be used",
    "kitchen": "The model's recipe did not fit your time or your appliances",
    "recipe": "The model's amounts or steps did not add up to a sound dish",
    "empty": "The model sent an empty answer",
    "unreadable": "The model's answer could not be read",
    "rejected": "The model's server rejected the question",
    "cut_off": "The model's answer was too long and was cut off",
}
"""Reason of a finding -> the beginning of a sentence for the menu's page."""

DECLINED: Final[Mapping[str, str]] = {
    "declined": "The model declined to write this dish.",
    "withheld": "A content filter withheld this dish.",
}
"""Cause of a refusal -> a sentence for the menu's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """An idea that came to nothing: its title, and why, in a sentence for the menu's page that quotes no model."""

    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoIdeas:
    """The model answered, but with no idea to use."""

    proposed: int
    """How many ideas its answer held."""


def ask_ideas(ask: Ask, brief: Brief, wanted: Mapping[str, int]) -> tuple[Idea, ...] | NoIdeas | Outcome:
    """Return up to `wanted` ideas of each kind, at least one; the outcome itself where there was no answer to read."""
    outcome = ask(ideas_call(brief, wanted))
    if not isinstance(outcome, Ok):
        return outcome
    return read_ideas(outcome.value, brief, wanted) or NoIdeas(proposed=count_ideas(outcome.value))


def write_dish(ask: Ask, brief: Brief, idea: Idea) -> Recipe | Dropped | Outcome:
    """Return the dish for `idea`, after one question or two, or why it is dropped.

    An outcome is returned if the server failed: it says nothing about the dish, and asking later may help.
    """
    first = ask(dish_call(brief, idea))
    read = _read(first, brief, idea)
    if not isinstance(read, tuple):
        return read
    second = ask(repair_call(brief, idea, first.received, [finding.text for finding in read]))
    read = _read(second, brief, idea)
    if not isinstance(read, tuple):
        return read
    return Dropped(title=idea.title, why=f"{WHY[read[0].reason]}, also after one correction.")


def _read(outcome: Outcome, brief: Brief, idea: Idea) -> Recipe | Findings | Dropped | Outcome:
    """Return findings if a second question can correct the answer."""
    match outcome:
        case Ok():
            return read_dish(outcome.value, brief, idea)
        case BadOutput(cause=cause):
            reason: Reason = "shape" if cause == "unexpected" else cause
            return (Finding(reason, "The answer was not one JSON object of the schema; answer with nothing else."),)
        case Truncated(cause=cause):
            return (Finding(cause, "The answer was cut off because it was too long; be brief."),)
        case Refused(cause=cause):
            return Dropped(title=idea.title, why=DECLINED[cause])
        case _:
            return outcome
