"""Menus with dishes from a careless model: `python -m tests.benchmarks.model_menus`, from the root.

Make menus for the profiles of `tests/benchmarks/planner.py`, each for another person, with the real client and job and
a fake server. Its model spoils a part of its dishes in some way of `tests/fake_model/hostile.py`, half of those for
good, and its server is busy, broken or silent now and then. Print a table in Markdown: how far the days are from their
targets, which dishes break a person's rules by a second, separately written proof, and how the calls ended. Seeded; one
call at a time, so that two runs on one catalogue differ in seconds only.
"""

from __future__ import annotations

import argparse
import datetime
import logging
import random
import shutil
import tempfile
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import mean

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.config import Config
from mealplanner.config.model_server import ModelServer
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.food.vocabulary import APPLIANCES
from mealplanner.jobs.tasks import JobContext, Postponed
from mealplanner.llm.usage import tokens_of
from mealplanner.menu import queries
from mealplanner.menu.assembly import menu_value
from mealplanner.menu.generation.job import GENERATE, generate
from mealplanner.menu.models import Meal, Proposal
from mealplanner.menu.values import MenuValue
from mealplanner.planner.model import FIGURES, TOLERANCE, Ingredient
from mealplanner.planner.model import Recipe as Dish
from mealplanner.preferences.values import Preferences
from mealplanner.recipes.models import Recipe, RecipeIngredient
from mealplanner.spending.models import ModelCall
from mealplanner.storage.database import Database
from mealplanner.storage.migrations import upgrade
from tests.benchmarks.planner import PROFILES, Profile
from tests.benchmarks.tables import markdown, share
from tests.factories import MenuFactory, use_session
from tests.fake_model import content, hostile
from tests.fake_model.server import FakeModel
from tests.second_proof.dishes import violations

SPOILED = 0.15
"""Of the dishes, how many are spoiled at first; half of these are also when they are asked for again."""

TROUBLE: Mapping[str, int] = {"ok": 93, "busy_ms": 2, "error_502": 2, "cut": 1, "truncated": 1, "prose": 1}
"""Mode of the fake server -> its share of the requests, in percent."""

MONDAY = datetime.date(2026, 11, 23)


@dataclass
class Tally:
    """What became of some menus."""

    menus: int = 0
    offs: list[tuple[float, ...]] = field(default_factory=list)
    """For each day, how many percent each figure differs from its target."""
    violations: int = 0
    served: int = 0
    """Dishes of the model that are in a menu."""
    proposals: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    seconds: list[float] = field(default_factory=list)

    def row(self, name: str) -> list[str]:
        """Return its row of the table."""
        kcal, macros = [off[0] for off in self.offs], [value for off in self.offs for value in off[1:]]
        within = mean(max(off) <= 100 * TOLERANCE for off in self.offs)
        figures = [
            self.menus, f"{mean(kcal):.2f} / {max(kcal):.2f}", f"{mean(macros):.2f} / {max(macros):.2f}",
            f"{within:.1%}", self.violations, self.proposals.total(), self.proposals["dropped"], self.proposals["open"],
            f"{self.served / self.menus:.1f}", f"{self.calls.total() / self.menus:.1f}",
            f"{self.tokens / self.menus:,.0f}", f"{share(self.seconds, 0.5):.1f} / {share(self.seconds, 0.95):.1f}",
        ]  # fmt: skip
        return [name, *map(str, figures)]


HEAD = (
    "diet", "menus", "kcal % mean / worst", "macros % mean / worst", "days within 5 %", "violations", "proposed",
    "dropped", "not written", "served a menu", "calls a menu", "tokens a menu", "seconds p50 / p95",
)  # fmt: skip


