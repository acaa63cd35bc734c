"""Which promises to a person the stored rows break: pure functions of what was answered and of what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from tests.benchmarks.soak_ledger import Account, Outcome

MAY_BE_STORED = (Outcome.KEPT, Outcome.UNKNOWN)
IN_FLIGHT = ("queued", "running")


def broken_registration(account: Account, *, there: bool) -> Iterator[str]:
    """An account is there if the person was welcomed, and only if they may have been."""
    if Outcome.KEPT in account.registrations and not there:
        yield f"{account.email} was welcomed and is not there"
    if there and not any(outcome in MAY_BE_STORED for outcome in account.registrations):
        yield f"{account.email} was never welcomed and is there"


def broken_preferences(account: Account, *, version: int, marks: Collection[str]) -> Iterator[str]:
    """Each save that was answered counts as one version, a refused one as none, and the newest is what is read."""
    count = Counter(save.outcome for save in account.saves)
    least, most = count[Outcome.KEPT], count[Outcome.KEPT] + count[Outcome.UNKNOWN]
    if not least <= version <= most:
        yield f"{account.email} has version {version} after {least} to {most} saves"
    if not set(marks) <= {save.mark for save in account.saves if save.outcome in MAY_BE_STORED}:
        yield f"{account.email} has {marks}, which was refused"
    for save in account.saves:
        if save.outcome is Outcome.KEPT and save.version == version and save.mark not in marks:
            yield f"{account.email} was told that {save.mark} is stored and has {marks}"


def broken_menus(account: Account, there: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Menus that were asked for are there, deleted ones are not, refused ones never were, cancelled ones stand still.

    `there` are the person's menus: id -> `key` and `status`.
    """
    tried = {menu for menu, outcome in account.deletes if outcome in MAY_BE_STORED}
    gone = {menu for menu, outcome in account.deletes if outcome is Outcome.KEPT}
    keys = {ask.key for ask in account.asks if ask.outcome in MAY_BE_STORED}
    yield from (f"menu {menu} was promised and is not there" for menu in account.menus() - tried - set(there))
    yield from (f"menu {menu} was deleted and is there" for menu in gone & set(there))
    yield from (f"menu {menu} was refused and is there" for menu, row in there.items() if row["key"] not in keys)
    stopped = {menu for menu, outcome in account.cancels if outcome is Outcome.KEPT}
    yield from (f"menu {menu} was cancelled and goes on" for menu in stopped if _in_flight(there.get(menu)))


def _in_flight(row: Mapping[str, str] | None) -> bool:
    return row is not None and row["status"] in IN_FLIGHT
