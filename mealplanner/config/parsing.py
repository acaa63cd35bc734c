"""How the text of a variable is read: what several settings share. Pure; `ValueError` says what a variable takes.

`environs` would replace `one_of` and `number`, but its messages ("Not a valid integer.") say neither what is expected
nor what was given, and it takes an empty variable for a set one.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

_WHOLE = re.compile(r"[0-9]{1,18}")
_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15}")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_SITE = re.compile(r"https?://[^/?#@\s]+(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")


class ConfigError(Exception):
    """A variable of the environment holds something that cannot be used."""

    def __init__(self, variable: str, expected: str) -> None:
        super().__init__(f"{variable} {expected}")


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a reader of one of `choices`, in any case, spelt as given here."""

    def parse(text: str) -> str:
        for choice in choices:
            if text.lower() == choice.lower():
                return choice
        raise ValueError(f"takes one of {', '.join(choices)}")

    return parse


def number(kind: type[int] | type[float], least: int, most: int) -> Callable[[str], Any]:
    """Return a reader of a number of `kind` from `least` to `most`, in plain digits."""
    form = _WHOLE if kind is int else _DECIMAL

    def parse(text: str) -> int | float:
        found = form.fullmatch(text.strip())
        if found is None or not least <= (value := kind(found[0])) <= most:
            raise ValueError(f"takes a {'whole ' if kind is int else ''}number from {least} to {most}, in plain digits")
        return value

    return parse


def web_address(text: str) -> str:
    """Return an address on the web without the slash at its end."""
    if not text.startswith(("http://", "https://")):
        raise ValueError("takes an address that begins with http:// or https://")
    return text.rstrip("/")


def site_address(text: str) -> str:
    """Return the address of the site: scheme and host, and the path that it is served below, if any."""
    address = web_address(text)
    try:
        usable = _SITE.fullmatch(address) is not None and is_host(urlsplit(address).hostname)
        usable = usable and urlsplit(address).port != 0
    except ValueError:  # a port beyond 65535, half a pair of brackets
        usable = False
    if not usable:
        raise ValueError("takes an address like https://meals.example.org or https://example.org/meals")
    return address


def is_host(text: str | None) -> bool:
    """Return whether `text` may name a machine: an address, or words between dots."""
    return text is not None and (":" in text or all(map(_LABEL.fullmatch, text.removesuffix(".").split("."))))


def on_this_machine(host: str) -> bool:
    """Return whether `host`, a name or an address, is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
