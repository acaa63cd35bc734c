"""Recipes as files for other programs."""

from __future__ import annotations

import uuid
from functools import partial

from flask import Blueprint, Response, request, url_for

from mealplanner.auth.login import person, today, units
from mealplanner.recipe_files import queries
from mealplanner.recipe_files.archive import safe_name
from mealplanner.recipe_files.assembly import Setting, file_of
from mealplanner.recipe_files.formats import FORMATS, Format
from mealplanner.recipe_files.schemas import CollectionSchema, RecipeFileSchema
from mealplanner.recipe_files.values import Collected
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.assembly import RecipeRow
from mealplanner.web.pages import Answer, DeferredResponse
from mealplanner.web.parsing import parsed
from mealplanner.web.remembered import remembered
from mealplanner.web.transactions import db_session

recipe_files = Blueprint("recipe_files", __name__, url_prefix="/recipes")


@recipe_files.get("/<uuid:recipe_id>/export")
def one(recipe_id: uuid.UUID) -> Answer:
    """Send a recipe as a file."""
    wanted = parsed(RecipeFileSchema(), request.args)
    row = recipes.recipe(db_session(), person(), recipe_id)
    found = Collected(rows=[row], servings=wanted["servings"])
    return _file(found, wanted["format"], name=safe_name(row.title))


@recipe_files.get("/export")
def collection() -> Answer:
    """Send the person's own dishes, their favourites and what is planned as one file."""
    wanted = parsed(CollectionSchema(), request.args)
    return _file(queries.collected(db_session(), person(), today=today()), wanted["format"], name="dishes")


def _file(found: Collected, format_: str, *, name: str) -> Answer:
    kind = FORMATS[format_]
    setting = Setting(units=units(), today=today(), address=_address)
    rows = tuple((row.id, row.rating) for row in found.rows)
    depends_on = (rows, found.servings, setting.units, setting.today, request.host_url)
    answer = remembered(*depends_on, read=lambda: DeferredResponse(build=partial(_written, found, kind, setting)))
    assert isinstance(answer, DeferredResponse)  # as `read` returns one
    return answer.with_headers({"Content-Disposition": f"attachment; filename={name}-{format_}{kind.suffix}"})


def _written(found: Collected, kind: Format, setting: Setting) -> Response:
    return Response(file_of(found, kind, setting), mimetype=kind.mimetype)


def _address(row: RecipeRow) -> str:
    return url_for("recipes.show", recipe_id=row.id, _external=True)
