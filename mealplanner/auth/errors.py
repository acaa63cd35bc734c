"""What can go wrong with accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mealplanner.errors import Invalid, NotFound, Unauthenticated


class EmailTaken(Invalid):
    """Another account has this address; the unique index on `users.email_key` says so."""

    def __init__(self) -> None:
        super().__init__({"email": ["There is an account with this address already. Please sign in instead."]})


class RegistrationClosed(Invalid):
    """The operator has decided that there are no more new accounts."""

    def __init__(self) -> None:
        super().__init__({"form": ["This site doesn't take new accounts. Ask the person who runs it to let you in."]})


class DeadInvitation(NotFound):
    """An invitation that makes no account, for one of `CAUSES`."""

    CAUSES: Final[Mapping[str, str]] = {
        "used": "This invitation was used already. Each one is for one person.",
        "revoked": "This invitation was taken back by the person who runs this site.",
        "expired": "This invitation has expired.",
        "unknown": "There is no such invitation. Please check that the whole link was copied.",
    }

    def __init__(self, cause: str) -> None:
        super().__init__(self.CAUSES[cause])


class UnknownInvitation(NotFound):
    """The operator named an invitation that does not exist, or that is used or revoked already."""

    message = "There is no invitation with this id that could still be used."


class WrongCredentials(Unauthenticated):
    """The address is unknown or the password is wrong; it is not said which."""

    message = "The e-mail address or the password is wrong."


class NameTaken(Invalid):
    """The person has an API token of this name that was not ended."""

    def __init__(self) -> None:
        super().__init__({"name": ["You have a token with this name already. Choose another name, or end that one."]})


class DeadLink(NotFound):
    """A link from a mail that does nothing any more, or that was never sent; the two look alike."""

    message = "This link no longer works. It was used already, it has expired, or there is a newer one."


class Disabled(Unauthenticated):
    """The password is right, but the operator closed the account."""

    message = "This account is closed for now. Please ask the person who runs this site."


class UnknownAccount(NotFound):
    """The operator named an address that has no account."""

    def __init__(self, email: str) -> None:
        super().__init__(f"There is no account for {email}.")
