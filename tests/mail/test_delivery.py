"""One event makes one mail, through refusals, crashes and duplicates, with no connection held meanwhile."""

from __future__ import annotations

import dataclasses
import logging
import os
import smtplib
import socket
import stat
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mealplanner.config import Config
from mealplanner.errors import Unavailable
from mealplanner.jobs.tasks import Task
from mealplanner.mail import delivery, outbox
from mealplanner.mail.delivery import deliver, give_up
from mealplanner.mail.emails import EmailContent
from mealplanner.mail.errors import NotTaken, Silent
from mealplanner.mail.outbox import MailValue
from mealplanner.storage.database import Database
from tests.conftest import assert_nothing_held
from tests.factories import UserFactory, use_session
from tests.jobs.workers import QUICK, WorkerThread
from tests.mail.conftest import LETTER, Lend, Rows, write
from tests.mail.servers import DROP, MailServer, unhelpful_server
from tests.waiting import PATIENCE, eventually

STATUS = "SELECT status, error FROM mails"


def test_a_mail_is_sent_once_however_often_its_job_runs(posted: uuid.UUID, lend: Lend, rows: Rows) -> None:
    with MailServer() as server:
        for _ in range(3):
            deliver(lend(server), posted, write)
    (mail,) = server.mails
    assert (mail["To"], mail["Subject"]) == ("person@example.org", LETTER.subject)
    assert mail["Message-ID"] == f"<{posted}@example.org>"
    assert rows("SELECT status, error, finished_at IS NOT NULL FROM mails") == [("sent", None, True)]


def test_no_connection_is_held_while_the_mail_server_is_talked_to(
    posted: uuid.UUID, lend: Lend, database: Database, admin: Engine
) -> None:
    """Checked while the server thinks about the mail, on either side of the flag."""
    looked: list[bool] = []

    def look() -> None:
        assert_nothing_held(database, admin)
        looked.append(True)

    with MailServer() as server:
        server.before_end = look
        deliver(lend(server), posted, write)
    assert looked == [True]
    assert len(server.mails) == 1


