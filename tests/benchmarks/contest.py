"""What contenders run on: one PostgreSQL with the same rows for all, a gunicorn for each, and the CPU that they use."""

from __future__ import annotations

import datetime
import random
import shutil
import socket
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from flask import Flask
from sqlalchemy import insert, select

from mealplanner import create_app
from mealplanner.auth.addresses.normal_form import normal_form
from mealplanner.auth.login import SECRET
from mealplanner.auth.models import User
from mealplanner.auth.passwords.hashing import hashed
from mealplanner.auth.sessions.models import OpenSession
from mealplanner.client import utc_now
from mealplanner.config import Config
from mealplanner.embedded_postgres.data_folder import postmaster
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.job import GENERATE
from mealplanner.menu.models import Meal, Menu
from mealplanner.menu.services import MenuRequest, generate
from mealplanner.preferences.models import UserProfile
from mealplanner.preferences.values import Preferences
from mealplanner.storage.database import Database
from mealplanner.storage.migrations import upgrade
from mealplanner.unguessable import hash_of
from tests.benchmarks.load import BROWSER, VERSION, Request
from tests.faults.programs import Program
from tests.faults.remote import Remote
from tests.visitor import PASSWORD, Visitor
from tests.waiting import eventually

MONDAY = datetime.date(2026, 11, 23)
OPTIONS = ("--workers", "2", "--threads", "8", "--max-requests", "0")
"""Besides those of `mealplanner.gunicorn`: the same for all, and no worker is replaced while it is measured."""


@dataclass(frozen=True)
class Visit:
    """A person with a week of meals and saved preferences, and what their browser sends."""

    email: str
    user: uuid.UUID
    secret: str
    menu: uuid.UUID
    cookie: str
    token: str
    stranger: str
    strangers_token: str


class Contest:
    """The database, its people and the environment of every contender."""

    def __init__(self, server: EmbeddedPostgres, folder: Path, people: int) -> None:
        self.server, self.folder = server, folder
        self.settings = {
            "DATABASE_URL": server.url().render_as_string(hide_password=False),
            "SECRET_KEY": "only for benchmarks, and long enough",
            "MEALPLANNER_DATA_DIR": str(folder),
            "MEALPLANNER_LENIENCY": "1000",  # all requests come from one address
            "MEALPLANNER_ENV": "production",
        }
        self.config = Config.from_environ({**self.settings, "MEALPLANNER_LOG_LEVEL": "WARNING"})
        self.database = Database(self.config)
        self.visits = self._seed(people)

    @contextmanager
    def serving(self, name: str, app: str, *options: str, **settings: str) -> Iterator[Serving]:
        """Run a gunicorn with `app` during the block; it may take a while to answer."""
        with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
            address: tuple[str, int] = listener.getsockname()
            bind = ["--bind", f"fd://{listener.fileno()}"]
            arguments = ["-m", "gunicorn", "-c", "python:mealplanner.gunicorn", *OPTIONS, *options, *bind, app]
            log = self.folder / f"{name}.log"
            program = Program(arguments, {**self.settings, **settings}, log, inherit=listener.fileno())
        with program:
            yield Serving(name, address, program)

    def database_cpu(self) -> float:
        """Return the CPU seconds of PostgreSQL's processes so far, including those that have ended."""
        server = postmaster(self.server.data)
        assert server is not None
        times = server.cpu_times()
        return times.user + times.system + times.children_user + times.children_system + _living(server)

    def week(self, people: int) -> list[Request]:
        """Return the request that opens the page of a week."""
        return [Request(method="GET", path=f"/menu/{one.menu}", cookie=one.cookie) for one in self.visits[:people]]

    def save(self, people: int) -> list[Request]:
        """Return the request that saves preferences, each time over the version of the last save."""
        versions = self.database.run(lambda session: dict(session.execute(_VERSIONS).all()))
        return [
            Request(
                method="POST",
                path="/preferences",
                cookie=one.cookie,
                form={**FORM, "version": VERSION, "csrf_token": one.token},
                version=versions[one.email],
            )
            for one in self.visits[:people]
        ]

    def login(self, people: int) -> list[Request]:
        """Return the request to sign in."""
        return [
            Request(
                method="POST",
                path="/auth/login",
                cookie=one.stranger,
                form={"email": one.email, "password": PASSWORD, "csrf_token": one.strangers_token},
            )
            for one in self.visits[:people]
        ]

    # The rows ---------------------------------------------------------------------------------------------------------

    def _seed(self, people: int) -> list[Visit]:
        first, menu_id = self._first_person()
        menus = {"person0@example.org": menu_id}
        for number in range(1, people):
            email = f"person{number}@example.org"
            menus[email] = self._twin(first, menu_id, email)
        accounts = self.database.run(lambda session: session.execute(_ACCOUNTS).all())
        app = create_app(self.config, self.database)
        stranger, known = _browser(app), _browser(app)
        strangers_token = stranger.token()
        assert known.sign_in().status_code == 303
        token, signer = known.token(), app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = signer.loads(_cookie(known))

        def visit(email: str, user: uuid.UUID) -> Visit:
            secret, moment = str(uuid.uuid4()), utc_now()
            row = {"user_id": user, "secret_hash": hash_of(secret), "created_at": moment, "used_at": moment}
            begun = insert(OpenSession).values(row | {"browser": "Firefox on Linux", "address": "this machine"})
            self.database.run(lambda session: session.execute(begun))
            signed = f"session={signer.dumps({**cookie, SECRET: secret})}"
            return Visit(
                email, user, secret, menus[email], signed, token, f"session={_cookie(stranger)}", strangers_token
            )

        return [visit(*row) for row in accounts]

    def _first_person(self) -> tuple[uuid.UUID, uuid.UUID]:
        """Add a person with preferences and a week that was made as weeks are made."""
        user = {"id": uuid.uuid4(), "email": "person0@example.org", "password_hash": hashed(PASSWORD)}
        request = MenuRequest(
            start_date=MONDAY, days=7, source="auto", seed=1, overlap=None, idempotency_key=uuid.uuid4()
        )
        self.database.run(lambda session: session.execute(insert(User).values(user)))
        profile = {"user_id": user["id"], "version": 1, **Preferences().as_dict()}
        self.database.run(lambda session: session.execute(insert(UserProfile).values(profile)))
        terms = {"request": request, "model": None, "now": utc_now(), "today": MONDAY, "rng": random.Random(1)}
        menu_id = self.database.run(lambda session: generate(session, user["id"], **terms))  # type: ignore[arg-type]
        GENERATE.run(JobContext(database=self.database, config=self.config), menu_id=str(menu_id))
        return user["id"], menu_id  # type: ignore[return-value]

    def _twin(self, first: uuid.UUID, menu_id: uuid.UUID, email: str) -> uuid.UUID:
        """Add another person with the same preferences and the same week."""
        user_id, twin = uuid.uuid4(), uuid.uuid4()
        own = {"id": user_id, "email": email, "email_key": normal_form(email), "session_token": uuid.uuid4()}
        with self.database.pooled.begin() as connection:
            copied = connection.execute(select(User.__table__).where(User.id == first)).one()._mapping
            connection.execute(insert(User), [{**copied, **own}])
            profile = connection.execute(select(UserProfile.__table__).where(UserProfile.user_id == first)).one()
            connection.execute(insert(UserProfile), [{**profile._mapping, "user_id": user_id}])
            menu = connection.execute(select(Menu.__table__).where(Menu.id == menu_id)).one()._mapping
            other = {"id": twin, "user_id": user_id, "idempotency_key": uuid.uuid4()}
            connection.execute(insert(Menu), [{**menu, **other}])
            meals = connection.execute(select(Meal.__table__).where(Meal.menu_id == menu_id)).all()
            connection.execute(insert(Meal), [{**row._mapping, "id": uuid.uuid4(), "menu_id": twin} for row in meals])
        return twin


