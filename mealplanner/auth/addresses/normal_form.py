"""The one place that decides which spellings of an e-mail address are the same account."""

from __future__ import annotations

import unicodedata


def normal_form(address: str) -> str:
    """Return what all spellings of `address` that belong to one account have in common.

    That is Unicode's compatibility caseless match (definition D147): neither case, nor the way accents are composed,
    nor other shapes of a letter make a difference. The database compares the results byte by byte, so its collation
    decides nothing. Mail goes to the address as it was typed, never to this.
    """
    once = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", address).casefold())
    return unicodedata.normalize("NFKC", once.casefold())
