"""Escaping as `markupsafe.escape` does it, at a fifth of the cost: half of a long page's time went there.

A page writes hundreds of values, most of them numbers and short words with nothing to escape, and the library makes an
object that remembers its safety of each. A value that goes straight into the page needs none.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape

_dangerous = re.compile("[&<>\"']").search


def escaped(value: Any) -> str:
    """`value` as it may stand in a page."""
    kind = type(value)  # a subclass may write itself as it likes
    if kind is str:
        return escape(value) if _dangerous(value) else value
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    return str(value) if kind is float or kind is int else escape(value)


class _Generator(CodeGenerator):
    """Compiles `{{ value }}` to a call of `escaped` wherever the library would have called `escape`."""

    def write(self, x: str) -> None:
        super().write("environment.escaped(" if x == "escape(" else x)


def register(app: Flask) -> None:
    """Escapes in `app`'s templates this way. Call it before the first of them is compiled."""
    app.jinja_env.code_generator_class = _Generator
    app.jinja_env.extend(escaped=escaped)
