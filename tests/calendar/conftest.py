"""A menu with one dinner a day, from the tests of lists."""

from __future__ import annotations

from tests.shopping.conftest import week  # noqa: F401
