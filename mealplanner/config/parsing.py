"""How the text of a variable is read: what several settings share. Pure; `ValueError` says what is taken."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any


def one_of(*choices: str) -> Callable[[str], str]:
    """Reads one of `choices`, in any case, as it stands there."""

    def parse(text: str) -> str:
        for choice in choices:
            if text.lower() == choice.lower():
                return choice
        raise ValueError(f"takes one of {', '.join(choices)}")

    return parse


def number(kind: type[int] | type[float], least: int, most: int) -> Callable[[str], Any]:
    """Reads a number of `kind` from `least` to `most`."""

    def parse(text: str) -> int | float:
        try:
            value = kind(text)
        except ValueError:
            value = kind(least - 1)
        if not least <= value <= most:
            raise ValueError(f"takes a number from {least} to {most}")
        return value

    return parse


def web_address(text: str) -> str:
    """Reads an address on the web, without the slash at its end."""
    if not text.startswith(("http://", "https://")):
        raise ValueError("takes an address that begins with http:// or https://")
    return text.rstrip("/")


def on_this_machine(host: str) -> bool:
    """Whether `host`, a name or an address, is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
