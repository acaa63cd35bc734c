"""The client behind a request: the clock, the address and the browser, for services that know no request."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request

from mealplanner.client import Client, browser_family, network

Clock = Callable[[], datetime.datetime]
_KEY = "mealplanner.clients"


@dataclass(frozen=True, slots=True)
class _Arrangement:
    clock: Clock
    leniency: float


def init_clients(app: Flask, *, clock: Clock, leniency: float) -> None:
    """Tells `app` what time it is, and how patient to be."""
    app.extensions[_KEY] = _Arrangement(clock, leniency)


def now() -> datetime.datetime:
    """The time, by the application's clock, with its time zone."""
    arrangement: _Arrangement = current_app.extensions[_KEY]
    return arrangement.clock()


def client() -> Client:
    """Who sent this request."""
    arrangement: _Arrangement = current_app.extensions[_KEY]
    return Client(
        now=arrangement.clock(),
        address=network(request.remote_addr),
        browser=browser_family(request.headers.get("User-Agent", "")),
        leniency=arrangement.leniency,
    )
