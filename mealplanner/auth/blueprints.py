"""The blueprints of accounts, apart from their views so that every module of views can add to them.

`auth` is for signing in and out, `account` for looking after one's account; `USE_NEW_CONNECTION_HANDLING` takes both.
"""

from __future__ import annotations

from flask import Blueprint

auth = Blueprint("auth", __name__, url_prefix="/auth")
account = Blueprint("account", __name__, url_prefix="/auth")
