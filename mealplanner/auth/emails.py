"""The texts of mails about accounts. Pure; `site` is the address of this installation."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Final

from mealplanner.mail.emails import EmailContent

NOT_YOU: Final = "If this wasn't you, just ignore this e-mail. Nothing happens unless the link is opened."
KEEP: Final = "Anyone who has this link can use it, so please don't pass it on."


def verify(site: str, token: str) -> EmailContent:
    """Return the mail after registering, which finds out whether mail arrives."""
    return EmailContent(
        subject="Confirm your e-mail address",
        paragraphs=(
            "Welcome to mealplanner! You've just created an account with this address.",
            "Please confirm that our e-mail reaches you, so that you can get back in if you ever forget your password.",
        ),
        link=f"{site}/auth/verify/{token}",
        button="Confirm this address",
        small_print=("The link works for three days.", NOT_YOU),
    )


def reset(site: str, token: str) -> EmailContent:
    """Return the mail that lets its reader choose another password."""
    return EmailContent(
        subject="Choose a new password",
        paragraphs=("You asked for a new password. Choose one with the button below.",),
        link=f"{site}/auth/reset/{token}",
        button="Choose a new password",
        small_print=("The link works once, for one hour.", KEEP, NOT_YOU),
    )


def change_email(site: str, token: str) -> EmailContent:
    """Return the mail to a new address, before it counts."""
    return EmailContent(
        subject="Confirm your new e-mail address",
        paragraphs=("You asked to use this address for your mealplanner account.",),
        link=f"{site}/auth/verify/{token}",
        button="Use this address",
        small_print=("The link works for three days. Until you open it, we keep using your old address.", NOT_YOU),
    )


def password_changed(site: str) -> EmailContent:
    """Return the mail after the password was changed."""
    return EmailContent(
        subject="Your password was changed",
        paragraphs=(
            "Your password was changed just now, and you were signed out everywhere else.",
            "If this wasn't you, please choose a new password right away.",
        ),
        link=f"{site}/auth/forgot",
        button="Choose a new password",
    )


def email_changed(site: str) -> EmailContent:
    """Return the mail to the old address, after the new one counts."""
    return EmailContent(
        subject="Your account has a new e-mail address",
        paragraphs=(
            "Your account doesn't use this address any more: a new one was confirmed just now.",
            f"If this wasn't you, please tell the person who runs {site} right away.",
        ),
    )


def token_made(site: str) -> EmailContent:
    """Return the mail after an API token was made."""
    return EmailContent(
        subject="A new API token for your account",
        paragraphs=(
            "An API token was made for your account just now. A program that has it can use your account without your "
            "password, for what the token is meant for.",
            "If this wasn't you, please end it right away, and choose a new password.",
        ),
        link=f"{site}/auth/account/tokens",
        button="See your tokens",
    )


def new_browser(site: str, what: str | None) -> EmailContent:
    """Return the mail after a sign-in from a browser that is new to the account; None if it was ended meanwhile."""
    return EmailContent(
        subject="A new browser signed in to your account",
        paragraphs=(
            f"Someone signed in to your account in a browser that is new to us{f': {what}' if what else ''}.",
            "If this was you, there is nothing to do.",
            "If it wasn't, please choose a new password right away. That signs out everyone else.",
        ),
        link=f"{site}/auth/forgot",
        button="Choose a new password",
    )


def factors(site: str, token: str) -> EmailContent:
    """Return the mail to a person who has lost their second factors."""
    return EmailContent(
        subject="Sign in without your second step",
        paragraphs=("You said that you can't take the second step of signing in. The button below takes it away.",),
        link=f"{site}/auth/factors-off/{token}",
        button="Take the second step away",
        small_print=(
            "The link works once, for one hour.",
            "If this wasn't you, someone knows your password: don't open the link, and choose a new password.",
        ),
    )


def _factor_changed(what: str, site: str) -> EmailContent:
    return EmailContent(
        subject="How you sign in was changed",
        paragraphs=(what, "If this wasn't you, please choose a new password right away, and look at your account."),
        link=f"{site}/auth/account/factors",
        button="See how you sign in",
    )


_CHANGES: Final = {
    "factor-added": "A second step was added to your account just now: from now on, a password alone is not enough.",
    "factor-removed": "A second step was removed from your account just now.",
    "codes-made": "New recovery codes were made for your account just now. The old ones no longer work.",
    "code-used": "One of your recovery codes was used just now to sign in.",
}

WITH_LINK: Final[Mapping[str, Callable[[str, str], EmailContent]]] = {
    "verify": verify,
    "reset": reset,
    "change-email": change_email,
    "factors": factors,
}
"""Kind of mail, which is the purpose of its link -> its text."""

WITHOUT_LINK: Final[Mapping[str, Callable[[str], EmailContent]]] = {
    "password-changed": password_changed,
    "email-changed": email_changed,
    **{kind: functools.partial(_factor_changed, what) for kind, what in _CHANGES.items()},
    "token-made": token_made,
}
