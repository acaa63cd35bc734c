"""The client behind a request: the clock, the address and the browser, for services that know no request."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request

from mealplanner.client import LONGEST_USER_AGENT, Client, browser_family, network

Clock = Callable[[], datetime.datetime]
_KEY = "mealplanner.clients"


@dataclass(frozen=True, slots=True)
class _Arrangement:
    clock: Clock
    leniency: float


def init_clients(app: Flask, *, clock: Clock, leniency: float) -> None:
    """Tell `app` what time it is, and how patient to be."""
    app.extensions[_KEY] = _Arrangement(clock, leniency)
    browser_family("")  # loads the parser now, rather than in a request that holds a connection


def now() -> datetime.datetime:
    """Return the time by the application's clock, with its time zone."""
    arrangement: _Arrangement = current_app.extensions[_KEY]
    return arrangement.clock()


def client() -> Client:
    """Return the client that sent this request."""
    arrangement: _Arrangement = current_app.extensions[_KEY]
    return Client(
        now=arrangement.clock(),
        address=network(request.remote_addr),
        browser=browser_family(request.headers.get("User-Agent", "")[:LONGEST_USER_AGENT]),
        leniency=arrangement.leniency,
    )
