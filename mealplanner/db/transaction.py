"""How the transaction of a unit of work begins on a connection, and how the connection is given back."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from mealplanner.db.current import refuse_second_connection
from mealplanner.db.read_only import read_only
from mealplanner.db.watch import TransactionWatch


def begin(source: Engine | Connection, *, writes: bool) -> TransactionWatch:
    """Take a connection from `source`, begin a transaction, and watch it. Without `writes`, PostgreSQL refuses them.

    On a connection, begin a savepoint in the transaction that is open on it.
    """
    if isinstance(source, Connection):
        return TransactionWatch(source, source.begin_nested() if source.in_transaction() else source.begin())
    refuse_second_connection(source)  # before waiting for it
    connection = source.connect()
    try:
        if not writes:
            read_only(connection)
        return TransactionWatch(connection, connection.begin())
    except BaseException:
        connection.close()
        raise


def give_back(watch: TransactionWatch, source: Engine | Connection) -> None:
    """Roll back what was not committed and give the connection back. One that other code ended is discarded."""
    if watch.ended_by is not None:
        discard(watch.connection)
    if watch.connection is source:
        watch.transaction.close()
    else:
        watch.connection.close()


def discard(connection: Connection) -> None:
    """Have the pool open another connection in place of this one. Other code, or a failed close, may have closed it."""
    if not connection.closed:
        connection.invalidate()
