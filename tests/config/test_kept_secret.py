"""A secret that is made once and kept in a file."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from mealplanner.config.kept_secret import kept_secret
from tests.waiting import PATIENCE


def test_threads_that_need_it_together_agree_on_one_that_only_its_owner_reads(tmp_path: Path) -> None:
    start = Barrier(8, timeout=PATIENCE)

    def read(_number: int) -> str:
        start.wait()
        return kept_secret(tmp_path / "missing" / "secret")

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(read, range(8)))
    (file,) = (tmp_path / "missing").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert found == {kept_secret(file)}
    assert len(kept_secret(file)) >= 48
