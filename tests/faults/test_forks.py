"""No process uses a connection that was opened before it was forked: two on one socket read each other's answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.conftest import Settings, assert_whole
from tests.faults.postgres import Postgres
from tests.faults.programs import Web

pytestmark = pytest.mark.process


@pytest.mark.parametrize("options", [[], ["--preload"]], ids=["loaded by workers", "loaded before the fork"])
def test_workers_share_no_connection(
    settings: Settings, side: str, postgres: Postgres, tmp_path: Path, options: list[str]
) -> None:
    """The application opened one while it was loaded and returned it to the pool; each worker opens its own."""
    strangers = set(postgres.backends())
    with Web(settings(side), tmp_path / "web.log", *options, app="forked") as web:
        web.await_workers()
        used = {worker: backends_of(web, worker) for worker in web.workers()}
        one, other = used.values()
        assert not one & other
        loaded = {int(name.removeprefix("loaded by ")) for name in postgres.marks()}
        assert len(loaded) == (1 if options else 2)
        if options:
            assert not (one | other) & loaded
            assert side == "direct" or loaded <= set(postgres.backends()) - strangers
        assert_whole(web, postgres)
        assert web.figure("mealplanner_http_requests_total", "probe.read") == 6
    postgres.clean()


def backends_of(web: Web, worker: int) -> set[int]:
    """Return the PostgreSQL processes that answered a worker's requests."""
    with web.only(worker):
        return {web.visitor().get("/probe/").json["backend"] for _ in range(3)}
