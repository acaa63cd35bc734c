"""The page of one's account, with its settings."""

from __future__ import annotations

from flask import jsonify

from mealplanner.auth.blueprints import account
from mealplanner.auth.login import account as me
from mealplanner.auth.operators.services import operator_since
from mealplanner.auth.settings import services
from mealplanner.auth.settings.presentation import account_json, zone_choices
from mealplanner.auth.settings.schemas import SettingsSchema
from mealplanner.spending import queries as spending
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, sent_from
from mealplanner.web.pages import Answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.settings import settings
from mealplanner.web.transactions import db_session


@account.get("/account")
def index(draft: Draft = EMPTY) -> Answer:
    """Show what there is to know and to change."""
    present = account_json(me())
    if wants_json():
        return jsonify(present)
    last_asked = spending.last_menu(db_session(), me().id)
    operator = operator_since(db_session(), me().id) is not None
    context = {"operator": operator, "form": draft.or_else(present), "zones": zone_choices(), "last_asked": last_asked}
    return form_page("auth/account.html", draft, **context, provider=settings().provider)


@account.post("/account/settings")
@sent_from(index)
def save_settings() -> Answer:
    """Store time zone and units."""
    services.save(db_session(), me(), **parsed(SettingsSchema(), submitted()))
    return done("Your settings are saved.", "account.index")
