"""`mealplanner up`, as a person runs it."""

from __future__ import annotations

import re
import signal
import urllib.request
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.planner.restrictions import Verdict, suits
from tests.installation import Client, Installation, data_directory, kill, postgres_of, run
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.process

VEGAN = {
    "version": "0", "diet_type": "vegan", "macro_protein": "20", "macro_carbs": "55", "macro_fat": "25",
    "calorie_goal": "1800", "meals": ["breakfast", "lunch", "dinner"], "time_breakfast": "08:00", "time_lunch": "12:30",
    "time_dinner": "19:00", "appliances": ["stove", "oven", "microwave", "blender"], "prep_complexity": "50",
    "servings_per_meal": "1", "snacks_per_day": "1",
}  # fmt: skip


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """Return a data directory that survives several starts."""
    with data_directory() as folder:
        yield folder


@pytest.fixture(scope="module")
def running(data: Path) -> Iterator[Installation]:
    """Run one installation for the tests that leave it running."""
    installation = Installation(data, "--demo").await_ready()
    yield installation
    installation.stop()


def sign_in(client: Client, running: Installation) -> None:
    """Sign in as the account that --demo made."""
    words = running.lines[0].split()
    client.post("/auth/login", {"email": words[3], "password": words[-1]})


def a_week(client: Client) -> str:
    """Ask for seven days, wait for them, and return the address of the menu."""
    _, path = client.post("/menu/", {"start_date": "2026-11-23", "days": "7", "seed": "7"})
    eventually(lambda: client.json(f"{path}/progress")["status"] not in ("queued", "running"), "the menu")
    return path


def test_it_prints_how_to_sign_in_and_one_line_when_it_answers(running: Installation) -> None:
    """Standard output has nothing else; the line comes when everything is ready."""
    demo, ready = running.lines
    assert demo.startswith("Sign in as demo@example.org with the password ")
    assert ready == f"mealplanner answers at {running.address}  (Ctrl-C stops it)"
    checks = Client(running.address).json("/readyz")
    assert checks == {
        "status": "ready",
        "checks": {"accepting": True, "database": True, "migrations": True, "queue": True, "catalogue": True},
    }


def test_static_files_are_served_whole(running: Installation) -> None:
    with urllib.request.urlopen(f"{running.address}/static/app.css", timeout=PATIENCE) as answer:
        assert len(answer.read()) == int(answer.headers["Content-Length"]) > 1000


def test_the_demo_account_can_sign_in(running: Installation) -> None:
    """The account has preferences other than the defaults."""
    client = Client(running.address)
    sign_in(client, running)
    assert client.json("/preferences")["diet_type"] == "vegetarian"


def test_links_in_mails_lead_to_the_port_that_it_listens_on(running: Installation, data: Path) -> None:
    """The worker knows where the web server answers; the link of a new account works."""
    client = Client(running.address)
    assert client.post("/auth/register", {"email": "link@example.org", "password": "correct horse battery"})[0] == 200

    def mails() -> list[EmailMessage]:
        files = (data / "mail").glob("*-verify-*.eml")
        found = [message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default) for file in files]
        return [mail for mail in found if mail["To"] == "link@example.org"]

    plain = eventually(mails, "the mail")[0].get_body(("plain",)).get_content()
    link = re.search(rf"{running.address}(/auth/verify/\S+)", plain)
    assert link is not None
    assert client.post(link[1], {})[0] == 200
    assert client.json("/auth/account")["verified"] is True


def test_a_new_person_gets_a_vegan_week_on_target(running: Installation) -> None:
    """Every day is within 5 % of all four targets, and every food is certainly vegan."""
    client = Client(running.address)
    assert client.post("/auth/register", {"email": "eva@example.org", "password": "correct horse battery"})[0] == 200
    assert client.post("/preferences", VEGAN)[1] == "/preferences"
    menu = client.json(a_week(client))
    foods = load_catalogue().foods
    assert (menu["status"], len(menu["days"]), menu["warnings"]) == ("ready", 7, [])
    assert menu["targets"] == {"kcal": 1800.0, "protein_g": 90.0, "carbohydrate_g": 247.5, "fat_g": 50.0}
    for day in menu["days"]:
        for nutrient, target in menu["targets"].items():
            assert day["totals"][nutrient] == pytest.approx(target, rel=0.05)
        for meal in day["meals"]:
            assert {suits(foods[line["food"]], "vegan") for line in meal["ingredients"]} == {Verdict.YES}


def test_a_port_that_is_taken_is_said(running: Installation, data: Path) -> None:
    """The message says what to do."""
    answer = run("up", "--port", str(running.port), MEALPLANNER_DATA_DIR=str(data))
    assert answer.returncode == 1
    assert "is taken; waiting up to" in answer.stderr
    assert "choose another one with --port" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(how: signal.Signals) -> None:
    """The exit code is 0, and no process is left."""
    with data_directory() as folder:
        installation = Installation(folder).await_ready()
        family = [*installation.processes(), *postgres_of(folder)]
        assert any("gunicorn" in " ".join(process.cmdline()) for process in family)
        assert any("postgres" in process.name() for process in family)
        assert installation.stop(how) == 0
        assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []
        assert postgres_of(folder) == []


def test_a_kill_of_every_process_loses_nothing() -> None:
    """As after a power cut, the next start has the account, its preferences and its menu."""
    with data_directory() as folder:
        installation = Installation(folder, "--demo").await_ready()
        client = Client(installation.address)
        sign_in(client, installation)
        path = a_week(client)
        before = client.json(path)
        database = postgres_of(folder)
        installation.kill_all()
        kill(database)
        installation = Installation(folder, "--demo").await_ready()
        client = Client(installation.address)
        sign_in(client, installation)
        assert client.json(path) == before
        assert installation.stop() == 0


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"MEALPLANNER_ENV": "production"}, "SECRET_KEY is required"),
        ({"MEALPLANNER_ENV": "production", "SECRET_KEY": "long enough to be one"}, "DATABASE_URL is required"),
        ({"MEALPLANNER_POOL_SIZE": "none"}, "MEALPLANNER_POOL_SIZE takes a whole number from 1 to 1000, in"),
        ({"USE_NEW_CONNECTION_HANDLING": "sometimes maybe"}, "USE_NEW_CONNECTION_HANDLING takes true, false or"),
    ],
)
def test_a_wrong_environment_is_said(environment: dict[str, str], message: str) -> None:
    """The message names the variable."""
    with data_directory() as folder:
        answer = run("up", MEALPLANNER_DATA_DIR=str(folder), **environment)
    assert answer.returncode == 1
    assert message in answer.stderr
    assert "Traceback" not in answer.stderr
