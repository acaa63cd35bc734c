"""The documentation agrees with the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from mealplanner.cli.main import main
from mealplanner.cli.users import user
from mealplanner.config.settings import VARIABLES
from mealplanner.food.catalogue import load_catalogue
from mealplanner.telemetry import metrics
from mealplanner.web.policy import Decision, decide

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = PAGES[0].read_text()
EVERYTHING = "\n".join(page.read_text() for page in PAGES)
TESTS = {
    name for file in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"\bdef (test_\w+)\(", file.read_text())
}


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_setting_is_documented(variable: str) -> None:
    """By its name, in the table of configuration.md."""
    assert f"| `{variable}` |" in (ROOT / "docs/configuration.md").read_text()


@pytest.mark.parametrize("metric", [value for value in vars(metrics).values() if isinstance(value, MetricWrapperBase)])
def test_every_metric_is_documented(metric: MetricWrapperBase) -> None:
    """By the name Prometheus knows, with what it should look like."""
    (family,) = metric.describe()
    known = family.name + ("_total" if family.type == "counter" else "")
    assert f"| `{known}` |" in (ROOT / "docs/operations.md").read_text()


COMMANDS = [*main.commands, *(f"user {name}" for name in user.commands)]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_documented(command: str) -> None:
    assert f"mealplanner {command}" in EVERYTHING


def test_the_policy_in_the_readme_is_the_policy() -> None:
    """Each row of the table is checked against the function."""
    table = re.search(r"<!--policy-->(.*)<!--/policy-->", README, re.DOTALL)
    assert table is not None
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].strip().splitlines()[2:]]
    statuses = {"answers below 400": 303, "answers 400 or above": 422, "raises": None, "dooms": 303}
    assert len(rows) == 4
    for view, outcome in rows:
        status = next(value for words, value in statuses.items() if view.startswith(words))
        assert decide(status, doomed="dooms" in view) is Decision(outcome)


def test_the_counts_in_the_readme_are_true() -> None:
    catalogue = load_catalogue()
    assert f"<!--foods-->{len(catalogue.foods)}<!--/foods-->" in README
    assert f"<!--recipes-->{len(catalogue.recipes)}<!--/recipes-->" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and image is there, and so is the heading that a link names."""
    for file, _, anchor in (found.partition("#") for found in re.findall(r"\]\(([^)]+)\)", page.read_text())):
        target = page.parent / file if file else page
        assert file.startswith("http") or target.exists(), file
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{file}#{anchor}"


def anchors(page: Path) -> set[str]:
    """Return what the headings of `page` are called in addresses."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tests_that_a_page_names_exist(page: Path) -> None:
    named = set(re.findall(r"`(test_\w+)`", page.read_text()))
    assert named <= TESTS


def test_a_menu_is_followed_through_at_most_eight_files() -> None:
    """The page of the architecture names them in order."""
    story = (ROOT / "docs/architecture.md").read_text().partition("## How a menu is made")[2].partition("\n1. ")[0]
    files = re.findall(r"^\| `(\S+\.py)` \|", story, re.MULTILINE)
    assert 5 < len(files) <= 8
    assert [file for file in files if not (ROOT / "mealplanner" / file).exists()] == []


def test_what_the_threat_model_says_is_shown_is_tested() -> None:
    """Each row names tests, and each of them is in one of the files that the row leads to."""
    page = ROOT / "docs/security.md"
    table = re.search(r"<!--threats-->(.*)<!--/threats-->", page.read_text(), re.DOTALL)
    assert table is not None
    rows = table[1].strip().splitlines()[2:]
    assert len(rows) > 15
    for row in rows:
        shown = row.strip("| ").split(" | ")[-1]
        files = [(page.parent / target).read_text() for target in re.findall(r"\]\(([^)]+)\)", shown)]
        tests = re.findall(r"`(test_\w+)`", shown)
        assert tests, row
        for name in tests:
            assert any(f"def {name}(" in text for text in files), name
