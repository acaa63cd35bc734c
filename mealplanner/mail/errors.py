"""What can go wrong between the application and a mail server."""

from __future__ import annotations

from mealplanner.errors import Conflict, DomainError


class NotTaken(DomainError):
    """The server certainly does not have the mail, and may take it later: try again."""


class Silent(NotTaken):
    """The server cannot be reached, does not answer in time, or broke the connection."""


class Refused(DomainError):
    """The server refused for good: it certainly does not have the mail, and will not take it."""


class OutcomeOfMailUnknown(DomainError):
    """The connection broke after the mail had been handed over and before the server said that it has it."""


class MailTakenOver(Conflict):
    """The mail no longer belongs to this worker: it stops at once and sends nothing."""

    message = "The mail was dropped or taken over."
