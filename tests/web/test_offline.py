"""The manifest, the service worker and their files; what they do is tried in `tests/browser/test_offline.py`."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from mealplanner.web import offline
from tests.visitor import Visitor


@pytest.fixture(params=["", "/meals"], ids=["whole host", "below a path"])
def site(request: pytest.FixtureRequest, config: Config, database: Database) -> tuple[FlaskClient, str]:
    """Return a browser of the site, and the path it is served below."""
    prefix: str = request.param
    client = create_app(replace(config, base_url=f"http://localhost{prefix}"), database).test_client()
    return client, prefix


def test_the_site_can_be_installed(site: tuple[FlaskClient, str]) -> None:
    """Its pages lead to a manifest, whose scope is the site alone and whose icons are as large as it says."""
    client, prefix = site
    (address,) = re.findall('rel="manifest" href="([^"]+)"', client.get(f"{prefix}/").text)
    assert address == f"{prefix}/manifest.webmanifest"
    answer = client.get(address)
    manifest = json.loads(answer.text)
    assert answer.mimetype == "application/manifest+json"
    assert [manifest[name] for name in ("id", "start_url", "scope")] == [f"{prefix}/"] * 3
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as file:
            assert (file.status_code, file.mimetype) == (200, icon["type"])
            if icon["type"] == "image/png":
                width, height = struct.unpack(">II", file.data[16:24])
                assert icon["sizes"] == f"{width}x{height}"


def test_the_worker_stands_above_all_pages_and_names_files_that_are_there(site: tuple[FlaskClient, str]) -> None:
    client, prefix = site
    answer = client.get(f"{prefix}/service-worker.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    found = re.search(r"const SHELL = (\[.*?\]);", answer.text)
    assert found is not None
    shell = json.loads(found[1])
    assert shell[0] == f"{prefix}/offline"
    for address in shell:
        with client.get(address) as file:
            assert file.status_code == 200, address
    page = client.get(f"{prefix}/offline").text
    assert set(re.findall('(?:href|src)="([^"]+/static/[^"]+)"', page)) <= set(shell)


def test_each_release_has_a_worker_of_its_own(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers compare it byte for byte, and drop what an earlier one kept."""
    before = visitor.get("/service-worker.js").text
    assert visitor.get("/service-worker.js").text == before
    monkeypatch.setattr(offline, "release", lambda: "another")
    assert 'const RELEASE = "another";' in visitor.get("/service-worker.js").text


def test_a_page_says_whose_it_is_and_the_offline_page_is_nobodys(person: Visitor) -> None:
    assert len(re.findall('data-person="[0-9a-f-]{36}"', person.get("/").text)) == 1
    shown = person.get("/offline")
    assert "data-person" not in shown.text
    assert "Set-Cookie" not in shown.headers
    person.client.post("/auth/logout", data={"csrf_token": person.token()})
    assert 'data-person=""' in person.get("/").text
