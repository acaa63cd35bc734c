"""Pages by the rules of axe, which the package `axe-playwright-python` brings."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text()


def violations(page: Any) -> list[str]:
    """Return what the rules find wrong on the page that is shown, one line each."""
    page.evaluate(_axe())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]
