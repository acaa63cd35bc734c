"""Requests with a token: whose they are, what they may do, and what they are told when they may not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

from flask import Blueprint, Response, request

from mealplanner.auth.login import act_for
from mealplanner.errors import DomainError
from mealplanner.telemetry.scope import current_scope, enter_scope
from mealplanner.throttle import services as throttle
from mealplanner.tokens import services
from mealplanner.tokens.errors import BadToken, ClosedToTokens, MisplacedToken, MissingScope
from mealplanner.tokens.scopes import Closed, Open, rule_of
from mealplanner.tokens.values import PREFIX, SHAPE
from mealplanner.web.application import Application
from mealplanner.web.bearer import bearer
from mealplanner.web.clients import client, now
from mealplanner.web.errors import challenged, problem
from mealplanner.web.transactions import db_session, run_apart

log = logging.getLogger(__name__)

tokens = Blueprint("tokens", __name__, url_prefix="/auth/account/tokens")


def init_tokens(app: Application) -> None:
    """Take tokens; call this before a sign-in is asked for."""
    app.before_view.append(take_token)


def take_token(_view: Callable[..., Any]) -> None:
    """Let the owner of the token be the person of this request. Count, log and raise what is refused."""
    try:
        refuse_misplaced()
        if (token := bearer()) is not None:
            _enter(token)
    except (BadToken, ClosedToTokens, MissingScope) as error:
        _refuse(error)


def refuse_misplaced() -> None:
    """Raise `MisplacedToken` for a token in the address or in a cookie."""
    if any(map(SHAPE.fullmatch, _texts_of_address())):
        raise MisplacedToken("an address")
    if PREFIX in request.headers.get("Cookie", "") and any(map(SHAPE.fullmatch, request.cookies.values())):
        raise MisplacedToken("a cookie")


def _texts_of_address() -> list[str]:
    """Return the parts of the address that a sender chooses."""
    asked = [value for _, value in request.args.items(multi=True)] if request.query_string else []
    return [*map(str, (request.view_args or {}).values()), *asked]


def _enter(token: str) -> None:
    rule = rule_of(request.endpoint or "")
    if isinstance(rule, Open):
        return
    found, owner = services.recognised(db_session(), token, now=now())
    enter_scope(replace(current_scope(), token=str(found.id)))
    if isinstance(rule, Closed):
        raise ClosedToTokens(rule)
    if rule not in found.scopes:
        raise MissingScope(rule)
    if found.unnoted(now()):
        run_apart(services.used, found.id, now=now())
    act_for(owner)


def _refuse(error: DomainError) -> NoReturn:
    log.info("refused a token: %s", type(error).__name__)
    count = throttle.wrong if isinstance(error, BadToken) else throttle.spend
    run_apart(count, "token", client=client())
    raise error


@tokens.app_errorhandler(BadToken)
def bad_token(error: BadToken) -> Response:
    """Say why the token opens nothing."""
    return challenged(problem(401, str(error)), error="invalid_token")


@tokens.app_errorhandler(MissingScope)
def missing_scope(error: MissingScope) -> Response:
    """Name the scope that the token lacks."""
    response = problem(403, str(error), scope=error.scope)
    return challenged(response, error="insufficient_scope", scope=error.scope)
