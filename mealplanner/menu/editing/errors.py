"""Why an edit is refused, each in a sentence that says what to do."""

from __future__ import annotations

import datetime

from mealplanner.errors import Conflict, Invalid
from mealplanner.presentation.formatting import day


class Refused(Invalid):
    """An edit that cannot be made as it was asked for; `field` is what would have to be different."""

    def __init__(self, sentence: str, field: str = "form") -> None:
        super().__init__({field: [sentence]}, sentence)


class DayOver(Refused):
    """An edit of a day that is over."""

    def __init__(self, date: datetime.date, field: str = "form") -> None:
        super().__init__(f"{day(date)} is over, and days gone by stay as they are.", field)
        self.date = date


class UndoingEnds(Refused):
    """The edit that would be undone or made again next is of a day that is over; `what` says which of the two."""

    def __init__(self, date: datetime.date, what: str) -> None:
        super().__init__(
            f"Next you would {what} a change to {day(date)}. That day is over and stays as it was, so this is as far "
            "as it goes. You can still swap or move every meal to come."
        )


class UnknownVersion(Refused):
    """The edit names a version that the menu never had."""

    def __init__(self, version: int) -> None:
        sentence = f"This menu is at version {version}. Send the version that you saw, from 1 to {version}."
        super().__init__(sentence, "version")


class StaleMeal(Conflict):
    """The meal was changed after the person had seen it."""

    def __init__(self, meal: str) -> None:
        super().__init__(
            f"{meal} was changed since you opened this page. Your change is not made yet: look at the meal as it is "
            "now, and send it again if you still want it."
        )


class StaleMenu(Conflict):
    """The menu was changed after the person, or a job that works for them, had seen it."""

    message = "This menu was changed in the meantime, so nothing was done. Look at it as it is now, and try again."


class MealLocked(Conflict):
    """A meal that is to be kept would be replaced or moved."""

    def __init__(self, meal: str) -> None:
        super().__init__(f"You chose to keep {meal}. Unlock it first if you want to change it.")


class MealEaten(Conflict):
    """A meal that was eaten would be changed."""

    def __init__(self, meal: str) -> None:
        super().__init__(f"You marked {meal} as eaten. Take that mark away first if you want to change it.")


class MenuNotReady(Conflict):
    """The menu has no meals yet, or never will."""

    message = "This menu has no meals to change: it is not finished."


class NothingToUndo(Conflict):
    """Every edit is undone, or there never was one."""

    message = "There is nothing left to undo."


class NothingToRedo(Conflict):
    """No edit is undone, or something else was changed since."""

    message = "There is nothing to redo."
