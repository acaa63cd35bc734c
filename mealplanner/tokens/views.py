"""The page of a person's tokens."""

from __future__ import annotations

import secrets
import uuid

from flask import jsonify

from mealplanner.auth.login import account, fresh_login, local_time, person
from mealplanner.tokens import services
from mealplanner.tokens.login import tokens
from mealplanner.tokens.presentation import token_json
from mealplanner.tokens.schemas import TokenSchema
from mealplanner.tokens.scopes import WORDS, Scope
from mealplanner.tokens.values import BYTES
from mealplanner.web.clients import client, now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, sent_from
from mealplanner.web.pages import Answer, json_answer, page
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session


@tokens.get("")
def index(draft: Draft = EMPTY) -> Answer:
    """Show the person's tokens, and the form that makes another."""
    found = services.listed(db_session(), person())
    if wants_json():
        return json_answer(lambda: {"tokens": [token_json(token) for token in found]})
    form = draft.or_else({"days": 90})
    chosen = draft.sent.getlist("scopes") if draft.sent is not None else [Scope.READ_MENUS]
    context = {"tokens": found, "words": WORDS, "now": now(), "zone": local_time().tzinfo, "chosen": chosen}
    return form_page("tokens/index.html", draft, form=form, **context)


@tokens.post("")
@fresh_login
@sent_from(index)
def make() -> Answer:
    """Make a token, and show it this once."""
    wanted = parsed(TokenSchema(), submitted())
    secret, token_id = secrets.token_bytes(BYTES), uuid.uuid4()
    token = services.make(db_session(), account(), token_id=token_id, secret=secret, client=client(), **wanted)
    if wants_json():
        answer = jsonify(id=str(token_id), token=token)
        answer.status_code = 201
        return answer
    return page("tokens/made.html", 201, name=wanted["name"], token=token)


@tokens.post("/<uuid:token_id>/end")
def end(token_id: uuid.UUID) -> Answer:
    """End a token at once."""
    services.end(db_session(), person(), token_id, client=client())
    return done("The token doesn't work any more.", "tokens.index")
