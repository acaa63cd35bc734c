"""The shape of the code base: which room may know which, and the habits that hold everywhere.

Read from the source with `ast`; an import inside a function counts like any other.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from flask import Flask

from mealplanner.errors import DomainError
from mealplanner.web.errors import STATUS

PACKAGE = Path(__file__).resolve().parents[1] / "mealplanner"
MODULES = sorted(PACKAGE.rglob("*.py"))

_MAY_IMPORT = {
    "config": "",
    "errors": "",
    "unguessable": "",
    "telemetry": "config",
    "client": "",
    "serving": "",
    "presentation": "planner",
    "fields": "paging presentation",
    "paging": "",
    "planner": "",
    "food": "planner presentation",
    "db": "",
    "storage": "config db errors telemetry",
    "embedded_postgres": "config",
    "backups": "config db embedded_postgres",
    "llm": "client config db food planner telemetry",
    "jobs": "config db errors storage telemetry",
    "throttle": "client db errors",
    "mail": "client config db errors jobs",
    "audit": "client db telemetry",
    "auth": "audit client config db errors fields jobs mail presentation spending throttle unguessable web",
    "personal_data": "audit auth calendar client db errors larder mail menu paging preferences recipes shopping "
    "spending storage telemetry throttle tokens web",
    "preferences": "auth db errors fields food planner presentation web",
    "spending": "config db errors llm paging",
    "recipes": "auth db errors fields food paging planner web",
    "recipe_files": "auth db errors fields food menu preferences presentation recipes web",
    "larder": "auth db errors fields food paging planner presentation web",
    "cookbook": "auth db errors fields food menu paging planner preferences presentation recipe_files recipes web",
    "menu": "auth client config db errors fields food jobs larder llm paging planner preferences presentation "
    "recipes spending telemetry throttle web",
    "shopping": "audit auth client db errors fields food larder menu planner presentation recipes telemetry throttle "
    "unguessable web",
    "calendar": "audit auth client db errors food menu presentation telemetry throttle unguessable web",
    "admin": "audit auth errors jobs mail spending web",
    "tokens": "audit auth client db errors fields mail telemetry throttle unguessable web",
    "retention": "audit auth client db errors fields jobs larder mail menu personal_data preferences recipes shopping "
    "spending throttle tokens web",
    "web": "client config db errors food jobs paging planner presentation serving storage telemetry unguessable",
}
ARROWS = {room: set(rooms.split()) for room, rooms in _MAY_IMPORT.items()}
"""Room or module -> the rooms it may import. What is not listed (`__init__`, `cli`, ...) is wiring and may use all."""

SESSION = {("session", "Session"), ("session", "UnitOfWorkSession")}
"""The first parameter of a service; the second is for those that need the owner of the session."""

VIEWS_MAY = ("mealplanner.web", "mealplanner.auth.login")
"""What only the views (and the sign-in glue) of a room may import: it knows requests."""

FLASK = {"views.py", "login.py", "blueprints.py", "pages.py"}
"""Outside `web/` and the wiring, Flask is known to these files only."""

ONLY_IN = {
    "procrastinate": {"jobs"},
    "openai": {"llm"},
    "httpx2": {"auth", "llm"},
    "authlib": {"auth"},
    "joserfc": {"auth"},
    "flask_login": {"auth", "menu"},
    "alembic": {"storage"},
    "icalendar": {"calendar"},
}
"""Library -> the rooms that may import it."""

PURE = [PACKAGE / "llm" / "outcomes.py", *sorted((PACKAGE / "llm" / "dishes").glob("*.py"))]
"""The modules of `llm/` that ask no model themselves: what they need is passed to them."""

LONGEST_FILE = 330
LONGEST_VIEW = 15
SERVICES = {"services", "queries", "claims", "proposals", "outbox", "changes", "links"}
"""Modules whose public functions are services."""


def room(path: Path) -> str:
    """Return the room or top-level module that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> Iterator[str]:
    """Return every module that a file imports, by its full name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "mealplanner":
                yield from (f"mealplanner.{alias.name}" for alias in node.names)


def named(path: Path) -> str:
    """Return a test id."""
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_arrows_go_one_way(path: Path) -> None:
    """A room imports only what it may, and only the wiring imports views."""
    here = room(path)
    if here not in ARROWS:
        return
    known = {name.split(".")[1] for name in imports(path) if name.startswith("mealplanner.")}
    assert known - {here} <= ARROWS[here]
    assert not any(name.endswith(".views") for name in imports(path))
    if path.name not in FLASK and here != "web":
        assert not any(name.startswith(VIEWS_MAY) for name in imports(path)), "only views know the web"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    """Flask in views and web, the queue in jobs, and so on; the planner is pure."""
    used = {name.split(".")[0] for name in imports(path)}
    for library, rooms in ONLY_IN.items():
        assert library not in used or room(path) in rooms
    if used & {"flask", "werkzeug", "flask_wtf"} and room(path) in ARROWS:
        assert room(path) == "web" or path.name in FLASK
    if room(path) == "planner":
        assert not used & {"sqlalchemy", "psycopg", "marshmallow", "os", "datetime", "time"}


@pytest.mark.parametrize("path", PURE, ids=named)
def test_dishes_are_read_and_checked_without_a_network(path: Path) -> None:
    """Nor with a clock, a database or an environment: equal answers are read equally, and tests need no server."""
    used = set(imports(path))
    rooms = {module.split(".")[1] for module in used if module.startswith("mealplanner.")}
    assert rooms <= {"food", "llm", "planner"}
    asking = {module for module in used if module.startswith("mealplanner.llm.")} - {"mealplanner.llm.outcomes"}
    assert all(module.startswith("mealplanner.llm.dishes.") for module in asking)
    assert not {module.split(".")[0] for module in used} & {"openai", "os", "random", "socket", "threading", "time"}


def test_one_module_commits() -> None:
    """Nothing else calls a `commit`; the session's own override passes on what the unit of work asks for."""
    found = {
        named(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
        if ast.unparse(node.func) != "super().commit"
    }
    assert found == {"db/unit_of_work.py"}


def test_every_package_is_installed() -> None:
    """A folder that setup.cfg does not list would be missing from the wheel."""
    setup = ConfigParser()
    setup.read(PACKAGE.parent / "setup.cfg")
    folders = {".".join(path.parent.relative_to(PACKAGE.parent).parts) for path in PACKAGE.rglob("__init__.py")}
    assert folders == set(setup["options"]["packages"].split()) - {"mealplanner.migrations"}


def test_one_module_reads_the_environment() -> None:
    """All others take values."""
    found = {named(path) for path in MODULES if "os.environ" in path.read_text() or "getenv" in path.read_text()}
    assert found == {"config/processes.py", "config/settings.py"}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_file_is_long(path: Path) -> None:
    """A file that grows past this is split by idea."""
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", [path for path in MODULES if path.stem in SERVICES], ids=named)
def test_services_take_the_session_first(path: Path) -> None:
    """And the rest by keyword or after it."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            first = node.args.args[0]
            assert (first.arg, ast.unparse(first.annotation or ast.Constant(None))) in SESSION, node.name


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_session_comes_first_wherever_it_is_taken(path: Path) -> None:
    """In every function, after `self` in a method."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            taken = [item for item in (*node.args.args, *node.args.kwonlyargs) if item.arg != "self"]
            assert "session" not in [item.arg for item in taken[1:]], node.name


@pytest.mark.parametrize("path", [path for path in MODULES if path.stem in SERVICES], ids=named)
def test_services_return_values(path: Path) -> None:
    """Never a row of a model, which belongs to its session."""
    tree = ast.parse(path.read_text())
    models = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".models")
        for alias in node.names
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.returns is not None:
            returned = {part.id for part in ast.walk(node.returns) if isinstance(part, ast.Name)}
            assert not returned & models, node.name


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "views.py"], ids=named)
def test_views_are_short(path: Path) -> None:
    """Parse, call one service, present."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            assert ast.get_docstring(node), node.name
            body = [line for statement in node.body[1:] for line in ast.unparse(statement).splitlines()]
            assert len(body) <= LONGEST_VIEW, node.name


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_every_function_says_what_it_returns(path: Path) -> None:
    """And every module what it is for."""
    tree = ast.parse(path.read_text())
    assert not tree.body or ast.get_docstring(tree), "the module"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.returns is not None, node.name


def test_every_domain_error_has_a_status(app: Flask) -> None:
    """Through its family; one without would be answered with a 500. Only a worker meets those of a mail server."""
    assert app  # which imports every room
    found, new = set[type[DomainError]](), {DomainError}
    while new := {kind for known in new for kind in known.__subclasses__()}:
        found |= new
    without = {kind for kind in found if not set(kind.__mro__) & STATUS.keys()}
    assert {kind.__name__ for kind in without if kind.__module__ != "mealplanner.mail.errors"} == set()
    assert len(found) > 50


def test_what_tests_share_is_in_modules_without_tests() -> None:
    for path in sorted((PACKAGE.parent / "tests").rglob("*.py")):
        assert not [name for name in imports(path) if name.split(".")[-1].startswith("test_")], path.name


def test_every_endpoint_is_behind_a_sign_in_unless_listed_here(app: Flask) -> None:
    """Adding to this list is a decision."""
    public = {name for name, view in app.view_functions.items() if getattr(inspect.unwrap(view), "public", False)}
    assert public == {
        "account.forgot", "account.forgot_form", "account.reset", "account.reset_form", "account.verify",
        "account.verify_form", "auth.login", "auth.login_form", "auth.logout", "auth.register", "auth.register_form",
        "auth.invitation_form", "auth.register_invited", "auth.second_step_code", "auth.second_step_form",
        "auth.second_step_lost", "auth.second_step_passkey", "auth.sign_in_with_passkey",
        "account.remove_factors", "account.remove_factors_form",
        "auth.provider_start", "auth.provider_back", "auth.provider_finish",
        "calendar.follow",
        "health.healthz", "health.metrics", "health.readyz", "home.index", "offline.index", "offline.manifest",
        "offline.worker", "openapi.document", "shared_lists.show", "shared_lists.tick",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/preferences", "/menu/", "/auth/account", "/auth/account/export"])
def test_a_page_behind_a_sign_in_is_not_served_to_strangers(app: Flask, path: str) -> None:
    """The list above is what the application does."""
    assert app.test_client().get(path).status_code == 303


def test_public_views_write_only_by_post(app: Flask) -> None:
    """Every address that changes something takes POST alone."""
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert len(methods) == 1, f"{rule.endpoint} mixes reading and writing"
