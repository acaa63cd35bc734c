"""Handing one mail to a real server, and knowing whether it has it, whatever breaks."""

from __future__ import annotations

import datetime
import socket
import ssl
from dataclasses import replace
from email.message import EmailMessage

import pytest

from mealplanner.config.smtp_server import SmtpServer, Tls
from mealplanner.mail.emails import EmailContent, Envelope, message
from mealplanner.mail.errors import NotTaken, OutcomeOfMailUnknown, Refused, Silent
from mealplanner.mail.smtp import send
from tests.mail.servers import DROP, PASSWORD, SILENCE, USER, MailServer, trust, unhelpful_server

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
LETTER = EmailContent(subject="Your week", paragraphs=("Peas and rice.", ".", "..and a line that begins with a dot"))


def mail(recipient: str = "person@example.org") -> EmailMessage:
    """Return a mail to send."""
    return message(LETTER, Envelope(sender="Meals <meals@example.org>", recipient=recipient, event="e1", date=NOON))


def at(server: MailServer, **changes: str) -> SmtpServer:
    """Return the address of the server."""
    tls: dict[str, Tls] = {"none": "none", "starttls": "starttls", "implicit": "implicit"}
    return replace(SmtpServer(host="127.0.0.1", port=server.port, tls=tls[server.tls]), **changes)  # type: ignore[arg-type]


class Steps:
    """Count how often the mail was about to be handed over."""

    count = 0

    def __call__(self) -> None:
        self.count += 1


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
def test_a_mail_arrives_as_it_was_written(tls: str) -> None:
    """Over each kind of connection: headers, text with its dots, HTML; handed over once."""
    steps = Steps()
    with MailServer(tls) as server:
        send(mail(), server=at(server), handing_over=steps, trust=trust())
    (envelope,), (arrived,) = server.envelopes, server.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("meals@example.org", ["person@example.org"])
    assert (arrived["Subject"], arrived["Message-ID"]) == ("Your week", "<e1@example.org>")
    text, html = (arrived.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == "Peas and rice.\n\n.\n\n..and a line that begins with a dot\n\n"
    assert "<p>Peas and rice.</p>" in html.get_content()
    assert server.secured == [tls != "none"]
    assert steps.count == 1


def test_user_and_password_are_used() -> None:
    """After the connection was secured."""
    with MailServer("starttls", login=True) as server:
        send(mail(), server=at(server, user=USER, password=PASSWORD), handing_over=Steps(), trust=trust())
    assert server.signed_in == server.secured == [True]


def test_a_wrong_password_is_tried_again_later() -> None:
    """The operator may correct it; the mail is not at fault."""
    steps = Steps()
    with MailServer(login=True) as server, pytest.raises(NotTaken, match="does not let us in: 535"):
        send(mail(), server=at(server, user=USER, password="wrong"), handing_over=steps)
    assert steps.count == 0


def test_a_server_that_does_not_answer_is_tried_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotTaken, match="does not answer"):
        send(mail(), server=SmtpServer(host="127.0.0.1", port=port, tls="none"), handing_over=Steps())


@pytest.mark.parametrize("drip", [False, True], ids=["silent", "never done"])
def test_a_server_that_keeps_its_clients_waiting_is_left_in_time(drip: bool) -> None:
    """Also one that sends bytes all the time, each of which restarts the library's own timeout."""
    steps = Steps()
    with unhelpful_server(drip=drip) as server, pytest.raises(Silent, match=r"does not answer: .*0\.2 s|timed out"):
        send(mail(), server=server, handing_over=steps, seconds=0.2)
    assert steps.count == 0


def test_without_the_tls_that_is_asked_for_nothing_is_said() -> None:
    """Neither a password nor an address is sent in the clear."""
    steps = Steps()
    with MailServer(login=True) as server, pytest.raises(NotTaken, match="does not let us in: STARTTLS"):
        send(mail(), server=at(server, tls="starttls", user=USER, password=PASSWORD), handing_over=steps)
    assert (steps.count, server.envelopes) == (0, [])


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_certificate_that_is_not_trusted_is_refused(tls: str) -> None:
    """Nothing is said to a machine in between."""
    steps = Steps()
    with MailServer(tls) as server, pytest.raises(NotTaken, match="certificate verify failed"):
        send(mail(), server=at(server), handing_over=steps, trust=ssl.create_default_context())
    assert (steps.count, server.envelopes) == (0, [])


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize(
    ("answer", "error"), [("451 4.3.0 later, perhaps", NotTaken), ("550 5.1.1 nobody here", Refused)]
)
def test_later_and_no_are_told_apart_at_every_step(step: str, answer: str, error: type[Exception]) -> None:
    """With the server's own words; in neither case does it have the mail."""
    with MailServer() as server:
        server.answers = {step: answer}
        with pytest.raises(error, match=answer):
            send(mail(), server=at(server), handing_over=Steps())
    assert server.envelopes == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_connection_that_breaks_early_leaves_no_doubt(step: str) -> None:
    """The mail itself was never sent."""
    with MailServer() as server:
        server.answers = {step: DROP}
        with pytest.raises(NotTaken, match="went away"):
            send(mail(), server=at(server), handing_over=Steps())


@pytest.mark.parametrize("answer", [DROP, SILENCE])
def test_a_connection_that_breaks_late_leaves_doubt(answer: str) -> None:
    """The server may have the mail or not."""
    with MailServer() as server:
        server.answers = {"END": answer}
        with pytest.raises(OutcomeOfMailUnknown, match="at the last moment"):
            send(mail(), server=at(server), handing_over=Steps(), seconds=0.3 if answer == SILENCE else 30.0)


def test_an_error_at_the_last_moment_stops_the_mail() -> None:
    """The server gets an address but no mail."""

    def stop() -> None:
        raise KeyError("stop")

    with MailServer() as server, pytest.raises(KeyError):
        send(mail(), server=at(server), handing_over=stop)
    assert server.envelopes == []


def test_addresses_in_any_script_arrive() -> None:
    """The domain goes in ASCII letters, the rest as it is where the server supports that."""
    with MailServer() as server:
        send(mail("jürgen@bücher.example"), server=at(server), handing_over=Steps())
        send(mail("jurgen@bücher.example"), server=at(server), handing_over=Steps())
    recipients = [envelope.rcpt_tos for envelope in server.envelopes]
    assert recipients == [["jürgen@xn--bcher-kva.example"], ["jurgen@xn--bcher-kva.example"]]
    assert ["SMTPUTF8" in envelope.mail_options for envelope in server.envelopes] == [True, False]


def test_an_address_that_the_server_cannot_write_is_refused() -> None:
    """Another attempt would not help."""
    with MailServer(international=False) as server, pytest.raises(Refused, match="letters beyond ASCII"):
        send(mail("jürgen@example.org"), server=at(server), handing_over=Steps())
