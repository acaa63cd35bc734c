"""Units of work on SQLAlchemy and PostgreSQL; knows nothing of the application around it.

    units = UnitsOfWork(create_engine(url))
    units.run(lambda session: session.add(thing))

`docs/unit-of-work.md` explains the rules, with an application of thirty lines.
"""

from mealplanner.db.current import current_unit_of_work, in_transaction, second_connection
from mealplanner.db.errors import (
    NotTheOwner,
    OutcomeUnknown,
    OutsideScope,
    PendingWrites,
    SecondConnection,
    SwallowedFailure,
    TransactionOpen,
    UnitOfWorkError,
)
from mealplanner.db.observer import Observer
from mealplanner.db.runner import RetryPolicy, UnitsOfWork
from mealplanner.db.session import UnitOfWorkSession, named, read, savepoint
from mealplanner.db.unit_of_work import State, UnitOfWork

__all__ = [
    "NotTheOwner",
    "Observer",
    "OutcomeUnknown",
    "OutsideScope",
    "PendingWrites",
    "RetryPolicy",
    "SecondConnection",
    "State",
    "SwallowedFailure",
    "TransactionOpen",
    "UnitOfWork",
    "UnitOfWorkError",
    "UnitOfWorkSession",
    "UnitsOfWork",
    "current_unit_of_work",
    "in_transaction",
    "named",
    "read",
    "savepoint",
    "second_connection",
]
