"""The whole application for gunicorn, with extra views that misbehave as a test tells them to."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Flask, Response, g, jsonify, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy import text

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.web.access import public
from mealplanner.web.health import health
from mealplanner.web.transactions import db_session, request_unit_of_work
from tests.faults.gates import call
from tests.faults.scripts import Misbehaved, misbehave, perform

probe = Blueprint("probe", __name__, url_prefix="/probe")


class Unlucky(Exception):
    """An error whose handler fails."""


@probe.post("/")
@public
def run() -> Response:
    """Perform the steps of the body."""
    return jsonify(found=perform(request_unit_of_work(), request.get_json()))


@probe.get("/")
@public
def read() -> Response:
    """Read, and return which backend answered."""
    return jsonify(backend=db_session().scalar(text("SELECT pg_backend_pid()")))


@probe.get("/stream")
@public
def stream() -> Response:
    """Read, and send a body in two parts with a slow call between."""
    number = db_session().scalar(text("SELECT count(*) FROM marks"))
    gate = request.args["gate"]
    told = perform(request_unit_of_work(), [["tell"]])

    def body() -> Iterator[str]:
        yield f"first {number}\n"
        call(gate, process=told[0])
        yield "second\n"

    return Response(body(), mimetype="text/plain")


@probe.post("/unlucky")
@public
def unlucky() -> Response:
    """Write, and raise an error whose handler fails."""
    perform(request_unit_of_work(), request.get_json())
    raise Unlucky


def _misbehaves(place: str) -> bool:
    return request.headers.get("X-Misbehave") == place


def _add_hooks(app: Flask) -> None:
    """Add hooks as an extension would, each of which fails when the request says so, after reading if it can."""

    @app.before_request
    def before() -> str | None:
        g.appcontext = _misbehaves("appcontext")
        if _misbehaves("before_request"):
            db_session().execute(text("SELECT count(*) FROM marks"))
            misbehave()
        if _misbehaves("teardown after an early answer"):
            db_session().execute(text("INSERT INTO marks VALUES ('early')"))
            return "early"
        return None

    @app.after_request
    def after(response: Response) -> Response:
        if _misbehaves("after_request"):
            misbehave()
        return response

    @app.teardown_request
    def teardown(_error: BaseException | None) -> None:
        if request.headers.get("X-Misbehave", "").startswith("teardown"):
            misbehave()

    @app.teardown_appcontext
    def leave(_error: BaseException | None) -> None:
        if g.pop("appcontext", False):
            misbehave()

    @app.context_processor
    def inject() -> dict[str, str]:
        if _misbehaves("the error page"):
            misbehave()
        return {}

    @app.errorhandler(Unlucky)
    def fails(_error: Unlucky) -> Response:
        raise Misbehaved("in the handler")


@health.record
def _join(state: BlueprintSetupState) -> None:
    """Have `create_app` wire and wrap these views like all others, without knowing of them."""
    assert isinstance(state.app, Flask)
    _add_hooks(state.app)
    state.app.register_blueprint(probe)


app = create_app(Config.from_environ())
