"""Each part of `mealplanner up` is killed in each phase: it comes back, or `up` ends with an error and leaves none."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from mealplanner.embedded_postgres.data_folder import postmaster
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from tests.embedded_postgres.visitors import ask
from tests.installation import Client, Installation, data_directory, kill, postgres_of
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.process

Part = Callable[[Installation], psutil.Process | None]


def database(installation: Installation) -> psutil.Process | None:
    """Return the postmaster."""
    return postmaster(installation.data / "postgres/data")


def web(installation: Installation) -> psutil.Process | None:
    """Return gunicorn's own process."""
    return _child(installation, "gunicorn")


def worker(installation: Installation) -> psutil.Process | None:
    """Return the worker for the queue."""
    return _child(installation, "worker")


def _child(installation: Installation, word: str) -> psutil.Process | None:
    for child in psutil.Process(installation.process.pid).children():
        with suppress(psutil.Error):  # it may have ended, or not have begun to be that child
            if {word, "mealplanner.cli.child"} <= set(child.cmdline()):
                return child
    return None


@pytest.fixture
def installation() -> Iterator[Installation]:
    """Begin to start an installation; nothing of it is left after the test."""
    with data_directory() as folder:
        starting = Installation(folder)
        yield starting
        if starting.process.poll() is None:
            starting.kill_all()
        starting.close()
        kill(postgres_of(folder))


def part_of(installation: Installation, part: Part) -> psutil.Process:
    """Wait until `part` runs, and return its process."""
    found = eventually(lambda: part(installation), part.__name__)
    assert isinstance(found, psutil.Process)
    return found


def replaced(installation: Installation, part: Part, before: psutil.Process) -> None:
    """Wait until another process has taken the place of `before`."""
    eventually(lambda: part_of(installation, part) != before, f"another {part.__name__}")


def ready(installation: Installation) -> bool:
    """Return whether it answers that it is ready."""
    return Client(installation.address).get("/readyz")[0] == 200


def everything(installation: Installation) -> list[psutil.Process]:
    """Return all its processes, which are all expected to end."""
    return [*installation.processes(), *postgres_of(installation.data)]


def assert_nothing_left(installation: Installation, family: list[psutil.Process]) -> None:
    """Check that every process has ended, the database's included."""
    assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []
    assert postgres_of(installation.data) == []


@pytest.mark.parametrize("part", [database, worker])
def test_a_part_that_is_killed_while_serving_comes_back(installation: Installation, part: Part) -> None:
    """`up` stays, people stay signed in, and what was stored is there."""
    installation.await_ready()
    client = Client(installation.address)
    assert client.post("/auth/register", {"email": "eva@example.org", "password": "correct horse battery"})[0] == 200
    for _ in range(2):
        before = part_of(installation, part)
        before.kill()
        replaced(installation, part, before)
        eventually(lambda: ready(installation), "the application to be ready")
    assert client.json("/auth/account")["email"] == "eva@example.org"
    assert installation.stop() == 0


def test_every_process_of_the_database_may_be_killed(installation: Installation) -> None:
    installation.await_ready()
    before = part_of(installation, database)
    kill(postgres_of(installation.data / "postgres"))
    replaced(installation, database, before)
    eventually(lambda: ready(installation), "the application to be ready")
    assert installation.stop() == 0


def test_a_web_server_that_is_killed_while_serving_ends_everything(installation: Installation) -> None:
    """The exit code tells a service manager to start it again."""
    installation.await_ready()
    family = everything(installation)
    part_of(installation, web).kill()
    assert installation.process.wait(PATIENCE) == 1
    assert_nothing_left(installation, family)


@pytest.mark.parametrize("part", [database, worker])
def test_a_part_that_is_killed_while_starting_comes_back(installation: Installation, part: Part) -> None:
    """The web server is held, so that the start is not over when the part is killed."""
    held = part_of(installation, web)
    held.suspend()
    before = part_of(installation, part)
    before.kill()
    replaced(installation, part, before)
    held.resume()
    installation.await_ready()
    assert installation.stop() == 0


def test_a_web_server_that_is_killed_while_starting_ends_everything(installation: Installation) -> None:
    part_of(installation, web).kill()
    assert installation.process.wait(PATIENCE) == 1
    assert_nothing_left(installation, [])
    assert "did not start" in installation.said()


@pytest.mark.parametrize(("part", "held"), [(database, worker), (web, worker), (worker, web)])
def test_a_part_that_is_killed_while_stopping_does_not_hinder_it(
    installation: Installation, part: Part, held: Part
) -> None:
    """Another part is held, so that the stop is not over when the part is killed."""
    installation.await_ready()
    family = everything(installation)
    holding, killed = part_of(installation, held), part_of(installation, part)
    holding.suspend()
    installation.process.send_signal(signal.SIGTERM)
    if part is database:
        eventually(lambda: web(installation) is None, "the stop to begin")
    killed.kill()
    holding.resume()
    assert installation.process.wait(PATIENCE) == 0
    assert_nothing_left(installation, family)


def test_everything_ends_with_an_up_that_is_killed(installation: Installation) -> None:
    """The worker, once it runs, is the last user of the database and stops it."""
    installation.await_ready()
    server = EmbeddedPostgres(installation.data / "postgres")
    running = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mealplanner-queue'"
    eventually(lambda: ask(server, running), "the worker to run")
    family = everything(installation)
    installation.process.kill()
    installation.process.wait()
    assert_nothing_left(installation, family)


def test_the_next_start_takes_over_from_an_up_that_is_killed(installation: Installation) -> None:
    """On the same port, while the children of the first still end."""
    installation.await_ready()
    children = [process for process in installation.processes() if process.pid != installation.process.pid]
    client = Client(installation.address)
    assert client.post("/auth/register", {"email": "eva@example.org", "password": "correct horse battery"})[0] == 200
    installation.process.kill()
    installation.process.wait()
    following = Installation(installation.data, port=installation.port).await_ready()
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
    eventually(lambda: ready(following), "the application to be ready")
    assert client.json("/auth/account")["email"] == "eva@example.org"
    family = everything(following)
    assert following.stop() == 0
    assert_nothing_left(following, family)


def test_two_on_one_database_do_not_take_it_from_each_other(installation: Installation) -> None:
    """The one that is stopped, or killed, may be the one that started it."""
    installation.await_ready()
    second, third = (Installation(installation.data).await_ready() for _ in range(2))
    assert second.stop() == 0
    installation.kill_all()
    assert ready(third)
    assert third.stop() == 0
    assert postgres_of(installation.data) == []


def test_what_up_says_when_the_database_is_away(tmp_path: Path) -> None:
    """A sentence with the reason, without the password."""
    url = f"postgresql://me:secret@/db?host={tmp_path}"
    refused = Installation(tmp_path, DATABASE_URL=url)
    assert refused.process.wait(PATIENCE) == 1
    said = refused.said()
    refused.close()
    assert "Error: The database does not answer: " in said
    assert "Traceback" not in said
    assert "secret" not in said
    assert os.fspath(tmp_path) in said
