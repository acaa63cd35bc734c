"""The page of one's account, with its settings."""

from __future__ import annotations

from flask import Response, jsonify

from mealplanner.auth.blueprints import account
from mealplanner.auth.login import account as me
from mealplanner.auth.pages import done, form_page, refused
from mealplanner.auth.settings import services
from mealplanner.auth.settings.presentation import account_json, zone_choices
from mealplanner.auth.settings.schemas import SettingsSchema
from mealplanner.errors import Invalid
from mealplanner.spending import queries as spending
from mealplanner.web.errors import wants_json
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session


@account.get("/account")
def index() -> Response:
    """Show what there is to know and to change."""
    if wants_json():
        return jsonify(account_json(me()))
    last_asked = spending.last_menu(db_session(), me().id)
    return form_page("auth/account.html", form=account_json(me()), zones=zone_choices(), last_asked=last_asked)


@account.post("/account/settings")
def save_settings() -> Response:
    """Store time zone and units."""
    try:
        services.save(db_session(), me(), **parsed(SettingsSchema(), submitted()))
    except Invalid as error:
        last_asked = spending.last_menu(db_session(), me().id)
        return refused("auth/account.html", error, zones=zone_choices(), last_asked=last_asked)
    return done("Your settings are saved.")
