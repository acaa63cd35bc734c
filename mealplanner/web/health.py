"""What load balancers and operators ask for: alive, ready, and metrics."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from mealplanner.config.processes import metrics_folder
from mealplanner.serving.draining import draining
from mealplanner.telemetry.metrics import exposed
from mealplanner.web.access import public
from mealplanner.web.readiness import readiness
from mealplanner.web.transactions import request_unit_of_work

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def healthz() -> Response:
    """Answer without asking the database."""
    return jsonify(status="alive")


@health.get("/readyz")
@public
def readyz() -> Response:
    """Say whether more requests can be served, and which check fails."""
    checks = {"accepting": not draining(), **readiness(request_unit_of_work().session)}
    ready = all(checks.values())
    response = jsonify(status="ready" if ready else "not ready", checks=checks)
    response.status_code = 200 if ready else 503
    return response


@health.get("/metrics")
@public
def metrics() -> Response:
    """Return all metrics for Prometheus, summed over the processes where there are several."""
    response = make_response(generate_latest(exposed(metrics_folder())))
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return response
