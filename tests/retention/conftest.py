"""An account that has used every feature, from the tests of personal data."""

from __future__ import annotations

from tests.personal_data.conftest import lived  # noqa: F401
