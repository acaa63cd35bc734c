"""Dishes of people and of weeks, from the tests of those rooms."""

from __future__ import annotations

from tests.cookbook.conftest import other, own  # noqa: F401
from tests.shopping.conftest import week  # noqa: F401
