"""The pages on which people download everything that is stored about them, and delete it."""

from __future__ import annotations

from functools import partial

from flask import Response

from mealplanner.auth.accounts import Account
from mealplanner.auth.blueprints import account
from mealplanner.auth.login import account as me
from mealplanner.auth.login import forget_session, fresh_login, prove
from mealplanner.personal_data import services
from mealplanner.personal_data.download import document, gzipped
from mealplanner.personal_data.schemas import DeleteSchema
from mealplanner.telemetry.scope import current_scope
from mealplanner.web.compression import takes_gzip
from mealplanner.web.forms import EMPTY, Draft, done, form_page, sent_from
from mealplanner.web.pages import Answer, DeferredResponse
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session, in_request_scope

AS_FILE = {"Content-Disposition": "attachment; filename=mealplanner.json", "Cache-Control": "no-store"}


@account.get("/account/export")
@fresh_login
def export() -> Answer:
    """Send everything that is stored about the person, as a file."""
    return DeferredResponse(build=partial(_streamed, me()), headers=AS_FILE)


def _streamed(person: Account) -> Response:
    database = in_request_scope().database
    texts = document(database, person, current_scope())
    packed = takes_gzip()
    response = Response(gzipped(texts) if packed else texts, mimetype="application/json")
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


@account.get("/account/delete")
def delete_form(draft: Draft = EMPTY) -> Answer:
    """Ask for a tick and the password before everything goes."""
    return form_page("personal_data/delete.html", draft)


@account.post("/account/delete")
@sent_from(delete_form)
def delete() -> Answer:
    """Delete the account."""
    proof = prove(parsed(DeleteSchema(), submitted())["present_password"])
    services.delete(db_session(), me(), proof=proof)
    forget_session()
    return done("Your account and everything in it is deleted.", "home.index")
