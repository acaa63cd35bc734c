"""Dishes from a model for one menu: read, call with nothing open, write; what is stored is never asked for again."""

from __future__ import annotations

import contextvars
import itertools
import logging
import math
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from sqlalchemy.orm import Session

from mealplanner.jobs.tasks import JobContext, Postponed
from mealplanner.llm.circuit import CircuitOpen
from mealplanner.llm.diner import Diner, make_diner
from mealplanner.llm.dishes import Dropped, ask_ideas, write_dish
from mealplanner.llm.outcomes import Ask, DeadlineExceeded, Outcome, Stopped
from mealplanner.menu.generation import claims, proposals
from mealplanner.menu.generation.budgeted_calls import PaidAsk
from mealplanner.menu.generation.claims import Order
from mealplanner.menu.generation.plan_request import dishes_wanted
from mealplanner.menu.generation.proposals import Proposed
from mealplanner.menu.generation.setbacks import NO_MODEL, TOO_SLOW, Setback, left_alone, notices, setback
from mealplanner.planner.model import Food, PlanRequest, Recipe
from mealplanner.spending.errors import BudgetSpent

log = logging.getLogger(__name__)

SHARE = 70
"""Percent of the making of a menu until its dishes are written, if a model writes any; the planning is the rest."""

LOOK = 0.2
"""Seconds between two looks whether the job is to end, while calls are under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """What came of it: how the proposals stand, and what kept the open ones from being written."""

    proposed: tuple[Proposed, ...] = ()
    setback: Setback | None = None
    notices: tuple[str, ...] = ()
    """What the menu's page says of it."""

    @property
    def written(self) -> frozenset[uuid.UUID]:
        """The ids of the person's own recipes that were written for this menu."""
        return frozenset(one.recipe_id for one in self.proposed if one.recipe_id is not None)


def invent(context: JobContext, order: Order, request: PlanRequest, foods: Mapping[str, Food]) -> Invented:
    """Has a model write dishes for `order`, if one is wanted and set up; raises what `Invention.run` does."""
    server = context.config.model
    if order.source == "catalogue" or server is None:
        return Invented(notices=(NO_MODEL,) if order.source == "model" else ())
    dislikes = order.preferences.disliked_ingredients
    diner = make_diner(request, foods, dislikes=dislikes, recent_titles=order.recent_titles)
    invention = Invention(context, order, diner, PaidAsk(context, order, server))
    return invention.run(dishes_wanted(request, server.dishes_per_menu), parallel=server.parallel)


class Invention:
    """The writing of the dishes for one menu, in several threads at once. `ask` counts what it spends."""

    def __init__(self, context: JobContext, order: Order, diner: Diner, ask: Ask) -> None:
        self._context = context
        self._order = order
        self._diner = diner
        self._ask = ask
        self._setback: Setback | None = None
        self._over = False
        """Whether no further dish is begun."""
        self._done = itertools.count(1)
        self._total = 0

    def run(self, wanted: Mapping[str, int], *, parallel: int) -> Invented:
        """Has the dishes written, up to `wanted` of each kind and `parallel` at a time.

        Raises `Postponed` when it is worth waiting for the model, `Superseded` when the menu is not this worker's any
        more, and `Interrupted` when the job is to end.
        """
        found = self._proposed() or self._propose(wanted)
        todo = [one for one in found if one.open]
        self._done, self._total = itertools.count(1 + len(found) - len(todo)), len(found)
        self._write_all(todo, parallel)
        found = self._proposed()
        if self._setback is not None and (not found or any(one.open for one in found)):
            self._wait_if_worth_it(self._setback)
        return Invented(proposed=tuple(found), setback=self._setback, notices=notices(found, self._setback))

    # Ideas ----------------------------------------------------------------------------------------------------------

    def _proposed(self) -> list[Proposed]:
        return self._context.database.run(lambda session: proposals.of_menu(session, self._order.menu_id))

    def _propose(self, wanted: Mapping[str, int]) -> list[Proposed]:
        self._say("Asking the model for ideas")
        try:
            ideas = ask_ideas(self._ask, self._diner, wanted)
        except (BudgetSpent, CircuitOpen) as error:
            self._meet(left_alone(error))
            return []
        if isinstance(ideas, Outcome):
            self._meet(setback(ideas))
            return []

        def keep(session: Session) -> None:
            claims.report(session, self._order, percent=0, message=f"Writing dishes, 0 of {len(ideas)}")
            proposals.add(session, self._order, ideas=ideas)

        self._context.database.run(keep)
        return self._proposed()

    # Dishes ---------------------------------------------------------------------------------------------------------

    def _write_all(self, todo: list[Proposed], parallel: int) -> None:
        with ThreadPoolExecutor(parallel, thread_name_prefix="dish") as threads:
            under_way = {threads.submit(contextvars.copy_context().run, self._write, one) for one in todo}
            self._await(under_way)

    def _await(self, under_way: set[Future[None]]) -> None:
        while under_way:
            done, under_way = wait(under_way, timeout=LOOK, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
            self._context.check()

    def _write(self, proposed: Proposed) -> None:
        """One dish, on a thread of its own; none is begun once the writing is over or the job is to end."""
        if self._over or self._context.interruption() is not None:
            return
        try:
            self._keep(proposed, write_dish(self._ask, self._diner, proposed.idea))
        except (BudgetSpent, CircuitOpen) as error:
            self._meet(left_alone(error))
        except Stopped:
            log.info("the writing of a dish was broken off")
        except BaseException:
            self._over = True
            raise

    def _keep(self, proposed: Proposed, found: Recipe | Dropped | Outcome) -> None:
        position = proposed.position
        match found:
            case Recipe():
                self._store(lambda session: proposals.write(session, self._order, position=position, dish=found))
            case Dropped():
                self._store(lambda session: proposals.drop(session, self._order, position=position, why=found.why))
            case DeadlineExceeded():
                self._store(lambda session: proposals.drop(session, self._order, position=position, why=TOO_SLOW))
            case _:
                self._meet(setback(found))

    # How ------------------------------------------------------------------------------------------------------------

    def _store(self, write: Callable[[Session], None]) -> None:
        """Stores the end of one proposal, if the menu is still this worker's own, and says how far it is."""
        done = next(self._done)

        def store(session: Session) -> None:
            percent, message = SHARE * done // self._total, f"Writing dishes, {done} of {self._total}"
            claims.report(session, self._order, percent=percent, message=message)
            write(session)

        self._context.database.run(store)

    def _say(self, message: str) -> None:
        self._context.database.run(lambda session: claims.report(session, self._order, percent=0, message=message))

    def _meet(self, met: Setback) -> None:
        log.warning("the model writes no more dishes for menu %s: %s", self._order.menu_id, met.why)
        self._setback = self._setback or met
        self._over = True

    def _wait_if_worth_it(self, met: Setback) -> None:
        if met.worth_waiting and not self._context.last_attempt:
            seconds = math.ceil(met.wait or 0)
            self._say(f"{met.why} It is asked again in {seconds} s")
            raise Postponed(met.why, seconds=seconds)
