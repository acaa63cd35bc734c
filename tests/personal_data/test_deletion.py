"""The deletion of an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from mealplanner.auth import login
from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.job import generate
from mealplanner.storage.database import Database
from mealplanner.tasks import TASKS
from tests.personal_data.everything import Live, counted
from tests.post import Post
from tests.preferences.form import FORM
from tests.visitor import PASSWORD, Visitor

SURE = {"sure": "true", "present_password": PASSWORD}
Rows = Callable[..., list[tuple[Any, ...]]]


def delete(person: Visitor, **changes: str) -> int:
    """Send the form."""
    return person.post("/auth/account/delete", {**SURE, **changes}).status_code


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sure": ""}, "Tick this box to delete everything."),
        ({"sure": "false"}, "Tick this box to delete everything."),
        ({"present_password": "not what it was"}, "This is not your password."),
        ({"present_password": ""}, "Enter a password."),
    ],
)
def test_an_account_is_not_deleted_by_accident(
    person: Visitor, rows: Rows, changes: dict[str, str], message: str
) -> None:
    """It takes the tick and the password; looking at the page changes nothing."""
    assert person.get("/auth/account/delete").status_code == 200
    refused = person.post("/auth/account/delete", {**SURE, **changes})
    assert refused.status_code == 422
    assert message in refused.text
    assert rows("SELECT email FROM users") == [(person.email,)]


def test_nothing_is_left_of_the_person_in_any_table(visitor: Visitor, lived: Live, engine: Engine, rows: Rows) -> None:
    """Everything of other people stays."""
    user_id, other_id = lived(visitor), lived(other := Visitor(visitor.app, "other@example.org"))
    with engine.connect() as connection:
        assert all(counted(connection, user_id).values()), "a table that no test fills"
        of_the_other = counted(connection, other_id)
    assert delete(visitor) == 303
    with engine.connect() as connection:
        assert not any(counted(connection, user_id).values())
        assert counted(connection, other_id) == of_the_other
    assert other.get("/preferences").status_code == 200
    assert rows("SELECT count(*) > 0 FROM throttles") == [(True,)]


def test_no_row_names_the_person_any_more(visitor: Visitor, lived: Live, rows: Rows) -> None:
    """Neither by id nor by address, also where no foreign key leads; jobs that have ended are deleted later."""
    user_id = lived(visitor)
    tables = [table for (table,) in rows("SELECT relname FROM pg_stat_user_tables")]
    query = "SELECT found::text FROM {} AS found WHERE found::text ILIKE ANY (ARRAY[:id, :email])"

    def naming() -> dict[str, list[tuple[Any, ...]]]:
        names = {"id": f"%{user_id}%", "email": f"%{visitor.email}%"}
        unfinished = " AND status IN ('todo', 'doing')"
        found = {
            table: rows(query.format(table) + unfinished * (table == "procrastinate_jobs"), **names) for table in tables
        }
        return {table: lines for table, lines in found.items() if lines}

    assert {"users", "menus", "throttles", "procrastinate_jobs", "mails"} <= set(naming())
    assert delete(visitor) == 303
    assert naming() == {}


def test_jobs_that_waited_are_taken_back(visitor: Visitor, lived: Live, post: Post, rows: Rows) -> None:
    """No worker starts them, and no mail goes out."""
    lived(visitor)
    waiting = "SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY 1"
    assert rows(waiting) == [("auth.forgotten",), ("auth.mail",), ("menu.generate",)]
    assert delete(visitor) == 303
    assert rows(waiting) == []
    assert post.deliver() == []


def test_jobs_that_a_worker_has_already_find_nothing(
    visitor: Visitor, lived: Live, post: Post, database: Database, rows: Rows
) -> None:
    """Taken from the queue a moment before, they end without an error or a mail."""
    lived(visitor)
    jobs = rows("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
    assert delete(visitor) == 303
    for name, args in jobs:
        if name == "menu.generate":
            generate(JobContext(database=database), **args["arguments"])
        else:
            {task.name: task for task in TASKS}[name].run(post.context, **args["arguments"])
    assert post.deliver() == []
    assert rows("SELECT count(*) FROM menus") == [(0,)]


def test_a_deletion_that_fails_deletes_nothing(
    visitor: Visitor, lived: Live, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one transaction, jobs and counters included; the person is still signed in."""
    user_id = lived(visitor)
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"

    def state() -> tuple[object, ...]:
        with engine.connect() as connection:
            counters = connection.exec_driver_sql("SELECT count(*) FROM throttles").scalar()
            return counted(connection, user_id), counters, connection.exec_driver_sql(waiting).scalar()

    def fail(*_: object) -> None:
        raise RuntimeError("at the last moment")

    before = state()
    monkeypatch.setattr("mealplanner.auth.passwords.services.still_proven", fail)
    with pytest.raises(RuntimeError, match="at the last moment"):
        delete(visitor)
    assert state() == before
    assert visitor.get("/preferences").status_code == 200


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/auth/account/verify", {}),
        ("/auth/account/settings", {"time_zone": "UTC", "units": "metric"}),
        ("/auth/sign-out-everywhere", {}),
        ("/preferences", FORM),
        ("/menu/", {"start_date": "2026-11-23", "days": "2", "seed": "1"}),
    ],
)
def test_writing_while_the_account_is_deleted_ends_signed_out(
    person: Visitor, rows: Rows, monkeypatch: pytest.MonkeyPatch, path: str, form: dict[str, Any]
) -> None:
    """Deleted in another tab, say; nothing is left behind."""
    token = {"X-CSRFToken": person.token()}
    original = login.row_by_secret

    def found(*arguments: Any, **values: Any) -> Any:
        row = original(*arguments, **values)
        rows("DELETE FROM users")
        return row

    monkeypatch.setattr(login, "row_by_secret", found)
    answer = person.client.post(path, data=form, headers=token)
    assert answer.status_code == 401
    assert "You have been signed out." in answer.text
    assert rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'menu.generate'") == [(0,)]


def test_after_a_deletion_every_session_and_link_is_dead(person: Visitor, post: Post, rows: Rows) -> None:
    """The address is free again, and a new account finds nothing."""
    link = post.link()
    other = Visitor(person.app)
    other.sign_in()
    assert delete(person) == 303
    assert "Your account and everything in it is deleted." in person.get("/").text
    assert [visitor.get("/preferences").status_code for visitor in (person, other)] == [303, 303]
    assert Visitor(person.app).get(link).status_code == 404
    assert Visitor(person.app).sign_in().status_code == 401
    person.register()
    assert person.get("/menu/", json=True).get_json()["menus"] == []
    assert len(rows("SELECT 1 FROM users")) == 1
