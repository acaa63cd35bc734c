"""What can go wrong with a provider, each told by its true cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mealplanner.errors import Conflict, NotAllowed, NotFound, Unavailable

BEGIN_AGAIN: Final = "Please begin again."


class NoProvider(NotFound):
    """This site has no provider."""


class ProviderTrouble(Unavailable):
    """The provider could not be asked, or did not answer as it should."""

    CAUSES: Final[Mapping[str, str]] = {
        "unreachable": "We can't reach {name} right now.",
        "slow": "{name} took too long to answer.",
        "huge": "{name} sent an answer that is far too long.",
        "wrong": "{name} sent an answer that we can't use.",
    }
    retry_after = 60

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(f"{self.CAUSES[cause].format(name=name)} Sign in with your password, or try again later.")


class ProviderRefused(NotAllowed):
    """What the provider said does not prove who the person is."""

    CAUSES: Final[Mapping[str, str]] = {
        "state": "This sign-in didn't begin in this browser, or it began more than ten minutes ago.",
        "denied": "{name} says that you didn't allow the sign-in.",
        "error": "{name} refused the sign-in.",
        "code": "{name} didn't accept the code that it had given out. It may have been used already.",
        "signature": "The answer isn't signed by {name}.",
        "iss": "The answer was written by another provider than {name}.",
        "aud": "The answer of {name} is meant for another site.",
        "azp": "The answer of {name} is meant for another site.",
        "nonce": "The answer of {name} belongs to another sign-in.",
        "exp": "The answer of {name} has expired. Its clock, or ours, may be wrong.",
        "iat": "The answer of {name} comes from the future. Its clock, or ours, may be wrong.",
        "nbf": "The answer of {name} comes from the future. Its clock, or ours, may be wrong.",
        "other": "The answer of {name} doesn't say who you are.",
    }

    def __init__(self, name: str, cause: str) -> None:
        self.cause = cause
        super().__init__(f"{self.CAUSES.get(cause, self.CAUSES['other']).format(name=name)} {BEGIN_AGAIN}")


class NotLinked(NotAllowed):
    """The provider knows the person, but no account here is linked to theirs there."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No account here is linked to your account at {name}. Sign in with your password, or create an account; "
            f"then link {name} on the page of your account."
        )


class LinkedElsewhere(Conflict):
    """Another account here is linked to this one at the provider already."""

    message = "Another account of this site is linked to it already. Sign in to that one and unlink it first."
