"""Run the commands of docs/operations.md with an installed mealplanner: `python -m tests.runbook FOLDER`.

FOLDER has the programs of the environment that the wheel is installed in. Commands run in the order of the page, in an
empty folder and with no settings but those that the page exports; a command that fails ends this. What only systemd can
run is listed, and a command of any other kind is an error: say here how it is run.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import psycopg

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from tests.installation import free_port
from tests.waiting import eventually

PAGE = Path(__file__).resolve().parents[1] / "docs/operations.md"

PROGRAMS = ("mealplanner", "gunicorn", "alembic", "export", "sed")
SYSTEMD = ("systemctl", "journalctl", "useradd", "install", "cp", "python3 -m venv /opt", "/opt/mealplanner")
NO_COMMANDS = ("scrape_configs:", "[Definition]", "[mealplanner]")
"""How blocks of settings for other programs begin."""

SERVERS = ("gunicorn", "mealplanner worker")
LAST = ("mealplanner user delete",)


def commands(page: str) -> Iterator[str]:
    """Yield the commands of the page: those in blocks, those in tables, and what the text says of Alembic."""
    for part in re.split(r"\n\n", page):
        lines = part.splitlines()
        if all(line.startswith("    ") for line in lines) and lines:
            if not lines[0].strip().startswith(NO_COMMANDS):
                yield from (line.strip() for line in lines)
        else:
            yield from re.findall(r"^\| `((?:mealplanner|gunicorn) [^`]+)` \|", part, re.MULTILINE)
            yield from re.findall(r"`(alembic -c [^`]+)`", part)


class Machine:
    """A folder to run commands in, with what they need in place of the examples of the page."""

    def __init__(self, programs: Path, folder: Path, urls: Mapping[str, str]) -> None:
        self._folder, self._urls = folder, urls
        self._port, self._metrics = free_port(), free_port()
        self._environment = {
            "PATH": f"{programs}:/usr/bin:/bin",
            "HOME": str(folder),
            "MEALPLANNER_DATA_DIR": str(folder / "data"),
        }
        self._invitation = ""

    def run(self, line: str) -> None:
        """Run a command of the page. Raise `CalledProcessError` when it fails."""
        command = self._filled_in(line)
        if line.startswith("export "):
            self._environment |= dict(pair.split("=", 1) for pair in command.removeprefix("export ").split())
        elif line.startswith(SERVERS):
            self._serve(command)
        else:
            said = self._ended(command, "restored" if line == "mealplanner restore FILE" else "main")
            if line.startswith("mealplanner invitation list"):
                self._invitation = said.split()[0]

    def _filled_in(self, line: str) -> str:
        examples = {
            "postgresql://...": self._urls["main"],
            "SECRET_KEY=...": "SECRET_KEY=a-long-text-that-is-random-enough",
            "0.0.0.0:8000": f"127.0.0.1:{self._port}",
            "9101": str(self._metrics),
            "EMAIL": "ann@example.org",
            "FILE": "mealplanner.dump",
            " ID": f" {self._invitation}",
            "/etc/mealplanner.env": "mealplanner.env",
        }
        for example, here in examples.items():
            line = line.replace(example, here)
        return line

    def _ended(self, command: str, database: str) -> str:
        environment = {**self._environment, "DATABASE_URL": self._urls[database]}
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self._folder, env=environment, input="y\n", capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
        return done.stdout

    def _serve(self, command: str) -> None:
        """Start a server, wait until it listens, and stop it as a service manager does."""
        port = self._metrics if "worker" in command else self._port
        with (self._folder / "said").open("wb") as said:
            server = subprocess.Popen(
                ["bash", "-c", f"exec {command}"], cwd=self._folder, env=self._environment, stdout=said, stderr=said
            )
        eventually(lambda: _listens(port) or server.poll() is not None, command)
        server.send_signal(signal.SIGTERM)
        if server.wait() != 0:
            raise subprocess.CalledProcessError(server.returncode, command, (self._folder / "said").read_text(), "")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def main() -> int:
    """Run them all, and print each."""
    programs = Path(sys.argv[1]).resolve()
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-runbook-"))
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(EmbeddedPostgres(folder / "server"))
        with psycopg.connect(server.url().render_as_string(False).replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute("CREATE DATABASE restored")
        names = {"main": "mealplanner", "restored": "restored"}
        urls = {key: server.url().set(database=name).render_as_string(False) for key, name in names.items()}
        (folder / "mealplanner.env").write_text("USE_NEW_CONNECTION_HANDLING=false\n")
        machine = Machine(programs, folder, urls)
        found = sorted(commands(PAGE.read_text()), key=lambda line: line.startswith(LAST))
        for line in found:
            if line.startswith(SYSTEMD):
                print(f"only with systemd: {line}", flush=True)
            elif not line.startswith(PROGRAMS):
                print(f"how is this run? {line}", file=sys.stderr)
                return 1
            else:
                try:
                    machine.run(line)
                except subprocess.CalledProcessError as error:
                    print(f"failed: {line}\n{error.stdout}\n{error.stderr}", file=sys.stderr)
                    return 1
                print(f"ran: {line}", flush=True)
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
