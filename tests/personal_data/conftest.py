"""An account that has used every feature."""

from __future__ import annotations

import pytest

from mealplanner.storage.database import Database
from tests.personal_data.everything import Live, live
from tests.post import Post


@pytest.fixture
def lived(database: Database, post: Post) -> Live:
    """Return `lived(visitor)`, which registers and leaves something in every table."""
    return lambda visitor: live(visitor, database, post)
