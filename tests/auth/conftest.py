"""An application whose clock a test moves, and a person in it."""

from __future__ import annotations

import datetime

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.visitor import Visitor

NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


@pytest.fixture
def clock() -> Clock:
    """Return the clock of `timed`."""
    return Clock(NOW)


@pytest.fixture
def timed(config: Config, database: Database, clock: Clock) -> Flask:
    """Return an application that follows `clock`."""
    return create_app(config, database, clock=clock)


@pytest.fixture
def member(timed: Flask) -> Visitor:
    """Return a visitor who has just registered there."""
    visitor = Visitor(timed)
    visitor.register()
    return visitor
