"""The audit log in the database."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mealplanner.audit import services as audit
from mealplanner.audit.events import BY, WORDS, Actor, Event, told
from mealplanner.client import Client, utc_now
from mealplanner.db import UnitOfWorkSession
from tests.rows import add_user


def client(**values: object) -> Client:
    return Client(now=utc_now(), address="203.0.113.7", **values)  # type: ignore[arg-type]


def test_an_entry_says_who_did_what_from_where(session: UnitOfWorkSession) -> None:
    user = add_user(session)
    audit.record(session, Event.SIGNED_IN, user.id, client(), browser="Firefox on Linux")
    audit.record(session, Event.ACCOUNT_DISABLED, user.id, actor=Actor.OPERATOR)
    closed, signed_in = audit.entries(session, user.id)
    assert (closed.event, closed.actor, closed.address) == ("account-disabled", "operator", None)
    assert (signed_in.event, signed_in.actor, signed_in.address) == ("signed-in", "self", "203.0.113.7")
    assert told(signed_in.event, signed_in.details) == "Signed in with Firefox on Linux"


def test_entries_are_never_changed(session: UnitOfWorkSession) -> None:
    user = add_user(session)
    audit.record(session, Event.SIGNED_OUT, user.id, client(), browser="Firefox")
    with pytest.raises(DBAPIError, match="rows of audit_entries are never changed"):
        session.execute(text("UPDATE audit_entries SET address = '198.51.100.1'"))


def test_every_page_goes_on_where_the_one_before_ended(session: UnitOfWorkSession) -> None:
    user = add_user(session)
    for _ in range(audit.PAGE + 2):
        audit.record(session, Event.PASSWORD_CHANGED, user.id, client())
    first = audit.entries(session, user.id)
    assert len(first) == audit.PAGE + 1
    second = audit.entries(session, user.id, before=first[audit.PAGE - 1].id)
    assert [entry.id for entry in second] == [first[-1].id, first[-1].id - 1]


def test_a_person_reads_only_their_own(session: UnitOfWorkSession) -> None:
    user, other = add_user(session), add_user(session, "other@example.org")
    audit.record(session, Event.PASSWORD_CHANGED, user.id, client())
    assert audit.entries(session, other.id) == []


def test_every_event_and_actor_has_words() -> None:
    assert set(WORDS) == set(Event)
    assert set(BY) == set(Actor)
    assert told("made-up-later", {}) == "Made up later"
