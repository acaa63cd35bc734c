"""Mails: text and HTML that say the same, and headers that cannot be broken out of."""

from __future__ import annotations

import datetime
from dataclasses import replace
from email.message import EmailMessage

import pytest

from mealplanner.mail.emails import EmailContent, Envelope, message

LETTER = EmailContent(
    subject="Peas & <rice>",
    paragraphs=("Sam's <b>peas</b> & rice.",),
    link="https://meals.example.org/auth/verify/abc_-def",
    button="Confirm <this>",
    small_print=("The link works once.",),
)
ENVELOPE = Envelope(
    sender='"Meals, Inc." <meals@bücher.example>',
    recipient="person@example.org",
    event="6e0f",
    date=datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC),
)


def body(mail: EmailMessage, kind: str) -> str:
    """Return the text or the HTML."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_text_and_html_say_the_same() -> None:
    """HTML is escaped, text is not."""
    mail = message(LETTER, ENVELOPE)
    assert body(mail, "plain") == (
        "Sam's <b>peas</b> & rice.\n\n"
        "Confirm <this>: https://meals.example.org/auth/verify/abc_-def\n\nThe link works once.\n"
    )
    html = body(mail, "html")
    assert "Sam&#39;s &lt;b&gt;peas&lt;/b&gt; &amp; rice." in html
    assert "Confirm &lt;this&gt;</a>" in html
    assert html.count("https://meals.example.org/auth/verify/abc_-def") == 2
    assert "The link works once." in html


def test_a_letter_without_a_link_has_no_button() -> None:
    """Nor the sentence about a button that does not work."""
    mail = message(replace(LETTER, link=None), ENVELOPE)
    assert "Confirm" not in body(mail, "plain")
    assert "href" not in body(mail, "html")


def test_the_headers_say_what_the_mail_is() -> None:
    """One event has one id, machines are told not to answer, and domains are in ASCII letters."""
    mail = message(LETTER, ENVELOPE)
    assert mail["From"] == '"Meals, Inc." <meals@xn--bcher-kva.example>'
    assert mail["To"] == "person@example.org"
    assert mail["Subject"] == "Peas & <rice>"
    assert mail["Date"].datetime == ENVELOPE.date
    assert mail["Message-ID"] == "<6e0f@xn--bcher-kva.example>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_every_line_is_seven_bits_wide_and_short() -> None:
    """So no server on the way has a reason to change it."""
    letter = replace(LETTER, paragraphs=("Crème brûlée " * 40,))
    content = message(letter, replace(ENVELOPE, sender="meals@example.org")).as_bytes()
    assert content.isascii()
    assert max(map(len, content.splitlines())) <= 78


@pytest.mark.parametrize(
    ("letter", "envelope"),
    [
        (replace(LETTER, subject="Hello\nBcc: all@example.org"), ENVELOPE),
        (LETTER, replace(ENVELOPE, recipient="a@example.org\nBcc: all@example.org")),
    ],
)
def test_no_header_can_be_added(letter: EmailContent, envelope: Envelope) -> None:
    """A line break in an address or a subject raises."""
    with pytest.raises(ValueError, match=r"CR or LF|linefeed"):
        message(letter, envelope)
