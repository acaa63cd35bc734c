"""Where a request over HTTP/1.1 ends. Pure.

gunicorn's own parser reads every request after this and decides what is valid; here it is only decided when it can do
so without waiting for the client.
"""

from __future__ import annotations

import re

LONGEST_HEAD = 64 * 1024
LONGEST_BODY = 512 * 1024
"""Of a longer body no more than this is awaited: the application refuses it by its length."""

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r]*chunked", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}")


class HeadTooLong(Exception):
    """The head of a request does not end within `LONGEST_HEAD` bytes."""


class Incoming:
    """The bytes of a request that have arrived so far. Each is looked at once, however small the pieces are."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.awaits_continue = False
        """Whether the client waits for `100 Continue` before it sends the body."""
        self._at = 0
        self._chunked = False
        self._end: int | None = None

    def add(self, data: bytes) -> bool:
        """Add what has arrived, and return whether the request is whole. Raise `HeadTooLong`."""
        self.data += data
        if self._end is None and not self._chunked:
            self._read_head()
        if self._chunked and self._end is None:
            self._read_chunks()
        return self._end is not None and len(self.data) >= self._end

    def _read_head(self) -> None:
        end = self.data.find(b"\r\n\r\n", self._at)
        if end < 0:
            self._at = max(0, len(self.data) - 3)
            if len(self.data) > LONGEST_HEAD:
                raise HeadTooLong
            return
        head, self._at = bytes(self.data[: end + 2]), end + 4
        self._chunked = _CHUNKED.search(head) is not None
        length = _LENGTH.search(head)
        if not self._chunked:
            self._end = self._at + (min(int(length[1]), LONGEST_BODY) if length else 0)
        self.awaits_continue = _EXPECTS.search(head) is not None and self._end != self._at

    def _read_chunks(self) -> None:
        """Go on to the chunk that has not ended, or to the end of the last one or of a malformed one."""
        while self._end is None and (line := self.data.find(b"\r\n", self._at)) >= 0:
            digits = _CHUNK.match(self.data, self._at)
            if digits is None:
                self._end = line
            elif (size := int(digits[0], 16)) == 0:
                # An empty line follows, or trailers and an empty line; either way it ends with an empty line.
                empty = self.data.find(b"\r\n\r\n", line)
                if empty < 0:
                    break
                self._end = empty + 4
            elif line + size + 4 > len(self.data):
                break
            else:
                self._at = line + size + 4
        if len(self.data) > LONGEST_HEAD + LONGEST_BODY:
            self._end = len(self.data)
