"""The alerts, the dashboard and the queries of the operations page name metrics, labels and endpoints that exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from prometheus_client.metrics import MetricWrapperBase

from mealplanner.config import Rollout
from mealplanner.config.settings import VARIABLES
from mealplanner.telemetry import metrics

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = (DOCS / "operations.md").read_text()
ALERTS: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((DOCS / "operations/alerts.yml").read_text())["groups"] for rule in group["rules"]
]
DASHBOARD: dict[str, Any] = json.loads((DOCS / "operations/dashboard.json").read_text())

SAMPLES = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}
"""Type of a metric -> the suffixes of its samples."""

FROM_PROMETHEUS = {"instance", "job"}
"""Labels that Prometheus adds to every sample."""

SELECTOR = re.compile(r"\b(mealplanner_\w+)(?:\{([^}]*)\})?")
GROUPED = re.compile(r"\b(?:by|without) \(([^)]*)\)")
MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"')


def samples() -> dict[str, set[str]]:
    """Return each exposed sample with its labels."""
    found = {}
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            (family,) = metric.describe()
            for suffix in SAMPLES[family.type]:
                found[family.name + suffix] = {*metric._labelnames, *(["le"] if suffix == "_bucket" else [])}
    return found


def panels() -> Iterator[Mapping[str, Any]]:
    """Yield the panels of the dashboard that show something."""
    return (panel for panel in DASHBOARD["panels"] if panel["type"] != "row")


def queries() -> Iterator[str]:
    """Yield the queries of all three."""
    yield from (rule["expr"] for rule in ALERTS)
    yield from (target["expr"] for panel in panels() for target in panel["targets"])
    yield from (code for code in re.findall(r"`([^`\n]+)`", PAGE) if "mealplanner_" in code and "(" in code)


@pytest.mark.parametrize("query", sorted(set(queries())))
def test_a_query_names_metrics_and_labels_that_exist(query: str) -> None:
    """After a metric is renamed an alert would never fire, and a panel would stay empty."""
    known, labels = samples(), set(FROM_PROMETHEUS)
    selected = SELECTOR.findall(query)
    assert selected or query.startswith("up{")
    for name, matchers in selected:
        assert name in known
        assert {label for label, _ in MATCHER.findall(matchers)} <= known[name] | FROM_PROMETHEUS
        labels |= known[name]
    assert {label.strip() for group in GROUPED.findall(query) for label in group.split(",")} <= labels


def test_an_endpoint_that_a_query_names_exists(app: Flask) -> None:
    """After a view is renamed an alert would never fire."""
    named = {value for query in queries() for label, value in MATCHER.findall(query) if label == "endpoint"}
    assert named
    assert named <= set(app.view_functions)


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_has_a_severity_a_summary_and_a_row_on_the_page(rule: Mapping[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"].endswith(".")
    assert f"| `{rule['alert']}` |" in PAGE


def test_the_page_explains_no_alert_that_is_not_there() -> None:
    assert set(re.findall(r"^\| `(Mealplanner\w+)` \|", PAGE, re.MULTILINE)) == {rule["alert"] for rule in ALERTS}


def test_the_dashboard_shows_every_metric() -> None:
    shown = " ".join(target["expr"] for panel in panels() for target in panel["targets"])
    families = {re.sub("_(bucket|sum|count)$", "", name) for name in samples()}
    assert {name for name in families if name not in shown} == set()


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    """Each has a title, an id and a place of its own."""
    places = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(places) == len(set(places))
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert all(panel["title"] for panel in DASHBOARD["panels"])


def test_every_step_of_the_rollout_can_be_taken(app: Flask) -> None:
    """Its value is valid, names blueprints that exist, and covers all that the step before covered."""
    table = PAGE.split("## Rolling out")[1].split("\n\n")[2]
    values = re.findall(r"^\| (?:before|\d) \| `([^`]+)`", table, re.MULTILINE)
    _, parse = VARIABLES["USE_NEW_CONNECTION_HANDLING"]
    steps: list[Rollout] = [parse(value) for value in values]
    assert (steps[0], steps[-1]) == (Rollout(everything=False), Rollout())
    for before, after in pairwise(steps):
        after.check(app.blueprints)
        assert after.everything or before.blueprints < after.blueprints
    last = steps[-2]
    assert all(last.covers(endpoint) for endpoint in app.view_functions if endpoint != "static")