class Serving:
    """A gunicorn that serves one contender."""

    def __init__(self, name: str, address: tuple[str, int], program: Program) -> None:
        self.name, self.address, self.program = name, address, program

    def await_answer(self) -> None:
        """Return when it answers with any status."""
        eventually(self._answers)

    def _answers(self) -> bool:
        assert self.program.alive(), self.program.said()
        with suppress(OSError):
            return bool(Remote(self.address, "-").get("/").status)
        return False

    def cpu(self) -> float:
        """Return the CPU seconds of its processes so far."""
        master = psutil.Process(self.program.pid)
        times = master.cpu_times()
        return times.user + times.system + _living(master)


FORM = {
    "diet_type": "omnivore", "macro_protein": "20", "macro_carbs": "50", "macro_fat": "30", "calorie_goal": "2000",
    "meals": "dinner", "time_dinner": "19:00", "appliances": "oven", "prep_complexity": "50", "servings_per_meal": "1",
    "snacks_per_day": "1",
}  # fmt: skip

_ACCOUNTS = select(User.email, User.id).order_by(User.email)
_VERSIONS = select(User.email, UserProfile.version).join(UserProfile, UserProfile.user_id == User.id)


@contextmanager
def contest(people: int) -> Iterator[Contest]:
    """Start a new PostgreSQL with `people` in it; leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-contest-"))
    folder.chmod(0o755)  # for the database's unprivileged user
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(EmbeddedPostgres(folder / "postgres", settings={"max_connections": "200"}))
        upgrade(server.url().render_as_string(hide_password=False))
        arena = Contest(server, folder, people)
        stack.callback(arena.database.dispose)
        yield arena


def _living(process: psutil.Process) -> float:
    total = 0.0
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total += times.user + times.system
    return total


def _browser(app: Flask) -> Visitor:
    visitor = Visitor(app, "person0@example.org")
    visitor.client.environ_base["HTTP_USER_AGENT"] = BROWSER
    return visitor


def _cookie(visitor: Visitor) -> str:
    found = visitor.client.get_cookie("session")
    assert found is not None
    return found.value
