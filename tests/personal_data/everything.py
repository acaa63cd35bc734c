"""A person about whom every table has something, and how such rows are found.

Which tables those are is read from the models: every one that leads to `users` by foreign keys. A table that is added
and not filled here fails the tests that need it.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, false, func, or_, select, text

from mealplanner.auth.factors.models import Authenticator, Passkey, RecoveryCode
from mealplanner.auth.operators.services import grant
from mealplanner.client import utc_now
from mealplanner.jobs.tasks import JobContext
from mealplanner.larder import services as larder
from mealplanner.llm.outcomes import BadOutput, Call
from mealplanner.menu.generation.job import generate
from mealplanner.menu.models import Proposal
from mealplanner.menu.rebalancing.models import Rebalancing
from mealplanner.models import Base, RecipeIngredient, User
from mealplanner.spending import services as spending
from mealplanner.spending.values import Limits
from mealplanner.storage.database import Database
from tests.factories import MenuEditFactory, RecipeFactory, use_session
from tests.post import Post
from tests.preferences.form import FORM
from tests.visitor import PASSWORD, Visitor

USERS = Base.metadata.tables["users"]


def tables_of_people() -> list[Table]:
    """Return every table that leads to `users`, that one included."""
    found = {USERS}
    for table in Base.metadata.sorted_tables:  # those that are led to come first
        if any(key.column.table in found for key in table.foreign_keys):
            found.add(table)
    return sorted(found, key=lambda table: table.name)


def belongs(table: Table, user_id: uuid.UUID) -> ColumnElement[bool]:
    """Return the condition for the rows of `table` that are the person's, however far from `users` it is."""
    if table is USERS:
        return USERS.c.id == user_id
    ways = [
        key.parent.in_(select(key.column).where(belongs(key.column.table, user_id)))
        for key in table.foreign_keys
        if key.column.table in tables_of_people()
    ]
    return or_(false(), *ways)


def counted(connection: Connection, user_id: uuid.UUID) -> dict[str, int]:
    """Return how many rows of each table are the person's."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table).where(belongs(table, user_id))) or 0
        for table in tables_of_people()
    }


def live(person: Visitor, database: Database, post: Post) -> uuid.UUID:
    """Register and use every feature; leave jobs and mails that wait. Return the account's id."""
    person.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    person.register()
    person.post("/auth/account/tokens", {"name": "Kitchen display", "scopes": "menus:read", "days": "90"})
    database.run(partial(grant, email=person.email))
    post.deliver()
    Visitor(person.app, person.email).sign_in("a guess")
    person.post("/auth/account/settings", {"time_zone": "Europe/Berlin", "units": "imperial"})
    person.post("/preferences", FORM)
    for days, overlap in (("2", "after"), ("3", "gaps")):
        wish = {
            "start_date": "2026-11-23",
            "days": days,
            "overlap": overlap,
            "idempotency_key": str(uuid.uuid4()),
        }
        menu = person.post("/menu/", wish).location.rsplit("/", 1)[1]
        if days == "2":
            generate(JobContext(database=database), menu_id=menu)
            database.run(lambda session: session.execute(text("DELETE FROM procrastinate_jobs WHERE status = 'todo'")))
    user_id: uuid.UUID = database.run(lambda session: session.scalars(_id(person.email)).one())
    dish = database.run(lambda session: _cook(session, user_id))
    person.post(f"/recipes/{dish}/rate", {"value": "1"})
    person.post(f"/recipes/{dish}/opinion", {"opinion": "too-long"})
    person.post("/usual-meals/", {"recipe_id": str(dish), "slot": "breakfast", "weekdays": ["monday", "sunday"]})
    _shop(person)
    person.post("/larder/", {"food": "chickpeas-dry", "amount": "500 g", "best_before": "2027-01-31"})
    person.post("/larder/", {"food": "salt", "always": "yes"})
    person.post("/larder/settings", {"subtract": "yes", "fill": "yes", "empty": "yes"})
    database.run(lambda session: larder.bought(session, user_id, uuid.uuid4(), "chickpeas-dry", 500))
    database.run(lambda session: _ask_model(session, user_id, uuid.UUID(menu)))
    database.run(lambda session: _edit(session, uuid.UUID(menu)))
    database.run(lambda session: _add_factors(session, user_id))
    for made in (_INVITATION, _IDENTITY):
        database.run(lambda session, made=made: session.execute(made, {"user_id": user_id}))
    Visitor(person.app).post("/auth/forgot", {"email": person.email})
    person.post("/auth/account/email", {"email": f"new-{person.email}", "present_password": PASSWORD})
    return user_id


