"""Other users of the machine: none of them reads the database of `up`."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator

from tests.attacks.result import Finding
from tests.attacks.targets import Target

PROGRAM = """
import os, sys, psycopg
os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
try:
    with psycopg.connect(sys.argv[1]) as connection:
        print("read", connection.execute("SELECT count(*) FROM users").fetchone()[0], "hashes")
except psycopg.Error as error:
    print("refused")
"""


def attack(target: Target) -> Iterator[Finding]:
    """Connect as `nobody` and as `daemon`, as far as this may be tried."""
    if os.geteuid() != 0:
        yield Finding("other users", "needs root to be another user", "not tried", "-", True)
        return
    url = target.database_url.replace("postgresql+psycopg://", "postgresql://")
    for name in ("nobody", "daemon"):
        command = [sys.executable, "-c", PROGRAM, url, str(pwd.getpwnam(name).pw_uid)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        yield Finding("other users", f"{name} connects", said or "no answer", "refused", said == "refused")
