"""The pages that confirm an e-mail address and change it.

A link in a mail leads to a page with a button, so programs that open every link in a mail use none of them up.
"""

from __future__ import annotations

from mealplanner.auth.addresses import services
from mealplanner.auth.addresses.schemas import ChangeAddressSchema
from mealplanner.auth.blueprints import account
from mealplanner.auth.links.pages import explains_dead_links
from mealplanner.auth.login import account as me
from mealplanner.auth.login import prove
from mealplanner.errors import Invalid
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.forms import EMPTY, Draft, done, form_page, sent_from
from mealplanner.web.pages import Answer, page
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session


@account.get("/verify/<token>")
@explains_dead_links("verify")
@public
def verify_form(token: str) -> Answer:
    """Ask for one click before the address counts as confirmed."""
    return page("auth/verify.html", link=services.address_link(db_session(), token, now=now()))


@account.post("/verify/<token>")
@explains_dead_links("verify")
@public
def verify(token: str) -> Answer:
    """Confirm the address; a second time is fine."""
    services.confirm_address(db_session(), token, client=client())
    return done("Your e-mail address is confirmed.", "home.index")


@account.post("/account/verify")
def ask_verification() -> Answer:
    """Mail another link."""
    services.ask_verification(db_session(), me(), client=client())
    return done(f"A link is on its way to {me().email}.", "account.index")


@account.get("/account/email")
def address_form(draft: Draft = EMPTY) -> Answer:
    """Ask for another address."""
    return form_page("auth/email.html", draft)


@account.post("/account/email")
@sent_from(address_form)
def change_address() -> Answer:
    """Mail a link to the new address."""
    typed = parsed(ChangeAddressSchema(), submitted())
    if typed["email"] == me().email:  # another spelling of it may be wanted
        raise Invalid({"email": ["That's your address already."]})
    proof = prove(typed["present_password"])
    services.ask_new_address(db_session(), me(), proof=proof, email=typed["email"], client=client())
    return done(f"A link is on its way to {typed['email']}. The address changes when you open it.", "account.index")
