"""The description of this site for programs."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, current_app, request

from mealplanner.web.access import public
from mealplanner.web.pages import Answer, json_answer

openapi = Blueprint("openapi", __name__)

_KEY: Final = "mealplanner.openapi"


@openapi.get("/openapi.json")
@public
def document() -> Answer:
    """Describe every route that a token opens, by OpenAPI 3.1."""
    servers = [{"url": request.script_root or "/"}]
    return json_answer(lambda: {**_document(), "servers": servers})


def _document() -> dict[str, Any]:
    """Return the document, made when it is first asked for."""
    if _KEY not in current_app.extensions:
        from mealplanner.openapi import document as made  # loads apispec, which no other page needs

        current_app.extensions[_KEY] = made.document(current_app.url_map, current_app.view_functions)
    found: dict[str, Any] = current_app.extensions[_KEY]
    return found
