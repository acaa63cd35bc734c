"""How soon a new password would be guessed, as zxcvbn estimates it: words, names, dates, repeats, keys side by side."""

from __future__ import annotations

import re
import threading
from typing import Final

LEAST_GUESSES: Final = 10**9
"""So many guesses must be needed. Each costs a thief of the database one Argon2 hash, so that is weeks of a processor
or days of a rig of graphics cards for one password. A word with a year and two signs falls short, three words pass."""

JUDGED: Final = 24
"""Characters that are looked at, from the first: a password that is long enough there is not judged further, and one
that is easy there is not saved by its end. zxcvbn takes 0.3 s at worst for so many, and 3 s for the 72 it allows."""

EASY: Final = "This password is too easy to guess. Use a few unrelated words, without names, dates or sequences."

BREACHED: Final = "This password is known from break-ins elsewhere, so it is tried first. Choose another one."

_lock: Final = threading.Lock()
"""zxcvbn keeps the words that are known of a person in a global table while it works."""


def easy_to_guess(password: str, *, email: str) -> bool:
    """Return whether a guesser who knows the account's `email` would get at `password` too soon.

    zxcvbn's word lists take 14 MB and are loaded with the first password that is chosen.
    """
    from zxcvbn import zxcvbn

    with _lock:
        return int(zxcvbn(password[:JUDGED], user_inputs=_known(email))["guesses"]) < LEAST_GUESSES


def breached(password: str) -> bool:
    """Return whether `password` is among the 30,000 that break-ins elsewhere showed most often, in whatever case.

    The list is zxcvbn's (MIT licence), from public leaks, and comes with the package: nothing is asked of a server. Of
    those that are long enough to be chosen here it has about 1,100. Rarer ones are caught only as far as they are easy.
    """
    from zxcvbn.matching import RANKED_DICTIONARIES

    known: dict[str, int] = RANKED_DICTIONARIES["passwords"]
    return password.lower() in known


def _known(email: str) -> list[str]:
    """Return what others know: the address, its parts, and the name of the product."""
    parts = {email, *email.split("@"), *re.split(r"[\W_]+", email)}
    return ["mealplanner", *(part[:JUDGED] for part in sorted(parts) if len(part) >= 3)]
