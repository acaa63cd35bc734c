"""The container image and the compose file, read piece by piece: no container engine is needed, and none is tried."""

from __future__ import annotations

import json
import re
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from gunicorn.config import Config as GunicornConfig

from mealplanner.cli.main import main
from mealplanner.config import Config
from mealplanner.config.settings import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
CONTAINERFILE = (ROOT / "deploy/Containerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "mealplanner"]


def orders(name: str) -> list[str]:
    """Return what follows each order called `name` in the container file."""
    return re.findall(rf"^{name} ((?:.*\\\n)*.*)", CONTAINERFILE, re.MULTILINE)


def test_the_image_has_every_file_that_the_wheel_is_built_from() -> None:
    """What is copied is exempt from `.dockerignore`, and covers each package of setup.cfg."""
    copied = {word for order in orders("COPY") if not order.startswith("--from") for word in order.split()[:-1]}
    exempt = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == exempt
    assert all((ROOT / name).exists() for name in copied)
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    folders = {package.split(".")[0] for package in setup["options"]["packages"].split()}
    moved = dict(line.split(" = ") for line in setup["options"]["package_dir"].strip().splitlines())
    assert folders | set(moved.values()) <= copied


def test_the_image_runs_as_an_unprivileged_user_who_owns_the_data_alone() -> None:
    assert orders("USER") == ["10001:10001"]
    (made,) = [order for order in orders("RUN") if "useradd" in order]
    assert "--uid 10001" in made
    assert "--owner mealplanner" in made
    assert "--mode 0700 /data" in made
    assert orders("VOLUME") == ["/data"]


def test_the_commands_of_the_image_and_of_the_services_exist() -> None:
    """Their options are parsed by the programs themselves."""
    commands = [json.loads(orders("CMD")[-1]), *(SERVICES[name]["command"] for name in OURS)]
    for program, *arguments in commands:
        if program == "gunicorn":
            assert vars(GunicornConfig().parser().parse_args(arguments))["bind"] == ["0.0.0.0:8000"]
        else:
            assert program == "mealplanner"
            name, command, rest = main.resolve_command(click.Context(main), arguments)
            assert command is not None
            command.make_context(name, rest)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_change_nothing_but_its_data(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["image"] == "mealplanner" or service["user"] == "postgres"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_stays_has_a_health_check(name: str) -> None:
    image = bool(re.search(r"^HEALTHCHECK ", CONTAINERFILE, re.MULTILINE)) and name in OURS
    stays = SERVICES[name]["restart"] != "no"
    check = SERVICES[name].get("healthcheck", {"test": None} if image else {})
    assert ("test" in check) is stays


def test_the_database_is_reached_by_its_own_services_only() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web"}
    assert SERVICES["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_the_example_of_settings_can_be_used() -> None:
    """It sets variables that exist, to values that are accepted."""
    lines = (ROOT / "deploy/compose.env.example").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert settings.pop("POSTGRES_PASSWORD") == "PASSWORD"
    assert set(settings) <= set(VARIABLES)
    config = Config.from_environ(settings)
    assert (config.production, config.trusted_proxies) == (True, 1)
