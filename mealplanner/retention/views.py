"""The page on which people say for how long their menus are kept."""

from __future__ import annotations

from flask import jsonify

from mealplanner.auth.blueprints import account
from mealplanner.auth.login import person
from mealplanner.retention import services
from mealplanner.retention.schemas import CHOICES, KeepSchema
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, sent_from
from mealplanner.web.pages import Answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session


@account.get("/account/old-menus")
def old_menus(draft: Draft = EMPTY) -> Answer:
    """Show for how long menus are kept."""
    present = {"months": str(services.kept_months(db_session(), person()) or 0)}
    if wants_json():
        return jsonify(present)
    return form_page("retention/old_menus.html", draft, form=draft.or_else(present), choices=list(CHOICES.items()))


@account.post("/account/old-menus")
@sent_from(old_menus)
def keep_menus() -> Answer:
    """Remember for how long menus are kept."""
    services.keep_menus(db_session(), person(), **parsed(KeepSchema(), submitted()))
    return done("Saved.", "account.old_menus")
