"""The comparison with other designs: its arithmetic, its requests, and that all show the same page."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask

from mealplanner import create_app
from tests.benchmarks import contenders
from tests.benchmarks.contest import Contest, contest
from tests.benchmarks.load import BROWSER, VERSION, Load, Request, Round, message
from tests.benchmarks.requests import SECRETS
from tests.benchmarks.tables import Figures, comparison, markdown, ratio, share, times


def test_figures_are_of_one_request() -> None:
    """Sums over the rounds are divided by the number of expected answers."""
    figures = Figures(elapsed=2.0, server=0.5, database=0.25, latencies=[0.1] * 50, errors=3)
    assert (figures.rate, figures.server_cpu, figures.database_cpu) == (25, 0.01, 0.005)
    assert (Figures().rate, Figures().server_cpu, Figures().database_cpu) == (0, 0, 0)


def test_a_share_is_the_value_that_so_many_do_not_exceed() -> None:
    """Half of a hundred are below the 51st; of none the share is 0."""
    values = list(range(100, 0, -1))
    assert (share(values, 0.5), share(values, 0.95), share(values, 1.0), share([], 0.5)) == (51, 96, 100, 0)


def test_ratios_are_against_the_same_concurrency() -> None:
    """A dash stands where there is nothing to compare with."""
    found = {
        (1, "hello"): Figures(elapsed=1, server=1, latencies=[0.001] * 10),
        (1, "hand"): Figures(elapsed=1, server=2, latencies=[0.002] * 10),
        (16, "hand"): Figures(elapsed=1, server=4, latencies=[0.004] * 10, errors=1),
    }
    rows = [line.strip("| ").split("|") for line in comparison(found, hello="hello", by_hand="hand")][2:]
    cells = [[cell.strip() for cell in row] for row in rows]
    assert [row[6:8] for row in cells] == [["1.00", "0.50"], ["2.00", "1.00"], ["-", "1.00"]]
    assert cells[2] == ["16", "hand", "10", "4.0", "4.0", "400.00", "-", "1.00", "0.00", "1"]
    assert ratio(1, 0) == "-"


def test_views_are_compared_with_the_page_by_hand() -> None:
    """By the CPU of one request at each concurrency, beside what is aimed at."""
    found = {
        (1, "hand"): Figures(server=2, latencies=[0.002] * 10),
        (1, "ours"): Figures(server=1, latencies=[0.001] * 20),
        (16, "hand"): Figures(server=4, latencies=[0.004] * 10),
        (16, "ours"): Figures(server=3, latencies=[0.004] * 10),
    }
    assert list(times(found, base="hand", targets={"ours": 0.5})) == [
        "| contender | 1 at once | 16 at once | target |",
        "| --------- | --------: | ---------: | -----: |",
        "| ours      |      0.25 |       0.75 |   0.50 |",
    ]


def test_a_table_has_its_columns_below_each_other() -> None:
    """Words to the left, numbers to the right."""
    assert list(markdown(("name", "ms"), [("one", "1.5"), ("another", "12.5")])) == [
        "| name    |   ms |",
        "| ------- | ---: |",
        "| one     |  1.5 |",
        "| another | 12.5 |",
    ]


def test_a_form_counts_its_version_up() -> None:
    """Each save is made over the version that the one before it made."""
    request = Request(method="POST", path="/x", cookie="session=1", form={"version": VERSION, "a": "b c"}, version=9)
    head, body = message(request, 10).split(b"\r\n\r\n")
    assert body == b"version=10&a=b+c"
    assert f"Content-Length: {len(body)}".encode() in head
    assert head.startswith(b"POST /x HTTP/1.1\r\nHost: ")


class Counting(BaseHTTPRequestHandler):
    """A handler that answers 200, and 500 for /bad; it closes the connection after each other answer to /closing."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        """One for each connection."""
        super().setup()
        type(self).connections += 1

    def do_GET(self) -> None:  # the library's name
        self.send_response(500 if self.path == "/bad" else 200)
        self.send_header("Content-Length", "2")
        if self.path == "/closing":
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def counting() -> Iterator[tuple[str, int]]:
    """Return the address of a server that counts connections."""
    Counting.connections = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[:2]
        server.shutdown()
        thread.join()


def test_load_keeps_its_connections_and_counts_errors(counting: tuple[str, int]) -> None:
    """One connection for each request, opened again only where the server closed it."""
    with Load() as load:
        kept = load.send(
            Round(address=counting, requests=[Request(method="GET", path="/")] * 3, seconds=0.2, expected=200)
        )
        assert (Counting.connections, kept.errors) == (3, [])
        assert len(kept.latencies) > 3
        closed = load.send(
            Round(address=counting, requests=[Request(method="GET", path="/closing")], seconds=0.1, expected=200)
        )
        assert (Counting.connections, closed.errors) == (3 + len(closed.latencies), [])
        bad = load.send(
            Round(address=counting, requests=[Request(method="GET", path="/bad")], seconds=0.1, expected=200)
        )
        assert (set(bad.errors), bad.latencies) == ({"500"}, [])


@pytest.fixture(scope="module")
def arena() -> Iterator[Contest]:
    """Return a database with one person in it, who has a week."""
    with contest(1) as running:
        yield running


def page(app: Flask, request: Request) -> str:
    """Return what an application shows a browser that takes gzip, without the security token."""
    headers = {"Cookie": request.cookie, "User-Agent": BROWSER, "Accept-Encoding": "gzip"}
    answer = app.test_client(use_cookies=False).get(request.path, headers=headers)
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "gzip")
    return SECRETS.sub(r"\1", gzip.decompress(answer.data).decode())


def sent(app: Flask, request: Request) -> int:
    """Send a form as a browser does, and return the status of the answer."""
    form = {name: str(request.version) if value == VERSION else value for name, value in request.form.items()}
    headers = {"Cookie": request.cookie, "User-Agent": BROWSER}
    return app.test_client(use_cookies=False).post(request.path, data=form, headers=headers).status_code


@pytest.mark.process
@pytest.mark.parametrize("name", ["raw", "flask_sqlalchemy"])
def test_contenders_answer_as_ours_does(arena: Contest, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """They take the same forms, and show the same page but for the security token."""
    if name == "flask_sqlalchemy":
        pytest.importorskip("flask_sqlalchemy", reason="the extra `bench` is not installed")
    for variable, value in arena.settings.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("MEALPLANNER_LOG_LEVEL", "WARNING")
    (request,) = arena.week(1)
    app: Flask = getattr(contenders, name)()
    shown = page(app, request)
    saved = [sent(app, form) for form in (*arena.save(1), *arena.login(1))]
    if name == "flask_sqlalchemy":
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()
    assert (saved, shown.count('<li class="meal ')) == ([303, 303], 28)
    assert shown == page(create_app(arena.config, arena.database), request)
