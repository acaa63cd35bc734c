"""The way to a provider and back, and the page on which an account is linked.

The way back is a GET from another site, which changes nothing: its page sends a form, which does.
"""

from __future__ import annotations

from flask import jsonify, redirect, request, session, url_for
from flask_login import current_user
from werkzeug import Response

from mealplanner.auth.blueprints import account, auth
from mealplanner.auth.factors.login import ask_second_step
from mealplanner.auth.login import fresh_login, known_accounts, new_session, person, require_fresh_login, sign_in
from mealplanner.auth.oidc import services
from mealplanner.auth.oidc.errors import NoProvider, ProviderRefused
from mealplanner.auth.oidc.values import Flow, Identity, flow_of, new_flow
from mealplanner.auth.sessions.lifetime import TYPED
from mealplanner.config.sign_in_provider import SignInProvider
from mealplanner.errors import Unauthenticated
from mealplanner.throttle import services as throttle
from mealplanner.throttle.guesses import log_wrong
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import done, go_on, next_page
from mealplanner.web.pages import Answer, page
from mealplanner.web.settings import settings
from mealplanner.web.transactions import db_session, request_unit_of_work, run_apart

FLOW = "provider_flow"
"""The key in the cookie for the way that a browser has begun."""


@auth.get("/provider")
@public
def provider_start() -> Response:
    """Lead to the provider, to sign in there."""
    return redirect(_way_there(linking=False, onward=next_page()), 303)


@auth.get("/provider/back")
@public
def provider_back() -> Answer:
    """Take the person back from the provider; the form of this page goes on."""
    provider, flow = _provider(), _flow(request.args.get("state"))
    if "code" not in request.args:
        raise ProviderRefused(provider.name, "denied" if request.args.get("error") == "access_denied" else "error")
    return page("auth/provider_back.html", provider=provider, flow=flow, code=request.args["code"])


@auth.post("/provider/finish")
@public
def provider_finish() -> Answer:
    """Sign the person in, or link their account, by what the provider says."""
    flow = _flow(request.form.get("state"))
    identity = _proven(flow, request.form.get("code", ""))
    return _link(identity) if flow.linking else _enter(identity)


@account.get("/account/provider")
def provider() -> Answer:
    """Show what the account is linked to."""
    found = services.linked(db_session(), person())
    if wants_json():
        return jsonify(linked=[{"issuer": one.issuer, "label": one.label} for one in found])
    return page("auth/provider.html", provider=_provider(), linked=found)


@account.post("/account/provider")
@fresh_login
def link_provider() -> Answer:
    """Offer the way to the provider, to link the account to the one there."""
    return page("auth/provider_link.html", provider=_provider(), address=_way_there(linking=True, onward=None))


@account.post("/account/provider/unlink")
@fresh_login
def unlink_provider() -> Answer:
    """End the link."""
    provider = _provider()
    services.unlink(db_session(), person(), provider.issuer, name=provider.name, client=client())
    return done(f"You can't sign in with {provider.name} any more.", "account.provider")


def _provider() -> SignInProvider:
    found = settings().provider
    if found is None:
        raise NoProvider
    return found


def _flow(state: str | None) -> Flow:
    """Return the way that this browser began, if what came back belongs to it. Raise `ProviderRefused`."""
    flow = flow_of(session.get(FLOW))
    if flow is None or not flow.belongs(state, now()):
        log_wrong("provider", client())
        raise ProviderRefused(_provider().name, "state")
    return flow


def _way_there(*, linking: bool, onward: str | None) -> str:
    """Begin a way to the provider in this browser, and return its address. No connection is held meanwhile."""
    from mealplanner.auth.oidc.provider import way_there

    provider, visitor = _provider(), client()
    run_apart(lambda apart: throttle.spend(apart, "provider", visitor))
    flow = new_flow(linking=linking, onward=onward, now=visitor.now)
    address = way_there(provider, flow, back=_back())
    session[FLOW] = flow.as_dict()
    return address


def _proven(flow: Flow, code: str) -> Identity:
    """Ask the provider who the person is. Answers that prove nothing are counted. No connection is held meanwhile."""
    from mealplanner.auth.oidc.provider import proven

    provider, visitor = _provider(), client()
    counted = run_apart(lambda apart: throttle.spend(apart, "provider", visitor))
    request_unit_of_work().release()
    try:
        identity = proven(provider, flow, code, back=_back(), now=visitor.now)
    except ProviderRefused:
        log_wrong("provider", visitor)
        raise
    throttle.give_back(db_session(), counted)
    session.pop(FLOW)
    return identity


def _enter(identity: Identity) -> Answer:
    new, name, known = new_session(), _provider().name, known_accounts()
    entered = services.enter(db_session(), identity, name=name, new=new, known=known, client=client())
    if entered.missing:
        return ask_second_step(entered.account, entered.password_hash, entered.missing)
    sign_in(entered.account, new)
    session.pop(TYPED)  # the provider was asked, not the password
    return jsonify(email=entered.account.email) if wants_json() else go_on("home.index")


def _link(identity: Identity) -> Answer:
    if not current_user.is_authenticated:
        raise Unauthenticated
    require_fresh_login()
    name = _provider().name
    services.link(db_session(), person(), identity, name=name, client=client())
    return done(f"You can sign in with {name} from now on.", "account.provider")


def _back() -> str:
    return url_for("auth.provider_back", _external=True)
