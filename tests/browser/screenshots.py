"""Store a picture of each page: `python -m tests.browser.screenshots FOLDER`, from the root of the repository.

An installation of its own is started and filled with a week. Pages are drawn in light and dark, for a phone, a tablet
and a desktop; the week also as it is printed.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import BROWSERS, options
from tests.browser.pages import ask_for_a_week, page_of, sign_up
from tests.installation import Installation, data_directory

WIDTHS = {"small": 320, "phone": 390, "tablet": 820, "desktop": 1280}
SCHEMES = ("light", "dark")
HEIGHT = 900


def main() -> None:
    """Draw everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    executable = next(filter(None, map(shutil.which, BROWSERS)))
    with data_directory() as data, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=options())
        installation = Installation(data).await_ready()
        try:
            draw(browser, installation, folder)
        finally:
            installation.stop()


def draw(browser: Browser, installation: Installation, folder: Path) -> None:
    """Draw every page in every width and scheme."""
    with page_of(browser, installation) as page:
        strangers = {"landing": "/", "sign-up": "/auth/register", "sign-in": "/auth/login"}
        shoot(browser, installation, folder, strangers, state=None)
        sign_up(page)
        monday = datetime.date.today() - datetime.timedelta(days=datetime.date.today().weekday())
        ask_for_a_week(page, monday)
        state = page.context.storage_state()
        shoot(browser, installation, folder, dict(addresses(page)), state=state)
        page.pdf(path=folder / "week.pdf", prefer_css_page_size=True)


def addresses(page: Any) -> Iterator[tuple[str, str]]:
    """Yield the pages of the person whose week `page` shows."""
    menu = page.evaluate("fetch(location, {headers: {Accept: 'application/json'}}).then(answer => answer.json())")
    meal, week = menu["days"][-1]["meals"][-1], f"/menu/{menu['id']}"
    yield from {"today": "/", "menus": "/menu/", "preferences": "/preferences", "account": "/auth/account"}.items()
    yield from {"week": week, "numbers": f"{week}/numbers", "history": f"{week}/history"}.items()
    yield from {"meal": f"{week}/meals/{meal['id']}", "swap": f"{week}/meals/{meal['id']}/alternatives"}.items()
    recipe = f"/recipes/{meal['recipe']['id']}"
    yield from {
        "dishes": "/recipes/catalogue",
        "own-dishes": "/recipes/",
        "recipe": f"{recipe}?meal={meal['id']}",
    }.items()
    yield from {"cook": f"{recipe}/cook?step=1&meal={meal['id']}", "plan-dish": f"{recipe}/plan"}.items()
    yield from {"shopping": "/shopping/", "larder": "/larder/", "calendar": "/calendar/"}.items()
    account = "/auth/account"
    yield from {"activity": f"{account}/activity", "sessions": "/auth/sessions", "tokens": f"{account}/tokens"}.items()
    yield from {"second-step": f"{account}/factors", "authenticator": f"{account}/factors/app"}.items()
    yield "old-menus", f"{account}/old-menus"
    yield "missing", f"/menu/{uuid.uuid4()}"


def shoot(browser: Browser, installation: Installation, folder: Path, pages: dict[str, str], *, state: Any) -> None:
    """Draw `pages`, which are addresses by their names, for the person who is signed in by `state`."""
    for scheme in SCHEMES:
        for device, width in WIDTHS.items():
            view = {"viewport": {"width": width, "height": HEIGHT}, "color_scheme": scheme, "storage_state": state}
            with page_of(browser, installation, forgiven="status of 404", **view) as page:
                for name, address in pages.items():
                    page.goto(address)
                    page.screenshot(path=folder / f"{name}-{device}-{scheme}.png", full_page=True)


if __name__ == "__main__":
    main()