def main() -> None:
    """Run the benchmark and print the table."""
    parser = argparse.ArgumentParser(description="Makes menus with dishes from a careless fake model.")
    parser.add_argument("--menus", type=int, default=200, help="how many (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="of the model's carelessness and the server's trouble")
    options = parser.parse_args()
    tallies: dict[str, Tally] = defaultdict(Tally)
    with kitchen(options.seed) as (database, config):
        for number in range(options.menus):
            profile = PROFILES[number % len(PROFILES)]
            made = cook(database, config, profile, seed=1 + number // len(PROFILES))
            for tally in (tallies[profile.diet], tallies["all"]):
                count(database, made, profile, tally)
    everything = tallies.pop("all")
    rows = [tally.row(diet) for diet, tally in sorted(tallies.items())]
    print("\n".join(markdown(HEAD, [*rows, everything.row("all")])))
    print("\ncalls by outcome:", ", ".join(f"{kind} {n}" for kind, n in everything.calls.most_common()))


@dataclass(frozen=True)
class Made:
    """A finished menu."""

    menu_id: uuid.UUID
    user_id: uuid.UUID
    seconds: float


@contextmanager
def kitchen(seed: int) -> Iterator[tuple[Database, Config]]:
    """Start a new PostgreSQL and the fake model; leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-model-"))
    folder.chmod(0o755)  # for the database's unprivileged user
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(EmbeddedPostgres(folder / "postgres"))
        url = server.url().render_as_string(hide_password=False)
        upgrade(url)
        fake = stack.enter_context(FakeModel(answer=careless(seed)))
        fake.script(*random.Random(seed).choices(list(TROUBLE), list(TROUBLE.values()), k=10_000))
        model = ModelServer(base_url=fake.url, model="any", parallel=1)
        config = Config(database_url=url, data_dir=folder, model=model)
        logging.getLogger("mealplanner").setLevel(logging.ERROR)  # of trouble there is a lot, on purpose
        database = Database(config)
        stack.callback(database.dispose)
        yield database, config


def careless(seed: int) -> hostile.Answer:
    """Return a model that spoils some of its dishes, each time in the same way."""

    def answer(request: content.Request) -> str:
        question = content.document(request)
        if "wanted" in question:
            return content.answer(request)
        dice = random.Random(f"{seed} {question['dish']['title']}")
        spoiled, name, for_good = dice.random() < SPOILED, dice.choice(sorted(hostile.DISHES)), dice.random() < 0.5
        if spoiled and (for_good or "answer" not in question):
            return hostile.DISHES[name](request)
        return content.answer(request)

    return answer


def cook(database: Database, config: Config, profile: Profile, *, seed: int) -> Made:
    """Make a menu for a new person; continue at once where a worker would wait."""

    def ask(session: Session) -> tuple[uuid.UUID, uuid.UUID]:
        with use_session(session):
            menu = MenuFactory(
                start_date=MONDAY,
                days=profile.days,
                seed=seed,
                source="model",
                preferences=tastes(profile).as_dict(),
                targets=asdict(profile.request(seed).target),
            )
            return menu.id, menu.user_id

    menu_id, user_id = database.run(ask)
    context = JobContext(database=database, config=config)
    started = time.perf_counter()
    for attempt in range(1, GENERATE.attempts + 1):
        last = attempt == GENERATE.attempts
        try:
            generate(replace(context, attempt=attempt, last_attempt=last), menu_id=str(menu_id))
            break
        except Postponed:
            continue
    return Made(menu_id, user_id, time.perf_counter() - started)


def tastes(profile: Profile) -> Preferences:
    """Return the profile as a person would type it."""
    protein, carbs, fat = map(int, profile.macros)
    request = profile.request(1)
    return Preferences(
        diet_type=profile.diet,
        dietary_restrictions=sorted(request.restrictions),
        recipe_type=sorted(request.cuisines),
        macro_protein=protein,
        macro_carbs=carbs,
        macro_fat=fat,
        calorie_goal=int(profile.kcal),
        appliances=sorted(request.appliances or APPLIANCES),
        prep_complexity=60 if request.minutes_per_meal == 60 else 8,  # 60 and 20 minutes a meal
        snacks_per_day=profile.snacks,
    )


def count(database: Database, made: Made, profile: Profile, tally: Tally) -> None:
    """Add a menu to the tally of its diet."""

    def look(session: Session) -> None:
        menu = menu_value(queries.menu(session, made.user_id, made.menu_id))
        assert menu.summary.status == "ready", menu.summary
        tally.menus += 1
        tally.offs += _offs(menu)
        dishes = _served(session, made.menu_id)
        tally.violations += sum(len(violations(dish, profile.request(1))) for dish in dishes)
        tally.served += menu.model_dishes
        for recipe_id, dropped in session.execute(
            select(Proposal.recipe_id, Proposal.dropped).where(Proposal.menu_id == made.menu_id)
        ):
            tally.proposals["written" if recipe_id else "dropped" if dropped else "open"] += 1
        for outcome, sent, received in session.execute(
            select(ModelCall.outcome, ModelCall.sent, ModelCall.received).where(ModelCall.menu_id == made.menu_id)
        ):
            tally.calls[outcome or "under way"] += 1
            tally.tokens += tokens_of(sent or "") + tokens_of(received or "")
        tally.seconds.append(made.seconds)

    database.run(look)


def _offs(menu: MenuValue) -> list[tuple[float, ...]]:
    return [
        tuple(100 * abs(getattr(day.totals, name) / getattr(menu.targets, name) - 1) for name in FIGURES)
        for day in menu.days
    ]


def _served(session: Session, menu_id: uuid.UUID) -> Sequence[Dish]:
    """Return every dish of a menu, as it is stored."""
    served = select(Meal.recipe_id).where(Meal.menu_id == menu_id)
    items: dict[uuid.UUID, list[Ingredient]] = defaultdict(list)
    for row in session.scalars(select(RecipeIngredient).where(RecipeIngredient.recipe_id.in_(served))):
        items[row.recipe_id].append(Ingredient(food_id=row.food_id, grams=row.grams))
    return [
        Dish(
            slug=row.slug,
            title=row.title,
            kinds=frozenset(row.kinds),
            cuisine=row.cuisine,
            main_protein=row.main_protein,
            minutes=row.minutes,
            appliances=frozenset(row.appliances),
            ingredients=tuple(items[row.id]),
            steps=tuple(row.steps),
        )
        for row in session.scalars(select(Recipe).where(Recipe.id.in_(served)))
    ]


if __name__ == "__main__":
    main()
