"""The normal form of an e-mail address, over all of Unicode, and what PostgreSQL makes of it."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Engine, text

from mealplanner.auth.addresses.normal_form import normal_form

CHARACTERS = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
"""All that PostgreSQL stores."""

CHANGING = [
    it
    for it in CHARACTERS
    if not it.lower() == it.upper() == it.title() == unicodedata.normalize("NFKD", it) or unicodedata.combining(it)
]
"""Those that have another case or composition, or change that of others."""


def addresses() -> Iterator[str]:
    """Addresses that may be registered, with letters that have something to do with case, shape or accents."""
    rng = random.Random(1)
    for _ in range(4_000):
        local = "".join(rng.choices(CHANGING, k=rng.randint(1, 4)))
        try:
            yield validate_email(f"{local}@example.org", check_deliverability=False).normalized
        except EmailNotValidError:
            continue


def test_it_is_a_normal_form() -> None:
    """Taken twice it is the same, for each character and for mixtures of those that change."""
    rng = random.Random(1)
    mixtures = ["".join(rng.choices(CHANGING, k=4)) for _ in range(50_000)]
    assert [ascii(it) for it in CHARACTERS + mixtures if normal_form(normal_form(it)) != normal_form(it)] == []


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title, str.casefold, str.swapcase])
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_spellings_have_one_normal_form(spell: Callable[[str], str], form: str) -> None:
    """In whatever case and composition. The letter without a dot is the exception that Unicode makes as well."""
    differing = {it for it in CHANGING if normal_form(unicodedata.normalize(form, spell(it))) != normal_form(it)}  # type: ignore[arg-type]
    assert differing <= {"\N{LATIN SMALL LETTER DOTLESS I}"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u0130stanbul@example.org", "i\u0307stanbul@example.org"),
        ("STRASSE@example.org", "stra\u00dfe@example.org"),
        ("\u212aelvin@example.org", "kelvin@example.org"),
        ("\ufb01nn@example.org", "FINN@example.org"),
        ("Person@Example.org", "person@example.ORG"),
    ],
)
def test_an_account_is_found_by_every_spelling_of_its_address(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


def collations(engine: Engine) -> list[str]:
    """Of those that matter, the ones that this server has."""
    query = "SELECT DISTINCT collname FROM pg_collation WHERE collname = ANY (:names)"
    with engine.connect() as connection:
        names = ["C", "C.UTF-8", "pg_c_utf8", "en_US", "en_US.utf8", "und-x-icu", "tr-x-icu", "de-x-icu"]
        return [str(name) for name in connection.scalars(text(query), {"names": names})]


def test_the_database_tells_apart_what_python_tells_apart(engine: Engine) -> None:
    """As many different forms under every collation: none decides that two of them are one, or one of them two."""
    forms = [normal_form(it) for it in CHARACTERS] + [normal_form(it) for it in addresses()]
    found = collations(engine)
    assert "C" in found
    with engine.connect() as connection:
        for name in found:
            query = text(f'SELECT count(DISTINCT form COLLATE "{name}") FROM unnest(CAST(:forms AS text[])) AS form')
            assert connection.scalar(query, {"forms": forms}) == len(set(forms)), name
