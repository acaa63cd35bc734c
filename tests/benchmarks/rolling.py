"""Upgrade two web servers behind HAProxy under load: `python -m tests.benchmarks.rolling`, from the root.

People open pages and change things without a pause while a migration is applied, each server is stopped with SIGTERM
and started again, and each is sent SIGHUP. Print how many requests ended how in each phase. The exit code is 1 if one
failed. Needs the `haproxy` command. Only loopback and a unix socket are used.
"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.storage.migrations import upgrade
from tests.benchmarks.balanced import DRAIN_SECONDS, FOLDERS, Load, free_ports, haproxy
from tests.faults.programs import Program
from tests.faults.remote import Remote
from tests.waiting import eventually

PROXY = """
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
    timeout check 10s
    option redispatch
frontend site
    bind 127.0.0.1:{port}
    default_backend servers
backend servers
    option httpchk GET /readyz
    http-check expect status 200
    default-server check inter 200ms fastinter 200ms fall 1 rise 1
    server one 127.0.0.1:{ports[0]}
    server two 127.0.0.1:{ports[1]}
"""


class Server:
    """One of the web servers, which is started again on the same port."""

    def __init__(self, url: str, port: int, folder: Path) -> None:
        self._settings = {
            "DATABASE_URL": url,
            "SECRET_KEY": "only for benchmarks, and long enough",
            "MEALPLANNER_DATA_DIR": str(folder),
            "MEALPLANNER_DRAIN_SECONDS": str(DRAIN_SECONDS),
            "MEALPLANNER_LENIENCY": "1000",
            "MEALPLANNER_TRUSTED_PROXIES": "0",
        }
        self._port, self._log = port, folder / f"{port}.log"
        self.program = self._start()

    def _start(self) -> Program:
        arguments = ["-m", "gunicorn", "-c", "python:mealplanner.gunicorn", "-b", f"127.0.0.1:{self._port}"]
        program = Program([*arguments, "--workers", "2", "--threads", "4"], self._settings, self._log)
        eventually(self._ready)
        return program

    def _ready(self) -> bool:
        try:
            return Remote(("127.0.0.1", self._port), "").get("/readyz").status == 200
        except OSError:
            return False

    def restart(self) -> None:
        """Stop it as a service manager does, and start it again."""
        self.program.send(signal.SIGTERM)
        assert self.program.exit_code() == 0, self.program.said()
        self.program = self._start()

    def reload(self) -> None:
        """Replace its processes."""
        self.program.send(signal.SIGHUP)


def main() -> int:
    """Run the trial."""
    if shutil.which("haproxy", path=FOLDERS) is None:
        print("This needs HAProxy, and there is no `haproxy` command.", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-rolling-"))
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        postgres = stack.enter_context(EmbeddedPostgres(folder / "postgres"))
        url = postgres.url().render_as_string(hide_password=False)
        upgrade(url)
        port, *ports = free_ports(3)
        servers = [Server(url, own, folder) for own in ports]
        for server in servers:
            stack.callback(lambda server=server: server.program.__exit__(None, None, None))
        (folder / "proxy.cfg").write_text(PROXY.format(port=port, ports=ports))
        stack.enter_context(haproxy(folder))
        eventually(lambda: _answers(port))
        load = stack.enter_context(Load(("127.0.0.1", port)))
        load.before_any_restart(url)
        for number, server in enumerate(servers, 1):
            with load.during(f"server {number} restarts"):
                server.restart()
        for number, server in enumerate(servers, 1):
            with load.during(f"server {number} reloads"):
                server.reload()
        load.stop()
        forgotten = load.forgotten()
    print(f"forgotten: {forgotten}")
    print(load.table())
    return int(load.lost() > 0 or forgotten != [])


def _answers(port: int) -> bool:
    try:
        return Remote(("127.0.0.1", port), "").get("/healthz").status == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