_INVITATION = text(
    "INSERT INTO invitations (id, token_hash, note, created_at, expires_at, used_at, used_by)"
    " VALUES (gen_random_uuid(), uuid_send(gen_random_uuid()), 'For Ann', now(), now(), now(), :user_id)"
)
_IDENTITY = text(
    "INSERT INTO oidc_identities (user_id, issuer, subject, label, linked_at)"
    " VALUES (:user_id, 'https://id.example.org', gen_random_uuid(), 'ann', now())"
)


def _add_factors(session: Any, user_id: uuid.UUID) -> None:
    """Give the account one of each kind of second factor."""
    now = utc_now()
    session.add(Authenticator(user_id=user_id, sealed_secret=b"sealed", last_step=0, created_at=now))
    session.add(RecoveryCode(user_id=user_id, code_hash=b"hash", created_at=now))
    key = {"credential_id": user_id.bytes, "public_key": b"public", "sign_count": 0, "name": "Phone"}
    session.add(Passkey(user_id=user_id, created_at=now, **key))


def _id(email: str) -> Any:
    return select(User.id).where(User.email == email)


def _cook(session: Any, user_id: uuid.UUID) -> uuid.UUID:
    """Store a dish of the person's own and return its id."""
    with use_session(session):
        recipe = RecipeFactory(owner_id=user_id, title="Porridge of my own")
    session.add(RecipeIngredient(recipe_id=recipe.id, position=0, food_id="rolled-oats", grams=60))
    found: uuid.UUID = recipe.id
    return found


def _shop(person: Visitor) -> None:
    """Tick a food and something of one's own, write a note, put the aisles in order, and share the list."""
    days, item = {"from": "2026-11-23", "to": "2026-11-24"}, str(uuid.uuid4())
    person.post("/shopping/items", {**days, "id": item, "text": "Kitchen roll"})
    person.post("/shopping/", {**days, "tick": f"bought {item}"})
    person.post("/shopping/", {**days, "tick": "bought rolled-oats 500"})
    person.post("/shopping/foods/rolled-oats/note", {**days, "note": "The coarse ones"})
    person.post("/shopping/aisles", {"aisles": ["fruit", "vegetables"]})
    person.post("/shopping/shares/", {**days, "days": "7"})
    person.post("/calendar/")


def _ask_model(session: Any, user_id: uuid.UUID, menu_id: uuid.UUID) -> None:
    """Store a call that has ended, and a proposal that was dropped."""
    names = {"kind": "main", "title": "Stew of my own", "cuisine": "british", "main_protein": "beans"}
    session.add(Proposal(menu_id=menu_id, position=0, **names, dropped="The model wrote nothing."))
    call = Call(purpose="dish", system="Answer.", user="A dish.", schema_name="dish", schema={}, most_tokens=1)
    now = datetime.datetime.now(datetime.UTC)
    wanted = {"menu_id": menu_id, "call": call, "tokens": 9, "limits": Limits(), "now": now}
    outcome = BadOutput(why="No JSON.", sent="Answer. A dish.", received='No "dish".', seconds=0.5)
    spending.settle(session, spending.reserve(session, user_id, **wanted), outcome=outcome, now=now)


def _edit(session: Any, menu_id: uuid.UUID) -> None:
    with use_session(session):
        MenuEditFactory(menu_id=menu_id, after={str(uuid.uuid4()): {"note": "Ann comes too"}})
    now = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
    state = {"status": "done", "step": 1, "steps": 1, "message": "Your menu is balanced again."}
    session.add(Rebalancing(menu_id=menu_id, version=1, **state, requested_at=now))


Live = Callable[[Visitor], uuid.UUID]
