"""An installation whose people can sign in through a provider, and a person who can."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.config.sign_in_provider import SignInProvider
from mealplanner.storage.database import Database
from tests.auth.oidc.provider import CLIENT_ID, CLIENT_SECRET, Provider, running
from tests.clock import Clock
from tests.visitor import Visitor


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider, clock: Clock) -> Provider:
    """Return the provider, in its best behaviour."""
    fresh = Provider()
    fresh.issuer, fresh.now = running_provider.issuer, lambda: clock().timestamp()
    vars(running_provider).update(vars(fresh))
    return running_provider


@pytest.fixture
def clock() -> Clock:
    """Return the clock of `site`, which agrees with the provider's."""
    return Clock(datetime.datetime.now(datetime.UTC))


@pytest.fixture
def site(config: Config, database: Database, provider: Provider, clock: Clock) -> Flask:
    """An installation with that provider, and the default limits."""
    known = SignInProvider(issuer=provider.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, name="Our house")
    return create_app(replace(config, provider=known, leniency=1), database, clock=clock)


@pytest.fixture
def person(site: Flask) -> Visitor:
    """Return a browser in which a person with an account is signed in."""
    visitor = Visitor(site)
    visitor.register()
    return visitor
