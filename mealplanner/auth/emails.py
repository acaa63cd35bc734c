"""The texts of mails about accounts. Pure; `site` is the address of this installation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mealplanner.mail.emails import EmailContent

NOT_YOU: Final = "If this was not you, ignore this mail: without the link nothing happens."
KEEP: Final = "Anyone who has this link can use it, so do not pass it on."


def verify(site: str, token: str) -> EmailContent:
    """Return the mail after registering, which finds out whether mail arrives."""
    return EmailContent(
        subject="Confirm your e-mail address",
        paragraphs=(
            "Welcome! An account was created with this address.",
            "Please confirm that mail reaches you here, so that you can choose a new password if you forget yours.",
        ),
        link=f"{site}/auth/verify/{token}",
        button="Confirm this address",
        small_print=("The link works for three days.", NOT_YOU),
    )


def reset(site: str, token: str) -> EmailContent:
    """Return the mail that lets its reader choose another password."""
    return EmailContent(
        subject="Choose a new password",
        paragraphs=("You asked to choose a new password for your account.",),
        link=f"{site}/auth/reset/{token}",
        button="Choose a new password",
        small_print=("The link works once, for one hour.", KEEP, NOT_YOU),
    )


def change_email(site: str, token: str) -> EmailContent:
    """Return the mail to a new address, before it counts."""
    return EmailContent(
        subject="Confirm your new e-mail address",
        paragraphs=("You asked to use this address for your account.",),
        link=f"{site}/auth/verify/{token}",
        button="Use this address",
        small_print=("The link works for three days. Until you open it, your old address stays.", NOT_YOU),
    )


def password_changed(site: str) -> EmailContent:
    """Return the mail after the password was changed."""
    return EmailContent(
        subject="Your password was changed",
        paragraphs=(
            "The password of your account was changed just now, and every other browser was signed out.",
            "If this was not you, choose a new password at once.",
        ),
        link=f"{site}/auth/forgot",
        button="Choose a new password",
    )


def email_changed(site: str) -> EmailContent:
    """Return the mail to the old address, after the new one counts."""
    return EmailContent(
        subject="Your account has a new e-mail address",
        paragraphs=(
            "Your account no longer uses this address: a new one was confirmed just now.",
            f"If this was not you, tell the operator of {site} at once.",
        ),
    )


WITH_LINK: Final[Mapping[str, Callable[[str, str], EmailContent]]] = {
    "verify": verify,
    "reset": reset,
    "change-email": change_email,
}
"""Kind of mail, which is the purpose of its link -> its text."""

WITHOUT_LINK: Final[Mapping[str, Callable[[str], EmailContent]]] = {
    "password-changed": password_changed,
    "email-changed": email_changed,
}
