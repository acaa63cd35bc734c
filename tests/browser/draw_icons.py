"""Draw the icons of the installed site from `icon.svg`: `python -m tests.browser.draw_icons`, from the root.

It needs the extra `dev` and a Chromium. Run it when the drawing has changed, and look at what it made.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parents[2] / "mealplanner/web/static"
ROUND, SQUARE = 'rx="9"', 'rx="0"'
SMALLER = '<g transform="translate(16 16) scale(.74) translate(-16 -16)" fill="none"'
"""Systems cut a maskable icon to a shape of theirs, which leaves at least the middle four fifths."""


def drawings() -> dict[str, tuple[int, str]]:
    """Return file -> (pixels, SVG)."""
    drawn = (STATIC / "icon.svg").read_text()
    assert ROUND in drawn
    assert '<g fill="none"' in drawn
    square = drawn.replace(ROUND, SQUARE)
    return {
        "icon-180.png": (180, square),
        "icon-192.png": (192, drawn),
        "icon-512.png": (512, drawn),
        "icon-maskable-512.png": (512, square.replace('<g fill="none"', SMALLER)),
    }


def main() -> None:
    """Write every file."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (pixels, svg) in drawings().items():
            page = browser.new_page(viewport={"width": pixels, "height": pixels})
            sized = svg.replace("<svg ", f'<svg width="{pixels}" height="{pixels}" style="display:block" ', 1)
            page.set_content(f'<body style="margin:0;background:transparent">{sized}')
            page.screenshot(path=STATIC / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
