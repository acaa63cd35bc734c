"""The pages on which people download everything that is stored about them, and delete it."""

from __future__ import annotations

from flask import Response, jsonify

from mealplanner.auth.blueprints import account
from mealplanner.auth.login import account as me
from mealplanner.auth.login import fresh_login, sign_out
from mealplanner.auth.pages import done, form_page, refused
from mealplanner.errors import Invalid, TooMany
from mealplanner.personal_data import services
from mealplanner.personal_data.presentation import everything_json
from mealplanner.personal_data.schemas import DeleteSchema
from mealplanner.web.clients import client
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

AS_FILE = {"Content-Disposition": "attachment; filename=mealplanner.json", "Cache-Control": "no-store"}


@account.get("/account/export")
@fresh_login
def export() -> Response:
    """Send everything that is stored about the person, as a file."""
    everything = services.everything(db_session(), me())
    answer = jsonify(everything_json(everything))
    answer.headers.update(AS_FILE)
    return answer


@account.get("/account/delete")
def delete_form() -> Response:
    """Ask for a tick and the password before everything goes."""
    return form_page("personal_data/delete.html")


@account.post("/account/delete")
def delete() -> Response:
    """Delete the account."""
    try:
        typed = parsed(DeleteSchema(), submitted())
        services.delete(db_session(), me(), present_password=typed["present_password"], client=client())
    except (Invalid, TooMany) as error:
        return refused("personal_data/delete.html", error)
    sign_out()
    return done("Your account and everything in it is deleted.", "home.index")
