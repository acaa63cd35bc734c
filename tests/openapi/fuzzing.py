"""Run schemathesis against a real installation: `python -m tests.openapi.fuzzing [--minutes 10]`.

A person plans a menu and makes a token; what schemathesis asks for is often that menu, its meals and its dishes. The
exit code is that of schemathesis: 0 when it found nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import requests

from mealplanner.tokens.scopes import Scope
from tests.installation import Client, Installation, data_directory
from tests.visitor import PASSWORD
from tests.waiting import PATIENCE, eventually

ROOT: Final = Path(__file__).resolve().parents[2]
EMAIL: Final = "person@example.org"
LENIENT: Final = "1000"
"""How many times more patient limits are than usual: it asks thousands of times."""


def main() -> int:
    """Fuzz for some minutes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    minutes = options.parse_args().minutes
    with data_directory() as data:
        running = Installation(data, MEALPLANNER_LENIENCY=LENIENT).await_ready()
        try:
            found = fuzz(Script.of(running.address), data, "--max-time", str(int(minutes * 60)))
        finally:
            running.stop()
    print(found.stdout)
    return found.returncode


@dataclass(frozen=True, slots=True)
class Script:
    """A program with a token for everything, and a menu of its person's."""

    address: str
    token: str

    @classmethod
    def of(cls, address: str) -> Self:
        """Register, and make a token."""
        person = Client(address)
        person.post("/auth/register", {"email": EMAIL, "password": PASSWORD})
        _, page = person.send("/auth/account/tokens", {"name": "script", "scopes": list(Scope), "days": 1})
        found = re.search(r'value="(mp_[^"]+)"', page)
        assert found is not None, page
        return cls(address, found[1])

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """Return the JSON of an answer."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.request(method, self.address + path, headers=headers, timeout=PATIENCE, **options)
        answer.raise_for_status()
        return answer.json()

    def plan(self) -> Any:
        """Return a menu of three days, which is made now."""
        wish = {"start_date": "next", "days": 3, "seed": 1, "source": "catalogue"}
        menu = self.ask("POST", "/menu/", json=wish)
        eventually(lambda: self.ask("GET", f"/menu/{menu['id']}/progress")["status"] == "ready", "the menu")
        return self.ask("GET", f"/menu/{menu['id']}")


def fuzz(script: Script, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run schemathesis with the token of `script`; return what it said."""
    config = folder / "schemathesis.toml"
    config.write_text((ROOT / "schemathesis.toml").read_text() + _known(script))
    program = shutil.which("schemathesis", path=Path(sys.executable).parent)
    assert program is not None
    command = [program, "--config-file", str(config), "run", f"{script.address}/openapi.json"]
    command += ["--header", f"Authorization: Bearer {script.token}", "--no-color", "--continue-on-failure"]
    command += ["--request-timeout", str(PATIENCE), "--suppress-health-check", "too_slow", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _known(script: Script) -> str:
    """Plan a menu, and return the part of the configuration that names it, its meals, its dishes and some foods."""
    menu = script.plan()
    script.ask("POST", "/larder/", json={"food": "rolled-oats", "amount": "500 g"})
    meals = [meal for day in menu["days"] for meal in day["meals"]]
    days = [day["date"] for day in menu["days"]]
    dictionaries = {
        "menus": [menu["id"]],
        "meals": [meal["id"] for meal in meals],
        "dishes": [meal["recipe"]["id"] for meal in meals],
        "items": [item["id"] for item in script.ask("GET", "/larder/")["items"]],
        "foods": sorted({line["food"] for meal in meals for line in meal["ingredients"]}),
        "days": days,
        "versions": list(range(1, 6)),
    }
    bindings = {
        "path.menu_id": "menus",
        "path.meal_id": "meals",
        "path.recipe_id": "dishes",
        "path.item_id": "items",
        "path.food": "foods",
        "query.from": "days",
        "query.to": "days",
        "body.recipe_id": "dishes",
        "body.version": "versions",
        "body.food": "foods",
        "body.food_id": "foods",
        **dict.fromkeys(("body.from", "body.to", "body.date", "body.day", "body.start_date", "body.eaten_on"), "days"),
    }
    lines = ["", *(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in dictionaries.items())]
    lines += ["[parameters]"]
    lines += [f'"{name}" = {{ dictionary = "{source}", probability = 0.8 }}' for name, source in bindings.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
