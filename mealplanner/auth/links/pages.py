"""The page for a link from a mail that does nothing any more."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from mealplanner.auth.errors import DeadLink, EmailTaken
from mealplanner.errors import Invalid
from mealplanner.web.errors import status_for, wants_json
from mealplanner.web.pages import Answer, View, page


def explains_dead_links(purpose: str) -> Callable[[View], View]:
    """Say why the link does nothing, and how to get another one for `purpose`, where the view raises `DeadLink`.

    The same for `EmailTaken`: the address of the link has an account by now.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def answered(**arguments: Any) -> Answer:
            try:
                return view(**arguments)
            except (DeadLink, EmailTaken) as error:
                if wants_json():
                    raise
                why = error.errors["email"][0] if isinstance(error, Invalid) else str(error)
                return page("auth/dead_link.html", status_for(error), purpose=purpose, why=why)

        return answered

    return decorate
