"""Connections that break, drip or never answer."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from socket import SO_LINGER, SOL_SOCKET
from typing import TYPE_CHECKING, Final

from tests.fake_model.answers import MEGABYTE, Mode, whole

if TYPE_CHECKING:
    from tests.fake_model.server import Conversation


def cut(talk: Conversation) -> None:
    """Send half of the body, then close the connection."""
    answer = whole(talk)
    talk.begin(**{"Content-Type": "application/json", "Content-Length": str(len(answer))})
    talk.write(answer[: len(answer) // 2])
    talk.reset()


def cut_chunk(talk: Conversation) -> None:
    """Send half of the body as a chunk, then close the connection."""
    answer = whole(talk)
    talk.begin(**{"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
    talk.write(b"%x\r\n%s\r\n" % (len(answer) // 2, answer[: len(answer) // 2]))
    talk.reset()


def hang_up(talk: Conversation) -> None:
    """Close the connection without an answer."""
    talk.reset()


def reset(talk: Conversation) -> None:
    """End the connection with a RST."""
    talk.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    talk.connection.close()
    talk.reset()


def silent(talk: Conversation) -> None:
    """Never answer."""
    talk.say_nothing()


def drip(talk: Conversation) -> None:
    """Send a byte of the body every 50 ms, without end."""
    talk.begin(**{"Content-Type": "application/json", "Content-Length": str(MEGABYTE)})
    talk.drip(b" " * MEGABYTE)


def header_drip(talk: Conversation) -> None:
    """Send a byte of the head every 50 ms, without end."""
    talk.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    talk.drip(b"x" * MEGABYTE)


def error_drip(talk: Conversation) -> None:
    """Send an error with a body that does not end."""
    talk.begin(500, **{"Content-Type": "application/json", "Content-Length": str(MEGABYTE)})
    talk.drip(b" " * MEGABYTE)


def no_http(talk: Conversation) -> None:
    """Speak another protocol."""
    talk.write(b"220 mail.example.org ESMTP\r\n")
    talk.reset()


def hints(talk: Conversation) -> None:
    """Announce an answer again and again without beginning it."""
    while talk.pause(0.01):
        talk.write(b"HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n")


def long_head(talk: Conversation) -> None:
    """Send a head that is too long."""
    talk.begin(**{"X-Long": "x" * MEGABYTE})
    talk.reset()


CONNECTIONS: Final[Mapping[str, Mode]] = {
    "cut": cut,
    "cut_chunk": cut_chunk,
    "hang_up": hang_up,
    "reset": reset,
    "no_http": no_http,
    "long_head": long_head,
    "silent": silent,
    "drip": drip,
    "header_drip": header_drip,
    "hints": hints,
    "error_drip": error_drip,
}
"""Name -> mode."""
