"""Reading the state of the site. Each statement reads the newest few rows, or what an index singles out."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from mealplanner.admin.values import (
    AccountsPage,
    FailedJob,
    FailedMail,
    Lane,
    ListedAccount,
    LiveWorker,
    Overview,
    Spending,
)
from mealplanner.auth.models import User
from mealplanner.auth.operators.models import Operator
from mealplanner.auth.signing_in.models import SignIn
from mealplanner.jobs.figures import JOBS
from mealplanner.jobs.lanes import LANES, lane_of
from mealplanner.mail.models import Mail
from mealplanner.spending.models import Budget

NEWEST: Final = 20
MONTHS: Final = 3
PAGE: Final = 50

_LANES = text(JOBS)

_WORKERS = text("""
    SELECT id, host, pid, lanes, last_heartbeat AS heartbeat,
        (SELECT count(*) FROM procrastinate_jobs WHERE worker_id = procrastinate_workers.id AND status = 'doing')
            AS running
    FROM procrastinate_workers JOIN queue_workers ON worker_id = id
    WHERE last_heartbeat > now() - interval '1 hour' ORDER BY host, pid
""")

_FAILED_JOBS = text("""
    SELECT id, task_name AS task, attempts, args->>'request_id' AS request_id,
        (SELECT max(at) FROM procrastinate_events WHERE job_id = procrastinate_jobs.id) AS at
    FROM procrastinate_jobs WHERE status = 'failed' ORDER BY id DESC LIMIT :newest
""")

_last_sign_in = select(func.max(SignIn.at)).where(SignIn.user_id == User.id, SignIn.succeeded).scalar_subquery()

_ACCOUNTS: Final[Select[*tuple[Any, ...]]] = select(
    User.id,
    User.email,
    User.created_at,
    User.verified_at.is_not(None).label("verified"),
    User.disabled_at.is_not(None).label("disabled"),
    Operator.user_id.is_not(None).label("operator"),
    _last_sign_in.label("last_sign_in"),
    User.email_key,
).join_from(User, Operator, isouter=True)


def overview(session: Session) -> Overview:
    """Return the state of the site."""
    return Overview(
        lanes=_lanes(session),
        workers=[LiveWorker(**row._mapping) for row in session.execute(_WORKERS)],
        failed_jobs=[FailedJob(**row._mapping) for row in session.execute(_FAILED_JOBS, {"newest": NEWEST})],
        failed_mails=_failed_mails(session),
        spending=_spending(session),
    )


def accounts(session: Session, *, begins: str, after: str) -> AccountsPage:
    """Return the accounts whose address begins with `begins`, in order and from the one after the address `after`."""
    found = _ACCOUNTS.where(User.email_key > after).order_by(User.email_key).limit(PAGE + 1)
    if begins:
        found = found.where(User.email_key.startswith(begins, autoescape=True))
    rows = session.execute(found).all()
    names = [field.name for field in fields(ListedAccount)]
    listed = [ListedAccount(**{name: getattr(row, name) for name in names}) for row in rows[:PAGE]]
    return AccountsPage(accounts=listed, after=rows[PAGE - 1].email_key if len(rows) > PAGE else None)


def _lanes(session: Session) -> list[Lane]:
    """Return every lane, whether it has jobs or not, and queues that belong to none."""
    found = {lane_of(row.queue_name): row for row in session.execute(_LANES)}
    empty = {name: Lane(name=name, waiting=0, running=0, postponed=0, oldest=0.0) for name in LANES}
    busy = {
        name: Lane(name=name, waiting=row.waiting, running=row.running, postponed=row.postponed, oldest=row.oldest)
        for name, row in found.items()
    }
    return list({**empty, **busy}.values())


def _failed_mails(session: Session) -> list[FailedMail]:
    columns = [getattr(Mail, field.name) for field in fields(FailedMail)]
    query = select(*columns).where(Mail.status.in_(("failed", "unknown"))).order_by(Mail.created_at.desc())
    return [FailedMail(**row._mapping) for row in session.execute(query.limit(NEWEST))]


def _spending(session: Session) -> list[Spending]:
    query = select(Budget.month, Budget.spent.label("tokens"), Budget.cost).where(Budget.user_id.is_(None))
    return [Spending(**row._mapping) for row in session.execute(query.order_by(Budget.month.desc()).limit(MONTHS))]
