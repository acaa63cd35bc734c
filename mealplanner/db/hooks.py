"""What runs around a decision: before the commit, after it, and whatever it was."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine

from mealplanner.db.observer import HookKind, Observer

Write = Callable[[Connection], object]


class Hooks:
    """The hooks of one unit of work. What fails is reported to `observer` and keeps nothing else from running."""

    def __init__(self, observer: Observer) -> None:
        self.before_commit: list[Callable[[], object]] = []
        self.after_commit: list[Callable[[], object]] = []
        self.always: list[Write] = []
        self._observer = observer

    def run_before_commit(self) -> None:
        """Run them inside the transaction; the first that raises ends it."""
        for hook in self.before_commit:
            hook()

    def run_after_commit(self) -> None:
        """Run them in order."""
        self._run("after_commit", self.after_commit)

    def run_always(self, bind: Engine | Connection) -> None:
        """Make the writes, once, each in a transaction of its own on one connection."""
        writes, self.always = self.always, []
        if not writes:
            return
        if isinstance(bind, Connection):
            self._write(writes, bind)
            return
        try:
            connection = bind.connect()
        except Exception:
            for _ in writes:
                self._observer.hook_failed("always")
            return
        with connection:
            self._write(writes, connection)

    def _write(self, writes: Sequence[Write], connection: Connection) -> None:
        self._run("always", [functools.partial(_write_alone, write, connection) for write in writes])

    def _run(self, kind: HookKind, hooks: Sequence[Callable[[], object]]) -> None:
        """Run all of `hooks`; raise at the end what was to end the process, such as `SystemExit`."""
        interruption: BaseException | None = None
        for hook in hooks:
            try:
                hook()
            except Exception:
                self._observer.hook_failed(kind)
            except BaseException as error:
                interruption = interruption or error
        if interruption is not None:
            raise interruption


def _write_alone(write: Write, connection: Connection) -> None:
    with connection.begin_nested() if connection.in_transaction() else connection.begin():
        write(connection)
