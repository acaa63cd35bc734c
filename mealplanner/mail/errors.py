"""What can go wrong between us and a mail server."""

from __future__ import annotations

from mealplanner.errors import Conflict, DomainError


class NotTaken(DomainError):
    """The server is away, cannot be trusted, or said *later*: it certainly does not have the mail. Try again."""


class Refused(DomainError):
    """The server said *no*, for good: it certainly does not have the mail, and will not take it."""


class OutcomeOfMailUnknown(DomainError):
    """The connection broke after the mail had been handed over and before the server said that it has it."""


class MailTakenOver(Conflict):
    """This worker's mail is not its own any more: stop at once, and send nothing."""

    message = "The mail was dropped or taken over."
