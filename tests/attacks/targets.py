"""What is attacked: a temporary installation on loopback."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.storage.migrations import upgrade
from tests.faults.programs import Program
from tests.installation import Client, Installation, data_directory, free_port
from tests.waiting import eventually


@dataclass(frozen=True, slots=True)
class Target:
    """An installation: its name in the table, and where it answers."""

    name: str
    host: str
    port: int
    data: Path
    database_url: str

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def client(self) -> Client:
        """Return a visitor with cookies of their own."""
        return Client(self.address)


@contextmanager
def surroundings(port: int) -> Iterator[dict[str, str]]:
    """Yield settings that name a proxy, which lets an attack come from many addresses, and a mail server that accepts
    connections and never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(128)
        yield {
            "MEALPLANNER_TRUSTED_PROXIES": "1",
            "MEALPLANNER_BASE_URL": f"http://127.0.0.1:{port}",
            "SMTP_URL": f"smtp://127.0.0.1:{silent.getsockname()[1]}",
            "MAIL_FROM": "meals@example.org",
        }


@contextmanager
def up() -> Iterator[Target]:
    """Run `mealplanner up`, as on a laptop."""
    port = free_port()
    with data_directory() as data, surroundings(port) as settings:
        installation = Installation(data, port=port, **settings).await_ready()
        url = EmbeddedPostgres(data / "postgres").url().render_as_string()
        try:
            yield Target("up", "127.0.0.1", installation.port, data, url)
        finally:
            installation.stop()


@contextmanager
def production() -> Iterator[Target]:
    """Run gunicorn and a worker with a PostgreSQL of their own, as in docs/operations.md."""
    with ExitStack() as running:
        data = running.enter_context(data_directory())
        server = running.enter_context(EmbeddedPostgres(data / "postgres"))
        url = server.url().render_as_string()
        upgrade(url)
        port = free_port()
        settings = running.enter_context(surroundings(port)) | {
            "MEALPLANNER_ENV": "production",
            "MEALPLANNER_DATA_DIR": str(data),
            "MEALPLANNER_LOG_LEVEL": "WARNING",
            "DATABASE_URL": url,
            "SECRET_KEY": "only for attacks, and long enough",
        }
        web = ["-m", "gunicorn", "-c", "python:mealplanner.gunicorn", "-b", f"127.0.0.1:{port}", "wsgi:app"]
        logs = Path(running.enter_context(tempfile.TemporaryDirectory()))
        for name, arguments in (("web", web), ("worker", ["-m", "mealplanner", "worker"])):
            running.enter_context(Program(arguments, settings, logs / f"{name}.log"))
        target = Target("production", "127.0.0.1", port, data, url)
        eventually(lambda: _ready(target))
        yield target


def _ready(target: Target) -> bool:
    try:
        return target.client().get("/readyz")[0] == 200
    except OSError:
        return False


TARGETS = {"up": up, "production": production}
"""Name -> how it is started."""
