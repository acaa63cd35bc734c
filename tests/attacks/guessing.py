"""Guessing passwords: with other spellings of an address, with a stolen cookie, all at once, from a whole network."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.people import PASSWORD, WRONG, Person, at_once
from tests.attacks.result import Finding
from tests.attacks.targets import Target

ANSWERED = 15
"""Guesses at one account that may be answered before there is a wait, whatever is tried."""

_LETTERS = (
    *(
        "I",
        " i",
        "i\N{COMBINING DOT ABOVE}",
        "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}",
        "\N{LATIN SMALL LETTER DOTLESS I}",
    ),
    *("\N{FULLWIDTH LATIN SMALL LETTER I}", "\N{ROMAN NUMERAL ONE}", "\N{MATHEMATICAL BOLD SMALL I}"),
)
SPELLINGS = tuple(letter + "{0}" for letter in _LETTERS)


def attack(target: Target) -> Iterator[Finding]:
    """Guess in four ways, and let the owner in meanwhile."""
    yield _spellings(target)
    owner = Person(target).registered()
    guesses = [_guess_again(target, owner) for _ in range(60)]
    yield _counted("a stolen cookie, 60 addresses", guesses, 20)
    status, _ = Person(target, owner.address).send("/auth/login", email=owner.email, password=PASSWORD)
    yield Finding("guessing", "the owner signs in meanwhile", f"status {status}", "below 400", status < 400)
    other = Person(target).registered()
    crowd = [Person(target) for _ in range(16)]
    yield _counted("16 at once", at_once(crowd, "/auth/login", email=other.email, password=WRONG), 8)
    third = Person(target).registered()
    network = [Person(target, f"2001:db8:7:{number:x}::1") for number in range(40)]
    statuses = [one.send("/auth/login", email=third.email, password=WRONG)[0] for one in network]
    yield _counted("40 networks of one customer", statuses, ANSWERED)


def _spellings(target: Target) -> Finding:
    owner = Person(target)
    owner.email = f"i{owner.email}"
    owner.registered()
    rest = owner.email[1:]
    statuses = [
        Person(target).send("/auth/login", email=spelling.format(rest), password=WRONG)[0]
        for _ in range(5)
        for spelling in SPELLINGS
    ]
    return _counted("spellings of one address", statuses, ANSWERED)


def _guess_again(target: Target, owner: Person) -> int:
    thief = Person(target).with_cookies_of(owner)
    return thief.send("/auth/confirm", present_password=WRONG)[0]


def _counted(case: str, statuses: list[int], most: int) -> Finding:
    """Count the guesses that were looked at: what is refused for its form was not."""
    answered = sum(status == 401 or status == 422 or status < 400 for status in statuses)
    refused = statuses.count(429)
    measured = f"{answered} of {len(statuses)} answered, {refused} told to wait"
    return Finding("guessing", case, measured, f"{most} answered", answered <= most and 500 not in statuses)
