"""A form that was sent and could not be taken: kept on the page that says why, so that it can be sent again.

The fields travel with the page, never through a cookie or the database. Passwords and codes are left out; the page asks
for them again. On the way through a sign-in the fields are sealed with the site's key, in one field of that form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from flask import current_app, request, url_for
from itsdangerous import BadData
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from mealplanner.web.keys import serializer
from mealplanner.web.origins import Sender

MOST: Final = 96 * 1024
"""Bytes of names and values that are kept; sealed they still fit into a request's body."""

_SALT: Final = "kept form"
_SECRET: Final = re.compile("password|code|secret")
_NOT_KEPT: Final = frozenset(("csrf_token", "kept"))


@dataclass(frozen=True)
class Kept:
    """The address that a form was sent to, and its fields; `secrets` are the names of those that are left out."""

    path: str
    fields: tuple[tuple[str, str], ...]
    secrets: tuple[str, ...] = ()

    @cached_property
    def view(self) -> tuple[str, dict[str, Any]]:
        """Return the endpoint and the arguments of the view that takes it. Raise `HTTPException` if there is none."""
        adapter = current_app.create_url_adapter(request)
        assert adapter is not None
        endpoint, arguments = adapter.match(self.path, method="POST")
        return str(endpoint), dict(arguments)

    @property
    def address(self) -> str:
        """Return the address to send it to."""
        endpoint, arguments = self.view
        return url_for(endpoint, **arguments)

    @property
    def sent(self) -> MultiDict[str, str]:
        """Return the fields as a request has them."""
        return MultiDict(self.fields)

    def sealed(self) -> str:
        """Return the whole of it as one value that only this site can have written."""
        return serializer(_SALT).dumps([self.path, self.fields, self.secrets])


def kept_from(sender: Sender) -> Kept | None:
    """Return the form of this request, unless another site may have sent it, or it is too long to keep."""
    if request.method != "POST" or request.is_json or sender.ours is False or "Origin: null" in sender.said:
        return None
    try:
        sent = list(request.form.items(multi=True))
    except HTTPException:  # too long to be read at all
        return None
    if sum(len((name + value).encode(errors="surrogatepass")) for name, value in sent) > MOST:
        return None
    fields = tuple((name, value) for name, value in sent if name not in _NOT_KEPT and not _SECRET.search(name))
    return Kept(request.path, fields, tuple(dict.fromkeys(name for name, _ in sent if _SECRET.search(name))))


def unsealed(text: str | None) -> Kept | None:
    """Return what `Kept.sealed` made; None for anything else, and when its address is gone."""
    try:
        path, fields, secrets = serializer(_SALT).loads(text or "")
        kept = Kept(path, tuple((name, value) for name, value in fields), tuple(secrets))
        kept.view  # noqa: B018  # raises if there is no such address
    except (BadData, HTTPException):
        return None
    return kept
