"""What each route that a token opens is asked with, and what it answers: one row for each endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from marshmallow import EXCLUDE, Schema

from mealplanner.auth.settings.schemas import SettingsSchema
from mealplanner.cookbook import schemas as cookbook
from mealplanner.larder import schemas as larder
from mealplanner.menu.eaten.schemas import PastMealSchema, UntilSchema
from mealplanner.menu.editing import schemas as editing
from mealplanner.menu.repeating.schemas import RepeatSchema
from mealplanner.menu.schemas import CallsSchema, MenuRequestSchema, MenusSchema
from mealplanner.menu.usual.schemas import UsualMealSchema, WhenSchema
from mealplanner.openapi.answers import dishes, menus, settings
from mealplanner.openapi.answers import shopping as lists
from mealplanner.preferences import schemas as preferences
from mealplanner.recipe_files.schemas import CollectionSchema, RecipeFileSchema
from mealplanner.recipes.opinions.schemas import AboutSchema, OpinionSchema
from mealplanner.retention.schemas import KeepSchema
from mealplanner.shopping import schemas as shopping
from mealplanner.shopping.sharing.schemas import ShareSchema

Shape = type[Schema]
CALENDAR: Final = "text/calendar"
CSV: Final = "text/csv"
TEXT: Final = "text/plain"
FILES: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Operation:
    """One route. `answer` is a shape of JSON, or the type of another content."""

    answer: Shape | str
    body: tuple[Shape, ...] = ()
    query: tuple[Shape, ...] = ()
    leads_to: str | None = None
    """The endpoint that it redirects to, always or sometimes; a client that follows gets what is found there."""
    always_leads: bool = False
    conflicts: bool = False
    """Whether it can clash with what is stored, which is a 409."""


class WholePreferencesSchema(preferences.PreferencesSchema, preferences.VersionSchema):
    """All preferences, and the version that was read."""

    class Meta:
        unknown = EXCLUDE


def _edit(body: Shape = editing.EditSchema) -> Operation:
    return Operation(menus.MENU, body=(body,), conflicts=True)


def _leads(to: str, answer: Shape, *body: Shape, conflicts: bool = False) -> Operation:
    return Operation(answer, body=body, leads_to=to, always_leads=True, conflicts=conflicts)


_DAYS: Final = (shopping.DaysSchema,)

OPERATIONS: Final[Mapping[str, Operation]] = {
    "account.index": Operation(settings.ACCOUNT),
    "account.keep_menus": Operation(settings.DONE, body=(KeepSchema,)),
    "account.old_menus": Operation(settings.OLD_MENUS),
    "account.save_settings": Operation(settings.DONE, body=(SettingsSchema,)),
    "calendar.end": Operation(settings.DONE),
    "calendar.index": Operation(settings.CALENDAR),
    "calendar.make": _leads("calendar.index", settings.CALENDAR),
    "calendar.of_menu": Operation(CALENDAR, leads_to="menu.show"),
    "eaten.correct": Operation(settings.DONE, body=(PastMealSchema, UntilSchema), conflicts=True),
    "eaten.forget": Operation(settings.DONE),
    "eaten.index": Operation(menus.HISTORY, query=(UntilSchema,)),
    "editing.alternatives": Operation(menus.ALTERNATIVES, query=(editing.SearchSchema,), conflicts=True),
    "editing.cooked": _edit(editing.CookedSchema),
    "editing.copy_day": _edit(editing.CopySchema),
    "editing.eaten": _edit(editing.EatenSchema),
    "editing.history": Operation(menus.EDITS, query=(editing.JournalSchema,)),
    "editing.lock": _edit(),
    "editing.move": _edit(editing.MoveSchema),
    "editing.note": _edit(editing.NoteSchema),
    "editing.portion": _edit(editing.PortionSchema),
    "editing.rebalance": Operation(
        menus.MENU, body=(editing.RebalanceSchema,), leads_to="rebalancing.progress", conflicts=True
    ),
    "editing.redo": _edit(editing.StepSchema),
    "editing.skip": _edit(editing.SkipSchema),
    "editing.swap": _edit(editing.SwapSchema),
    "editing.undo": _edit(editing.StepSchema),
    "editing.unlock": _edit(),
    "editing.unskip": _edit(),
    "larder.add": Operation(settings.DONE, body=(larder.AddSchema,)),
    "larder.change": Operation(settings.DONE, body=(larder.ChangeSchema,), conflicts=True),
    "larder.choose": Operation(settings.DONE, body=(larder.SettingsSchema,)),
    "larder.index": Operation(lists.LARDER, query=(larder.PageSchema,)),
    "larder.keep_always": Operation(settings.DONE, body=(larder.AlwaysSchema,)),
    "larder.remove": Operation(settings.DONE),
    "menu.as_csv": Operation(CSV, leads_to="menu.show"),
    "menu.as_json": Operation(menus.MENU),
    "menu.cancel": _leads("menu.show", menus.MENU, conflicts=True),
    "menu.create": _leads("menu.show", menus.MENU, MenuRequestSchema, conflicts=True),
    "menu.delete": _leads("menu.index", menus.MENUS, conflicts=True),
    "menu.index": Operation(menus.MENUS, query=(MenusSchema,)),
    "menu.progress": Operation(menus.PROGRESS),
    "menu.repeat": _leads("menu.show", menus.MENU, RepeatSchema, conflicts=True),
    "menu.sent": Operation(menus.SENT, query=(CallsSchema,)),
    "menu.show": Operation(menus.MENU),
    "opinions.hold": Operation(dishes.OPINIONS, body=(OpinionSchema,)),
    "opinions.index": Operation(dishes.ALL_OPINIONS, query=(AboutSchema,)),
    "preferences.edit": Operation(settings.PREFERENCES),
    "preferences.find_energy": Operation(settings.ENERGY, body=(preferences.BodySchema,)),
    "preferences.save": Operation(settings.PREFERENCES, body=(WholePreferencesSchema,), conflicts=True),
    "preferences.use_split": Operation(settings.SPLIT, body=(preferences.SplitSchema,)),
    "rebalancing.cancel": _leads("rebalancing.progress", menus.PROGRESS, conflicts=True),
    "rebalancing.days": Operation(menus.DAYS_OFF, conflicts=True),
    "rebalancing.progress": Operation(menus.PROGRESS),
    "recipe_files.collection": Operation(FILES, query=(CollectionSchema,)),
    "recipe_files.one": Operation(FILES, query=(RecipeFileSchema,)),
    "recipes.catalogue": Operation(dishes.FOUND_DISHES, query=(cookbook.SearchSchema,)),
    "recipes.cook": Operation(dishes.COOKING, query=(cookbook.DishSchema, cookbook.StepSchema)),
    "recipes.delete": Operation(settings.DONE, conflicts=True),
    "recipes.favourite": _leads("recipes.show", dishes.DISH, cookbook.FavouriteSchema),
    "recipes.index": Operation(dishes.OWN_DISHES, query=(cookbook.WordsSchema,)),
    "recipes.plan": _leads("menu.show", menus.MENU, cookbook.PlanSchema, conflicts=True),
    "recipes.plan_form": Operation(dishes.PLACES),
    "recipes.rate": _leads("recipes.show", dishes.DISH, cookbook.RatingSchema),
    "recipes.show": Operation(dishes.DISH, query=(cookbook.DishSchema,)),
    "sharing.create": _leads("sharing.index", lists.LINKS, ShareSchema, shopping.DaysSchema),
    "sharing.end": _leads("sharing.index", lists.LINKS, shopping.DaysSchema),
    "sharing.index": Operation(lists.LINKS, query=_DAYS),
    "shopping.accept_changes": _leads("shopping.index", lists.LIST, shopping.DaysSchema),
    "shopping.add_item": Operation(settings.DONE, body=(shopping.ItemSchema, shopping.DaysSchema), conflicts=True),
    "shopping.aisles_form": Operation(lists.AISLES),
    "shopping.buy_amount": Operation(lists.TICKED, body=(shopping.TickSchema, shopping.DaysSchema), conflicts=True),
    "shopping.index": Operation(lists.LIST, query=(shopping.SpanSchema,)),
    "shopping.of_menu": Operation(lists.LIST),
    "shopping.order_aisles": Operation(lists.AISLES, body=(shopping.AislesSchema,)),
    "shopping.remove_item": Operation(settings.DONE, body=_DAYS),
    "shopping.text": Operation(TEXT, query=_DAYS),
    "shopping.text_of_menu": Operation(TEXT),
    "shopping.tick": Operation(lists.TICKED, body=(shopping.TickSchema, shopping.DaysSchema), conflicts=True),
    "shopping.tick_of_menu": Operation(lists.TICKED, body=(shopping.TickSchema,), conflicts=True),
    "shopping.write_note": Operation(settings.DONE, body=(shopping.NoteSchema, shopping.DaysSchema)),
    "usual.choose": Operation(settings.DONE, body=(UsualMealSchema,)),
    "usual.forget": Operation(settings.DONE, body=(WhenSchema,)),
    "usual.index": Operation(dishes.USUAL_MEALS),
    "why.meal": Operation(menus.WHY_MEAL),
    "why.menu": Operation(menus.WHY_MENU),
}
"""Endpoint -> what it takes and answers."""

PART_OF_PREFERENCES: Final = Operation(settings.PREFERENCES, body=(preferences.VersionSchema,), conflicts=True)
"""Saving one part: its fields are those of the whole, each optional; those of other parts are not read."""
