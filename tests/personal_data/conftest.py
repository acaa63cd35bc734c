"""Somebody who has done everything there is to do."""

from __future__ import annotations

import pytest

from mealplanner.storage.database import Database
from tests.personal_data.everything import Live, live
from tests.post import Post


@pytest.fixture
def lived(database: Database, post: Post) -> Live:
    """`lived(visitor)` lets somebody register and leave something in every table."""
    return lambda visitor: live(visitor, database, post)
