"""Passwords that may be chosen, and those that would be guessed soon."""

from __future__ import annotations

import unicodedata

import pytest
import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from mealplanner.auth.passwords.guessing import JUDGED, breached, easy_to_guess
from mealplanner.auth.passwords.hashing import MINIMUM_LENGTH, UNSEEN, chosen, generated, matches
from mealplanner.errors import Invalid
from tests.together import map_at_once
from tests.visitor import PASSWORD

EMAIL = "anna.zrynskoff@example.org"


def refused(password: str) -> bool:
    """Return whether the password may not be chosen."""
    try:
        assert matches(password, chosen(password, email=EMAIL))
    except Invalid:
        return True
    return False


@pytest.mark.parametrize(
    "password",
    [
        *("password123", "P@ssw0rd2024", "passwordpassword", "iloveyou12345", "letmein!!!!!", "Summer2026!!"),
        *("aaaaaaaaaaaa", "abcabcabcabc", "1212121212", "😀😀😀😀😀😀😀😀😀😀😀", "          "),
        *("1234567890", "0987654321", "abcdefghijkl", "111222333444", "11223344556677"),
        *("qwertyuiop", "poiuytrewq", "1qaz2wsx3edc", "q1w2e3r4t5y6", "qwertzuiop12", "!@#$%^&*()"),
        *("mealplanner2026", "breakfast1234", EMAIL, "Zrynskoff-1234", "example.org99"),
        *("ab" * 500, "password" * 100 + "kx!pw"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    """Words, repeats, sequences, keys side by side, the account's own address, the name of the product."""
    assert refused(password)


@pytest.mark.parametrize(
    "password",
    [
        *(PASSWORD, "Tr0ub4dor&3", "xkQ9-vvRt2-zz", "Grüße aus Köln", "ファイルを開く方法教えて", "letmein please now"),
        *("🍎🥕🧀🍞🥑🍋🥦🌽🍇🍓", "treehouse weather", "0 reasons 2 worry", "kdwpfhtzuo", PASSWORD * 40),
    ],
)
def test_what_is_long_and_no_pattern_may_be_chosen(password: str) -> None:
    """There is no rule about capitals, digits or signs, in any script."""
    assert not refused(password)


@pytest.mark.parametrize(("password", "wrong"), [("x7 kd wq9", True), ("x7 kd wq9p", False), ("kqv" * 334, True)])
def test_ten_to_a_thousand_characters_are_asked_for(password: str, wrong: bool) -> None:
    assert refused(password) is wrong


@pytest.mark.parametrize("sign", [" ", "\t", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}", "\N{ZERO WIDTH JOINER}"])
@pytest.mark.parametrize("seen", ["", "x7kdwq9pm"])
def test_what_cannot_be_seen_does_not_count(sign: str, seen: str) -> None:
    """Nine letters among any number of such characters are nine."""
    with pytest.raises(Invalid) as error:
        chosen(f"{seen}{sign * 30}", email=EMAIL)
    assert error.value.errors == {"password": [UNSEEN]}
    assert not refused(f"x7kdwq9pmz{sign}")


def test_the_length_is_that_of_the_normal_form() -> None:
    accents = "e\u0301u\u0308a\u0300o\u0302i\u0301"
    assert (len(accents), len(unicodedata.normalize("NFKC", accents))) == (10, 5)
    assert refused(accents)
    assert refused("\ufdfa" * 60)  # one sign that stands for eighteen letters


def test_only_the_accounts_own_address_is_held_against_a_password() -> None:
    assert easy_to_guess("zrynskoffanna", email=EMAIL)
    assert not easy_to_guess("zrynskoffanna", email="visitor@example.net")


def test_a_very_long_password_is_judged_by_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library refuses more than 72 characters, and its time grows steeply long before that."""
    judged: list[str] = []
    original = zxcvbn.zxcvbn

    def noted(password: str, **options: list[str]) -> dict[str, int]:
        judged.append(password)
        answer: dict[str, int] = original(password, **options)
        return answer

    monkeypatch.setattr(zxcvbn, "zxcvbn", noted)
    assert not easy_to_guess("correct horse battery staple" * 35, email="x" * 400 + "@example.org")
    assert [len(password) for password in judged] == [JUDGED]


def test_people_who_choose_at_once_are_judged_by_their_own_address() -> None:
    """The library keeps what is known of a person in a global table."""
    people = [EMAIL, "tom@example.net"] * 2

    def judge(email: str) -> set[bool]:
        return {easy_to_guess("zrynskoffanna", email=email) for _ in range(20)}

    assert map_at_once(judge, people) == [{True}, {False}] * 2


def test_what_break_ins_elsewhere_showed_is_refused_with_that_cause() -> None:
    """Every one of the list that is long enough, without a connection."""
    listed = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= MINIMUM_LENGTH]
    assert len(listed) > 1000
    assert all(breached(word) and breached(word.upper()) for word in listed)
    with pytest.raises(Invalid, match="known from break-ins"):
        chosen("1q2w3e4r5t", email=EMAIL)
    assert not breached(generated())


def test_a_generated_password_may_be_chosen() -> None:
    assert not refused(generated())
