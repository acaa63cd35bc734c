"""`SMTP_URL` and `MAIL_FROM`."""

from __future__ import annotations

import pytest

from mealplanner.config.smtp_server import SmtpServer, sender, smtp_server


@pytest.mark.parametrize(
    ("text", "port", "tls"),
    [
        ("smtps://mail.example.org", 465, "implicit"),
        ("smtps://127.0.0.1:1465/", 1465, "implicit"),
        ("smtp://mail.example.org", 587, "starttls"),
        ("smtp://mail.example.org:25?starttls=never", 25, "none"),
        ("smtp://localhost", 25, "none"),
        ("smtp://[::1]:2525", 2525, "none"),
        ("smtp://127.0.0.1?starttls=always", 25, "starttls"),
    ],
)
def test_tls_is_asked_for_unless_the_server_is_this_machine(text: str, port: int, tls: str) -> None:
    """The URL may override that; ports are the usual ones."""
    server = smtp_server(text)
    assert (server.port, server.tls) == (port, tls)


def test_user_and_password_are_read_and_not_shown() -> None:
    """They are escaped as in any URL."""
    server = smtp_server("smtps://me%40example.org:p%2Fw%3A@mail.example.org")
    assert (server.user, server.password) == ("me@example.org", "p/w:")
    assert "p/w:" not in repr(server)
    assert smtp_server("smtp://localhost") == SmtpServer(host="localhost", port=25, tls="none")


@pytest.mark.parametrize(
    "text",
    [
        "mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:port", "smtp://host:99999",
        "smtp://host/path", "smtp://host#x", "smtp://host?starttls=maybe", "smtp://host?tls=on", "smtp://host?starttls",
        "smtps://host?starttls=always", "smtp://host:0", "smtp://host:٢٥", "smtp://:password@host", "smtp://ho st", " ",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="takes a URL like smtps://"):
        smtp_server(text)


def test_a_password_does_not_leave_the_machine_in_the_clear() -> None:
    """The URL cannot override that."""
    with pytest.raises(ValueError, match="must not send a password"):
        smtp_server("smtp://me:secret@mail.example.org?starttls=never")
    assert smtp_server("smtp://me:secret@localhost").user == "me"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("meals@example.org", "meals@example.org"),
        ("Meals <meals@localhost>", "Meals <meals@localhost>"),
        ('"Meals, Inc." <meals@example.org>', '"Meals, Inc." <meals@example.org>'),
        ("St. Mary's Kitchen <meals@example.org>", '"St. Mary\'s Kitchen" <meals@example.org>'),
        ("meals.example.org <meals@example.org>", '"meals.example.org" <meals@example.org>'),
    ],
)
def test_a_sender_is_an_address_with_or_without_a_name(text: str, value: str) -> None:
    assert sender(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "meals", "@example.org", "meals@", "a@b\nBcc: c@d", "Meals meals@example.org x", " ", "Meals <>", "Meals <@>",
        "a@b@c", "a@x.org, b@y.org", "Meals <meals@example.org> junk", "meals@exa mple.org", "meals@.", "meals@-.org",
        "me..als@example.org", "meals@example..org", "<meals@example.org", "Team: a@x.org;", "meals@example.org\u200b",
        "Meals, Inc <meals@example.org>", "mëals@example.org", "meals@exämple.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_no_sender(text: str) -> None:
    """Line breaks could add headers."""
    with pytest.raises(ValueError, match="takes an e-mail address"):
        sender(text)