def test_mails_that_wait_behind_a_silent_server_fail_at_once(
    posted: uuid.UUID, lend: Lend, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them waits for the server; the others go back to the queue, and other jobs go on."""
    delivery._circuit.cache_clear()
    reached, over = Event(), Event()
    original = smtplib.SMTP.getreply

    def getreply(conversation: smtplib.SMTP) -> tuple[int, bytes]:
        reached.set()
        assert over.wait(PATIENCE)
        conversation.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]  # as at its deadline
        return original(conversation)

    monkeypatch.setattr(smtplib.SMTP, "getreply", getreply)
    with unhelpful_server(drip=False) as server, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(deliver, lend(server), posted, write)
        assert reached.wait(PATIENCE)
        rows("UPDATE mails SET status = 'waiting'")
        with pytest.raises(NotTaken, match="other mails are being handed to the mail server"):
            deliver(lend(server), posted, write)
        over.set()
        with pytest.raises(Silent):
            waiting.result(PATIENCE)
        with pytest.raises(NotTaken, match="did not answer a moment ago; it is asked again in"):
            deliver(lend(server), posted, write)
    assert rows(STATUS) == [("waiting", None)]
    delivery._circuit.cache_clear()


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
def test_a_mail_that_is_to_come_later_waits_for_the_next_attempt(
    posted: uuid.UUID, lend: Lend, rows: Rows, step: str
) -> None:
    """Then it is sent as the same event."""
    with MailServer() as server:
        server.answers = {step: "451 later"}
        with pytest.raises(NotTaken):
            deliver(lend(server), posted, write)
        assert rows(STATUS) == [("waiting", None)]
        deliver(lend(server), posted, write)
    assert [mail["Message-ID"] for mail in server.mails] == [f"<{posted}@example.org>"]
    assert rows(STATUS) == [("sent", None)]


def test_a_mail_that_is_refused_for_good_is_not_tried_again(
    posted: uuid.UUID, lend: Lend, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    """The server's words are stored and logged."""
    with MailServer() as server:
        server.answers = {"RCPT": "550 5.1.1 nobody of that name"}
        deliver(lend(server), posted, write)
        deliver(lend(server), posted, write)
    assert server.mails == []
    assert rows(STATUS) == [("failed", "the mail server said: 550 5.1.1 nobody of that name")]
    assert "nobody of that name" in caplog.text


def test_a_mail_of_unknown_outcome_is_not_sent_again(
    posted: uuid.UUID, lend: Lend, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    """The server took it and broke the connection: a second one would be a duplicate."""
    with MailServer() as server:
        server.answers = {"END": DROP}
        deliver(lend(server), posted, write)
        deliver(lend(server), posted, write)
    assert len(server.mails) == 1
    ((status, error),) = rows(STATUS)
    assert status == "unknown"
    assert error in caplog.text


def test_a_worker_that_dies_while_it_sends_leaves_an_unknown_outcome(posted: uuid.UUID, lend: Lend, rows: Rows) -> None:
    """The next run of the job sends nothing."""
    rows("UPDATE mails SET status = 'sending', token = gen_random_uuid()")
    with MailServer() as server:
        deliver(lend(server), posted, write)
    assert server.envelopes == []
    assert rows(STATUS) == [("unknown", "the worker died while it sent this")]


def test_a_worker_that_dies_before_leaves_the_mail_to_the_next(posted: uuid.UUID, lend: Lend, rows: Rows) -> None:
    """Its token is replaced."""
    rows("UPDATE mails SET token = gen_random_uuid()")
    with MailServer() as server:
        deliver(lend(server), posted, write)
    assert len(server.mails) == 1
    assert rows(STATUS) == [("sent", None)]


class Handed:
    """A transport that does something at the last moment, and records what was handed over."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = meanwhile
        self.mails: list[EmailMessage] = []

    def __call__(self, message: EmailMessage, *, handing_over: Callable[[], None]) -> None:
        """Hand the mail over, if that is still allowed."""
        self.meanwhile()
        handing_over()
        self.mails.append(message)


def test_of_two_workers_with_one_mail_one_sends_it(posted: uuid.UUID, lend: Lend, rows: Rows) -> None:
    """The slower one finds at the last moment that the mail was taken over."""
    quick = Handed(lambda: None)
    slow = Handed(lambda: deliver(lend(None), posted, write, transport=quick))
    deliver(lend(None), posted, write, transport=slow)
    assert (len(quick.mails), len(slow.mails)) == (1, 0)
    assert rows(STATUS) == [("sent", None)]


@pytest.mark.parametrize(
    ("meanwhile", "left"),
    [("UPDATE mails SET status = 'dropped'", [("dropped", None)]), ("DELETE FROM users", [])],
)
def test_a_mail_that_is_dropped_or_deleted_at_the_last_moment_is_not_sent(
    posted: uuid.UUID, lend: Lend, rows: Rows, meanwhile: str, left: list[tuple[str, None]]
) -> None:
    transport = Handed(lambda: rows(meanwhile))
    deliver(lend(None), posted, write, transport=transport)
    assert transport.mails == []
    assert rows(STATUS) == left


def test_a_database_that_is_away_at_the_last_moment_delays_the_mail(
    posted: uuid.UUID, lend: Lend, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is handed over that cannot be recorded."""

    def away(_session: Session, **_: object) -> None:
        raise Unavailable

    transport = Handed(lambda: None)
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "begin_sending", away)
        with pytest.raises(Unavailable):
            deliver(lend(None), posted, write, transport=transport)
    assert (transport.mails, rows(STATUS)) == ([], [("waiting", None)])
    deliver(lend(None), posted, write, transport=transport)
    assert (len(transport.mails), rows(STATUS)) == (1, [("sent", None)])


def test_a_mail_with_nothing_to_say_is_dropped(posted: uuid.UUID, lend: Lend, rows: Rows) -> None:
    """What it was to report is out of date."""
    transport = Handed(lambda: None)
    deliver(lend(None), posted, lambda _session, _mail: None, transport=transport)
    assert (transport.mails, rows(STATUS)) == ([], [("dropped", None)])


def test_what_is_written_for_a_mail_is_stored_before_it_is_sent(posted: uuid.UUID, lend: Lend, rows: Rows) -> None:
    """So a link works from the moment it arrives."""

    def rename(session: Session, mail: MailValue) -> EmailContent:
        with use_session(session):
            UserFactory(email="other@example.org")
        return dataclasses.replace(LETTER, subject=mail.kind)

    stored: list[list[tuple[object, ...]]] = []
    transport = Handed(lambda: stored.append(rows("SELECT email FROM users ORDER BY email")))
    deliver(lend(None), posted, rename, transport=transport)
    assert stored == [[("other@example.org",), ("person@example.org",)]]
    assert transport.mails[0]["Subject"] == "week"


def test_giving_up_is_stored_and_logged(
    posted: uuid.UUID, lend: Lend, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    """In the row and in the log, with the last error; a mail that was sent in the meantime stays sent."""
    context = dataclasses.replace(lend(None), error=NotTaken("the mail server said: 451 later"))
    give_up(context, posted)
    assert rows(STATUS) == [("failed", "the mail server said: 451 later")]
    assert "451 later" in caplog.text
    rows("UPDATE mails SET status = 'sent', error = NULL")
    give_up(lend(None), posted)
    assert rows(STATUS) == [("sent", None)]


def test_an_attempt_that_was_replaced_gives_up_nothing(posted: uuid.UUID, lend: Lend, rows: Rows) -> None:
    """The other attempt may be sending the mail right now."""
    give_up(dataclasses.replace(lend(None), is_current=lambda _session: False), posted)
    assert rows(STATUS) == [("waiting", None)]


def test_without_a_mail_server_mail_is_a_file_for_the_operator(
    posted: uuid.UUID, lend: Lend, rows: Rows, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Only the operator can read it, and the link is in the log."""
    deliver(lend(None), posted, write)
    (file,) = (tmp_path / "data" / "mail").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert file.name.endswith(f"-week-{posted}.eml")
    mail = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default)
    assert (mail["From"], mail["To"]) == ("Meals <meals@example.org>", "person@example.org")
    (line,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert str(file) in line.message
    assert LETTER.link is not None
    assert LETTER.link in line.message
    assert rows(STATUS) == [("sent", None)]


def test_a_folder_that_cannot_be_written_delays_the_mail(
    posted: uuid.UUID, lend: Lend, rows: Rows, tmp_path: Path
) -> None:
    """The operator can repair it within the hour."""
    (tmp_path / "data").write_text("no folder")
    with pytest.raises(NotTaken, match="cannot be kept"):
        deliver(lend(None), posted, write)
    assert rows(STATUS) == [("waiting", None)]
    os.unlink(tmp_path / "data")
    deliver(lend(None), posted, write)
    assert rows(STATUS) == [("sent", None)]


@pytest.mark.usefixtures("posted")
def test_dropping_takes_back_what_waits_and_its_job(database: Database, rows: Rows) -> None:
    """Of the kinds that are named; what was sent stays sent."""
    ((user_id,),) = rows("SELECT user_id FROM mails")
    database.run(lambda session: outbox.drop(session, user_id, kinds=("verify",)))
    assert rows("SELECT status::text FROM procrastinate_jobs") == [("todo",)]
    database.run(lambda session: outbox.drop(session, user_id))
    assert rows(STATUS) == [("dropped", None)]
    assert rows("SELECT status::text FROM procrastinate_jobs") == [("cancelled",)]
    rows("UPDATE mails SET status = 'sent'")
    database.run(lambda session: outbox.drop(session, user_id))
    assert rows(STATUS) == [("sent", None)]


@pytest.mark.usefixtures("posted")
def test_mails_of_long_ago_are_forgotten(database: Database, rows: Rows) -> None:
    """When the next one is stored."""
    ((user_id,),) = rows("UPDATE mails SET created_at = now() - interval '91 days' RETURNING user_id")
    task = Task(name="mail.test", run=lambda _context, **_: None)
    database.run(lambda session: outbox.post(session, task, user_id=user_id, kind="new", recipient="a@example.org"))
    assert rows("SELECT kind FROM mails") == [("new",)]


def test_a_worker_tries_until_the_server_takes_the_mail(posted: uuid.UUID, lend: Lend, rows: Rows) -> None:
    """End to end: a job, a refusal, a pause, one mail."""
    task = Task(
        name="mail.test", attempts=3, run=lambda context, mail_id: deliver(context, uuid.UUID(mail_id), write)
    )  # fmt: skip
    with MailServer() as server:
        server.answers = {"END": "451 later"}
        context = lend(server)
        config: Config = context.config
        with WorkerThread(config, [task], QUICK, {task.queue: 1}):
            eventually(lambda: rows(STATUS) == [("sent", None)])
    assert [mail["Message-ID"] for mail in server.mails] == [f"<{posted}@example.org>"]
    assert rows("SELECT attempts, status::text FROM procrastinate_jobs") == [(2, "succeeded")]
