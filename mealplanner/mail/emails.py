"""Mails as text and HTML. Pure, and without Flask."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final

import idna
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

_templates: Final = Environment(
    loader=PackageLoader("mealplanner.mail"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailContent:
    """The content of a mail. `button` is the text of the link; small print comes last."""

    subject: str
    paragraphs: tuple[str, ...]
    link: str | None = None
    button: str = ""
    small_print: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The sender (as in `MAIL_FROM`), the recipient (an address), and the id of the event, which becomes the mail's."""

    sender: str
    recipient: str
    event: str
    date: datetime.datetime


def message(content: EmailContent, envelope: Envelope) -> EmailMessage:
    """Return the mail as text with HTML beside it, both 7-bit safe. Line breaks in an address or a subject raise."""
    name, address = parseaddr(envelope.sender)
    made = EmailMessage()
    local, domain = _parts(address)
    made["From"] = Address(name, local, domain)
    made["To"] = Address("", *_parts(envelope.recipient))
    made["Subject"] = content.subject
    made["Date"] = format_datetime(envelope.date)
    made["Message-ID"] = f"<{envelope.event}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    for kind, subtype in (("txt", "plain"), ("html", "html")):
        text = _templates.get_template(f"email.{kind}").render(asdict(content))
        add = made.set_content if subtype == "plain" else made.add_alternative
        add(text, subtype=subtype, cte="quoted-printable")
    return made


def _parts(address: str) -> tuple[str, str]:
    """Return the part before the `@`, and the domain in the ASCII letters that DNS has."""
    name, _, domain = address.rpartition("@")
    return name, domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
