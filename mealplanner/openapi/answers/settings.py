"""What is answered about preferences, the account and calendars, and after what needs no more than a sentence."""

from __future__ import annotations

from typing import Final

from mealplanner.auth.accounts import Account
from mealplanner.openapi.answers.shapes import flag, many, members_of, moment, shape, text, texts, whole
from mealplanner.preferences.energy import Estimate
from mealplanner.preferences.values import Preferences

DONE: Final = shape("Done", message=text())
ACCOUNT: Final = shape("Account", **members_of(Account, "id", "session_token"))
OLD_MENUS: Final = shape("OldMenus", months=text())
CALENDAR: Final = shape("Calendar", address=text(maybe=True), made_at=moment(maybe=True))
_DISLIKE = shape(
    "Dislike",
    entry=text(),
    text=text(),
    understood=flag(),
    message=text(maybe=True),
    taken_for=texts(),
    leaves_out=texts(),
    kept=texts(),
    may_hold=texts(),
    relatives=texts(),
    restriction=text(maybe=True),
    nearest=texts(),
)
PREFERENCES: Final = shape(
    "Preferences",
    **members_of(Preferences),
    settled_dislikes=texts(),
    version=whole(),
    dislikes_read=many(_DISLIKE),
)
ENERGY: Final = shape("Energy", **members_of(Estimate))
SPLIT: Final = shape("Split", macro_protein=whole(), macro_carbs=whole(), macro_fat=whole())
