"""What an audit log can say: a closed list of events, and who caused one. Pure.

To record something new, add it to `Event` and its words to `WORDS`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final


class Actor(enum.StrEnum):
    """Who caused an event: the person, an operator, the program by itself, an API token, or a visitor."""

    SELF = "self"
    OPERATOR = "operator"
    SYSTEM = "system"
    TOKEN = "token"
    VISITOR = "visitor"


class Event(enum.StrEnum):
    """What happened to an account. The names are stored, so none is ever given another meaning."""

    ACCOUNT_MADE = "account-made"
    ACCOUNT_DELETED = "account-deleted"
    ACCOUNT_DISABLED = "account-disabled"
    ACCOUNT_ENABLED = "account-enabled"
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    SIGNED_OUT_EVERYWHERE = "signed-out-everywhere"
    WRONG_PASSWORD = "wrong-password"  # nosec B105  # the name of an event
    PASSWORD_CHANGED = "password-changed"  # nosec B105
    PASSWORD_RESET = "password-reset"  # nosec B105
    ADDRESS_CONFIRMED = "address-confirmed"
    ADDRESS_CHANGED = "address-changed"
    OPERATOR_GRANTED = "operator-granted"
    OPERATOR_REVOKED = "operator-revoked"
    MAIL_SENT_AGAIN = "mail-sent-again"
    FACTOR_ADDED = "factor-added"
    FACTOR_REMOVED = "factor-removed"
    CODES_MADE = "recovery-codes-made"
    CODE_USED = "recovery-code-used"
    WRONG_CODE = "wrong-code"
    CALENDAR_MADE = "calendar-made"
    CALENDAR_ENDED = "calendar-ended"
    LIST_LINK_MADE = "list-link-made"
    LIST_LINK_ENDED = "list-link-ended"
    SIGNED_IN_BY_PROVIDER = "signed-in-by-provider"
    PROVIDER_LINKED = "provider-linked"
    PROVIDER_UNLINKED = "provider-unlinked"
    INVITATION_MADE = "invitation-made"
    INVITATION_ENDED = "invitation-ended"
    TOKEN_MADE = "token-made"  # nosec B105
    TOKEN_ENDED = "token-ended"  # nosec B105


WORDS: Final[Mapping[str, str]] = {
    Event.ACCOUNT_MADE: "Account created",
    Event.ACCOUNT_DELETED: "Account deleted",
    Event.ACCOUNT_DISABLED: "Account closed",
    Event.ACCOUNT_ENABLED: "Account opened again",
    Event.SIGNED_IN: "Signed in with {browser}",
    Event.SIGNED_OUT: "Signed out of {browser}",
    Event.SIGNED_OUT_EVERYWHERE: "Signed out everywhere else",
    Event.WRONG_PASSWORD: "Wrong password, {failures} in a row",
    Event.PASSWORD_CHANGED: "Password changed",
    Event.PASSWORD_RESET: "New password chosen by a link in an e-mail",
    Event.ADDRESS_CONFIRMED: "E-mail address confirmed",
    Event.ADDRESS_CHANGED: "E-mail address changed from {old} to {new}",
    Event.OPERATOR_GRANTED: "You were made an operator of this site",
    Event.OPERATOR_REVOKED: "You were an operator of this site until now",
    Event.MAIL_SENT_AGAIN: "E-mail that had failed sent again ({kind})",
    Event.FACTOR_ADDED: "Second step set up: {factor}",
    Event.FACTOR_REMOVED: "Second step removed: {factor}",
    Event.CODES_MADE: "New recovery codes made",
    Event.CODE_USED: "Recovery code used",
    Event.WRONG_CODE: "Right password, but a wrong second step",
    Event.CALENDAR_MADE: "Address of your calendar created",
    Event.CALENDAR_ENDED: "Address of your calendar ended",
    Event.LIST_LINK_MADE: "Link to a shopping list created",
    Event.LIST_LINK_ENDED: "Link to a shopping list ended",
    Event.SIGNED_IN_BY_PROVIDER: "Signed in with {browser}, through {provider}",
    Event.PROVIDER_LINKED: "Linked to {label} at {provider}",
    Event.PROVIDER_UNLINKED: "No longer linked to {label} at {provider}",
    Event.INVITATION_MADE: "Invitation created",
    Event.INVITATION_ENDED: "Invitation taken back",
    Event.TOKEN_MADE: "API token “{name}” created",
    Event.TOKEN_ENDED: "API token “{name}” ended",
}
"""Event -> how it is told, with its details in braces."""

BY: Final[Mapping[str, str]] = {
    Actor.SELF: "by you",
    Actor.OPERATOR: "by an operator of this site",
    Actor.SYSTEM: "by mealplanner",
    Actor.TOKEN: "by a program with one of your tokens",
    Actor.VISITOR: "by a visitor",
}

Details = Mapping[str, str | int]


def told(event: str, details: Details) -> str:
    """Return an event in plain words; one that a newer release stored is told by its name."""
    words = WORDS.get(event)
    return words.format_map(details) if words is not None else event.replace("-", " ").capitalize()
