"""The page on which people read what happened to their account."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import jsonify, request

from mealplanner.audit import services as audit
from mealplanner.audit.presentation import entry_json, log_page
from mealplanner.auth.blueprints import account
from mealplanner.auth.login import account as me
from mealplanner.web.errors import wants_json
from mealplanner.web.pages import Answer, page
from mealplanner.web.transactions import db_session


@account.get("/account/activity")
def activity() -> Answer:
    """Show a page of the audit log, the newest lines first."""
    found = audit.entries(db_session(), me().id, before=request.args.get("before", type=_line))
    shown = log_page(found)
    if wants_json():
        return jsonify(entries=[entry_json(entry) for entry in found[: audit.PAGE]], older=shown.older)
    return page("auth/activity.html", log=shown, zone=ZoneInfo(me().time_zone), days=audit.KEPT.days)


def _line(text: str) -> int:
    """Return the number of a line. Raise `ValueError` for what the database could not compare with one."""
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError(text)
    return number
