"""What is written to people about their accounts. Pure; `site` is where they find this installation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mealplanner.mail.emails import EmailContent

NOT_YOU: Final = "If this was not you, you need not do anything: without the link nothing happens."
KEEP: Final = "Whoever has this link can use it, so do not pass it on."


def verify(site: str, token: str) -> EmailContent:
    """After registering: does mail arrive?"""
    return EmailContent(
        subject="Confirm your e-mail address",
        paragraphs=(
            "Somebody, hopefully you, created an account with this address.",
            "Confirm that mail arrives here, so that you can choose another password should you forget yours.",
        ),
        link=f"{site}/auth/verify/{token}",
        button="Confirm this address",
        small_print=("The link works for three days.", NOT_YOU),
    )


def reset(site: str, token: str) -> EmailContent:
    """After asking for another password."""
    return EmailContent(
        subject="Choose another password",
        paragraphs=("Somebody, hopefully you, asked to choose another password for your account.",),
        link=f"{site}/auth/reset/{token}",
        button="Choose another password",
        small_print=("The link works once, for one hour.", KEEP, NOT_YOU),
    )


def change_email(site: str, token: str) -> EmailContent:
    """To the new address, before it counts."""
    return EmailContent(
        subject="Confirm your new e-mail address",
        paragraphs=("Somebody, hopefully you, wants to use this address for their account.",),
        link=f"{site}/auth/verify/{token}",
        button="Use this address",
        small_print=("The link works for three days. Until then the old address counts.", NOT_YOU),
    )


def password_changed(site: str) -> EmailContent:
    """After it happened."""
    return EmailContent(
        subject="Your password was changed",
        paragraphs=(
            "The password of your account was changed just now, and every other browser was signed out.",
            "If this was not you, choose another password at once.",
        ),
        link=f"{site}/auth/forgot",
        button="Choose another password",
    )


def email_changed(site: str) -> EmailContent:
    """To the old address, after the new one counts."""
    return EmailContent(
        subject="Your account has another e-mail address",
        paragraphs=(
            "Your account does not use this address any more: a new one was confirmed just now.",
            f"If this was not you, tell whoever runs {site} at once.",
        ),
    )


WITH_LINK: Final[Mapping[str, Callable[[str, str], EmailContent]]] = {
    "verify": verify,
    "reset": reset,
    "change-email": change_email,
}
"""Kind of mail, which is the purpose of its link -> what it says."""

WITHOUT_LINK: Final[Mapping[str, Callable[[str], EmailContent]]] = {
    "password-changed": password_changed,
    "email-changed": email_changed,
}
