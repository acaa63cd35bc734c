"""Dishes from a model for one menu. What is stored is never asked for again, and nothing is open during a call."""

from __future__ import annotations

import contextvars
import itertools
import logging
import math
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from mealplanner.jobs.tasks import JobContext, Postponed
from mealplanner.llm.circuit import CircuitOpen
from mealplanner.llm.dishes.brief import Brief, make_brief
from mealplanner.llm.dishes.writing import Dropped, ask_ideas, write_dish
from mealplanner.llm.outcomes import Ask, DeadlineExceeded, Outcome, Stopped
from mealplanner.menu.generation import claims, proposals
from mealplanner.menu.generation.budgeted_calls import BudgetedCalls
from mealplanner.menu.generation.claims import Claim
from mealplanner.menu.generation.inputs import GenerationInputs
from mealplanner.menu.generation.plan_request import dishes_wanted
from mealplanner.menu.generation.progress import DISHES_PERCENT, report
from mealplanner.menu.generation.proposals import Proposed
from mealplanner.menu.generation.setbacks import TOO_LATE, Setback, no_model, not_asked, notices, setback
from mealplanner.planner.model import Food, PlanRequest, Recipe
from mealplanner.recipes.rows import recipe_rows
from mealplanner.spending.errors import BudgetSpent

log = logging.getLogger(__name__)

CHECK_SECONDS: Final = 0.2
"""How often it is checked whether the job should end, while calls are under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDishes:
    """What a model contributed to a menu."""

    proposed: tuple[Proposed, ...] = ()
    setback: Setback | None = None
    """What kept the open proposals from being written."""
    notices: tuple[str, ...] = ()
    """Sentences about it for the page of the menu."""

    @property
    def written(self) -> frozenset[uuid.UUID]:
        """The ids of the dishes that were written for this menu."""
        return frozenset(one.recipe_id for one in self.proposed if one.recipe_id is not None)


def write_dishes(
    context: JobContext, claim: Claim, inputs: GenerationInputs, request: PlanRequest, foods: Mapping[str, Food]
) -> NewDishes:
    """Have a model write dishes for the menu, if the person wants that and one is set up.

    Raise what `DishWriter.write` raises.
    """
    server = context.config.model
    if inputs.source == "catalogue" or server is None:
        return NewDishes(notices=no_model() if inputs.source == "model" else ())
    dislikes = inputs.preferences.disliked_ingredients
    brief = make_brief(request, foods, dislikes=dislikes, recent_titles=inputs.recent_titles)
    writer = DishWriter(context, claim, brief, BudgetedCalls(context, claim, server))
    return writer.write(dishes_wanted(request, server.dishes_per_menu), parallel=server.parallel)


class DishWriter:
    """Has the dishes for one menu written, several at a time. `ask` is how the model is called."""

    def __init__(self, context: JobContext, claim: Claim, brief: Brief, ask: Ask) -> None:
        self._context = context
        self._claim = claim
        self._brief = brief
        self._ask = ask
        self._setback: Setback | None = None
        self._stopped = False
        """Whether no further dish is begun."""
        self._done = itertools.count(1)
        self._total = 0

    def write(self, wanted: Mapping[str, int], *, parallel: int) -> NewDishes:
        """Have up to `wanted` dishes of each kind written, `parallel` at a time.

        Raise `Postponed` when the model should be asked again later, `ClaimLost` when the menu does not belong to this
        worker any more, and `Interrupted` when the job should end.
        """
        proposed = self._read_proposals() or self._propose(wanted)
        to_write = [one for one in proposed if one.open]
        self._done, self._total = itertools.count(1 + len(proposed) - len(to_write)), len(proposed)
        self._write_all(to_write, parallel)
        proposed = self._read_proposals()
        if self._setback is not None and (not proposed or any(one.open for one in proposed)):
            self._postpone_if_worthwhile(self._setback)
        return NewDishes(proposed=tuple(proposed), setback=self._setback, notices=notices(proposed, self._setback))

    # Ideas ----------------------------------------------------------------------------------------------------------

    def _read_proposals(self) -> list[Proposed]:
        return self._context.database.run(lambda session: proposals.of_menu(session, self._claim.menu_id))

    def _propose(self, wanted: Mapping[str, int]) -> list[Proposed]:
        report(self._context, self._claim, "Asking the model for ideas")
        try:
            ideas = ask_ideas(self._ask, self._brief, wanted)
        except (BudgetSpent, CircuitOpen) as error:
            self._stop_for(not_asked(error))
            return []
        if not isinstance(ideas, tuple):
            self._stop_for(setback(ideas))
            return []

        def store(session: Session) -> None:
            claims.report_progress(session, self._claim, percent=0, message=f"Writing dishes, 0 of {len(ideas)}")
            proposals.add(session, self._claim, ideas=ideas)

        self._context.database.run(store)
        return self._read_proposals()

    # Dishes ---------------------------------------------------------------------------------------------------------

    def _write_all(self, to_write: list[Proposed], parallel: int) -> None:
        with ThreadPoolExecutor(parallel, thread_name_prefix="dish") as threads:
            self._wait({threads.submit(contextvars.copy_context().run, self._write_one, one) for one in to_write})

    def _wait(self, under_way: set[Future[None]]) -> None:
        while under_way:
            done, under_way = wait(under_way, timeout=CHECK_SECONDS, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
            self._context.check()

    def _write_one(self, proposed: Proposed) -> None:
        """Have one dish written, on a thread of its own; begin none after a setback or when the job should end."""
        if self._stopped or self._context.interruption() is not None:
            return
        try:
            self._store_result(proposed.position, write_dish(self._ask, self._brief, proposed.idea))
        except (BudgetSpent, CircuitOpen) as error:
            self._stop_for(not_asked(error))
        except Stopped:
            log.info("the writing of a dish was broken off")
        except BaseException:
            self._stopped = True
            raise

    def _store_result(self, position: int, result: Recipe | Dropped | Outcome) -> None:
        match result:
            case Recipe():
                rows = recipe_rows([result], owner_id=self._claim.user_id)
                self._store(lambda session: proposals.write(session, self._claim, position=position, dish=rows))
            case Dropped():
                self._store(lambda session: proposals.drop(session, self._claim, position=position, why=result.why))
            case DeadlineExceeded(cause=cause):
                self._store(
                    lambda session: proposals.drop(session, self._claim, position=position, why=TOO_LATE[cause])
                )
            case _:
                self._stop_for(setback(result))

    def _store(self, write: Callable[[Session], None]) -> None:
        """Store what became of one proposal and report the progress, in one transaction."""
        done = next(self._done)
        percent, message = DISHES_PERCENT * done // self._total, f"Writing dishes, {done} of {self._total}"

        def store(session: Session) -> None:
            claims.report_progress(session, self._claim, percent=percent, message=message)
            write(session)

        self._context.database.run(store)

    # Setbacks -------------------------------------------------------------------------------------------------------

    def _stop_for(self, met: Setback) -> None:
        """Begin no further dish; the first setback is the one that the person is told."""
        log.warning("the model writes no more dishes for menu %s: %s", self._claim.menu_id, met.why)
        self._setback = self._setback or met
        self._stopped = True

    def _postpone_if_worthwhile(self, met: Setback) -> None:
        if met.worth_waiting and not self._context.last_attempt:
            seconds = math.ceil(met.wait_after(self._context.attempt))
            report(self._context, self._claim, f"{met.why} We will ask it again in {seconds} seconds.")
            raise Postponed(met.why, seconds=seconds)
