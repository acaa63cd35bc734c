"""The description of the site, and programs that use it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

Document = dict[str, Any]


@pytest.fixture(scope="session")
def document(shared_app: Flask) -> Document:
    """Return the document as it is served."""
    answer = shared_app.test_client().get("/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found: Document = answer.get_json()
    return found


@pytest.fixture(scope="session")
def operations(document: Document) -> dict[tuple[str, str], Any]:
    """Return (path, method) -> operation."""
    return {
        (path, method): operation
        for path, described in document["paths"].items()
        for method, operation in described.items()
    }
