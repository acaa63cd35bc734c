"""What the description of a route says beyond the shapes of what is sent and answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NOTES: Final[Mapping[str, str]] = {
    "account.save_settings": "`hours` and `dates` stay as they are when they are left out.",
    "calendar.index": (
        "`address`, at which the person's meals can be followed without an account, and `made_at`; null without one."
    ),
    "calendar.make": "Make an address, or another in place of the one there was.",
    "calendar.of_menu": "The meals of a ready menu as iCalendar.",
    "eaten.correct": (
        "`version`, `eaten` (true or false), `eaten_on` (a date; the meal's own day when left out), `cooked` "
        "(the same, or left out)."
    ),
    "eaten.forget": "Take back every tick of every menu.",
    "eaten.index": (
        "`meals` of the seven days that end there (today, when left out), the latest day first, each with "
        "`eaten_on`, `cooked_on`, `skipped`, and the `version` of its menu; `earlier` is the address of the "
        "page before, or null."
    ),
    "editing.alternatives": (
        "`version` and `alternatives`: up to six dishes that fit, or up to twelve that match `?q=`, each with"
        " `recipe`, `portion`, its figures, those of the `day` with it, `reason`, and `allowed`."
    ),
    "editing.history": (
        "`next`, and `edits`, the newest first: `version`, `what`, `text`, `at`, `before` and `after` of each"
        " meal, `undoes`, `redoes`, `undone`."
    ),
    "editing.move": (
        "`date`, `slot`, and `time` where a day has several snacks; the meal that stands there takes the other's place."
    ),
    "editing.note": "`note`, up to 500 characters; empty takes it away.",
    "editing.portion": "`portion` (0.25-4), `servings` (people, 1-12), or both.",
    "editing.rebalance": (
        "`version`, and `day` for one day, planned at once and answered like an edit; without `day` a worker "
        "plans the rest, and the answer is a 303 to its progress."
    ),
    "editing.redo": "Without `version`, it is a step from the newest one.",
    "editing.skip": (
        "`energy`: `reserved` or `shared`; left out, it is what the person chose last, and a 422 if they never did."
    ),
    "editing.swap": "`recipe_id`, left out for a surprise; `portion` in quarters, left out for the best one.",
    "editing.undo": "Without `version`, it is a step from the newest one.",
    "larder.add": (
        "`food` (an id, or a name; a 422 names the foods that it may be), `amount` (text such as `400 g`, `2 "
        "tins`, `3`), `best_before` optional: is added to what is there of that date. With `always` (true) "
        "the food is always there, and no amount is read."
    ),
    "larder.change": (
        "`amount`, `best_before`, and `seen`, the grams that you read; 409 when there is another amount now."
    ),
    "larder.choose": (
        "All five, each true or false (also when left out): `subtract` (lists leave out what is there), "
        "`fill` (what is bought goes in), `empty` (what is cooked comes out), `staples` (salt, oil, spices "
        "are always there), `use_soon` (new menus prefer what must be eaten soon)."
    ),
    "larder.index": (
        "`next`, and `items` that are in the house, each with `id`, `food`, `name`, `grams`, `text` and "
        "`best_before` (a date or null); the foods that are `always_there`; `settings`."
    ),
    "larder.keep_always": "`food_id`; `always`: true or false.",
    "menu.as_csv": (
        "The numbers of a ready menu: a row for each meal and, with the slot `total`, for each day; UTF-8 "
        "with a byte order mark. A title that a spreadsheet would compute begins with an apostrophe."
    ),
    "menu.as_json": "The same, whatever `Accept` says.",
    "menu.create": (
        "`start_date` (a date, or `next` for the first day that is not planned yet), `days` (1-28), `seed` "
        "and `source` (`auto`, `catalogue`, `model`) optional, `idempotency_key` (a UUID) to repeat safely, "
        "`overlap` (`replace`, `gaps`, `after`) for days that are planned already; 303 to the menu."
    ),
    "menu.index": "`menus`, those with the latest first day first, and `next`.",
    "menu.repeat": (
        "`menu_id`, left out for the latest; `idempotency_key`, left out for once a day; 303 to the new menu."
    ),
    "menu.sent": (
        "`total` and `tokens` of all calls, `next`, and `calls`, oldest first: each question to the model "
        "with its outcome, tokens and cost, and the texts while they are kept; `this_month`, what the person "
        "used."
    ),
    "menu.show": (
        "The menu; `days` is empty until `status` is `ready`. `version` counts its edits: 1 at first. A ready"
        " one has an `ETag`: sent back as `If-None-Match`, it is a 304 while nothing has changed."
    ),
    "opinions.hold": (
        "`opinion`: `too-long` or `not-weekdays`; `held`: true or false. Answers with the `opinions` that the"
        " person has of the dish now."
    ),
    "opinions.index": (
        "`next`, and `opinions`: the dishes that the person has an opinion of; with `?about=<id>` that dish first."
    ),
    "preferences.edit": "The fields as they are taken, `version`, and how each dislike was read.",
    "preferences.find_energy": (
        "`age`, `sex` (`female`, `male`, `between`), `height` and `weight` (numbers in the person's units, or"
        ' text such as `"5 ft 8"`), `activity` (`low`, `moderate`, `active`, `very-active`), `goal` (`lose`, '
        "`keep`, `gain`), `expecting`; answers with `kcal` to enter as `calorie_goal`, `resting`, `day` and "
        "`notes`. Nothing is stored."
    ),
    "preferences.save": (
        "The fields and `version`; send back the version you read. 409 if it is not the newest; the same save"
        " sent twice is stored once. `dietary_restrictions` may hold diets too, such as `keto` beside "
        '`"diet_type": "vegan"`. `settled_dislikes` are dislikes about which the page asks no more; left out,'
        " they stay. `minutes_by_weekday` maps `monday` to `sunday` to the minutes that a meal may take on "
        "that day, where they differ; left out, none do. `meat_or_fish` is `any` (the default), `never`, "
        "`some` or `most`. How much it matters that little is bought and used up (`use_up`), that breakfasts "
        "and snacks come again (`same_meals`), that eggs, slices and tins are whole (`whole_units`) and that "
        "there is little cooking on a day (`short_days`) is each `off`, `low`, `medium` (the default) or `high`."
    ),
    "preferences.use_split": (
        "`split` (`balanced`, `high-protein`, `high-carb`, `low-carb`, `keto`); answers with its three macros."
    ),
    "rebalancing.days": (
        "What planning the rest again would be about: the `days` to come that miss their target, each with the ids of "
        "the meals that `may_change`, and those of which each `stays`."
    ),
    "rebalancing.progress": "Of the latest time that the rest of the menu was planned again.",
    "recipe_files.collection": (
        "The person's own dishes, their favourites, and what is planned from today on, in one file."
    ),
    "recipe_files.one": "The recipe as a file.",
    "recipes.catalogue": "All dishes, 24 a page.",
    "recipes.cook": (
        "The same dish step by step: each of `steps` has its `text`, its `ingredients` and its `timers` "
        "(`seconds`, `label`, and the words in the text)."
    ),
    "recipes.delete": "One of the person's own; answers with a `message`.",
    "recipes.favourite": (
        "`favourite`: true, also when left out, is the rating 1, false takes it back; 303 to the dish."
    ),
    "recipes.index": (
        "`own`, the dishes that were written for the person, and `rated`, those of the catalogue they rated; "
        "with `q` those of them that have each of its words."
    ),
    "recipes.plan": (
        "`date`, `slot`, `version` optional: serves the dish there; 303 to the menu, 422 with a sentence "
        "where there is no such meal or the dish does not suit."
    ),
    "recipes.plan_form": (
        "`places`: the meals to come that the dish could be put in place of, each with `id`, `menu`, `date`, "
        "`slot`, and `title`, the dish it serves now."
    ),
    "recipes.rate": (
        "`value`: 1 is a favourite, which is served more often, -1 never again, 0 neither; 303 to the dish."
    ),
    "recipes.show": (
        "One dish, both optional: `text` of ingredients and `steps` as a cook says them for these servings, "
        "`grams` exact; `counts_are_for_one`, whether steps still count pieces for one."
    ),
    "sharing.create": "`from`, `to`, `days` (1-31, 7 when left out): makes a link; 303 to the links.",
    "sharing.index": "`links` to the list: `id`, `expires`, `link`.",
    "shopping.accept_changes": "`from`, `to`: `change` is told against the list as it is now.",
    "shopping.add_item": (
        "`from`, `to`, `text` (up to 200 characters) and `id`, a UUID to repeat safely: something of one's own."
    ),
    "shopping.aisles_form": "`aisles`, all or some, in the order of the person's shop.",
    "shopping.index": (
        "The same for any days, at most 28, whichever menus they are in; without days it is the list that one"
        " most likely shops for. A POST names the days beside the tick."
    ),
    "shopping.of_menu": "The shopping list of the menu's days.",
    "shopping.order_aisles": "`aisles`, all or some, in the order of the person's shop.",
    "shopping.text": "What is left to buy, as plain text.",
    "shopping.text_of_menu": "What is left to buy, as plain text.",
    "shopping.tick": (
        "The same for any days, at most 28, whichever menus they are in; without days it is the list that one"
        " most likely shops for. A POST names the days beside the tick."
    ),
    "shopping.tick_of_menu": "A tick.",
    "shopping.write_note": "`from`, `to`, `note`, up to 200 characters; empty takes it away.",
    "usual.choose": (
        "`recipe_id`, `slot` and `weekdays` (a list of `monday` to `sunday`): the dish is usual there on "
        "exactly these days. 422 for a dish that is no such meal, or against a diet or restriction."
    ),
    "usual.forget": "`slot`, `weekdays`.",
    "usual.index": (
        "`usual_meals`: `slot`, `weekdays`, `recipe`, and in `left_out` why new menus do not serve it, or null."
    ),
    "why.meal": (
        "`reasons`, each a `kind` and a `text`; the person's `opinions` of the dish; and the proof that the "
        "dish is safe, as below."
    ),
    "why.menu": (
        "`on_target`, `variety` and `effort` in sentences, and for each day what it `reached`, with the first"
        " `reason` for each meal."
    ),
}
"""Endpoint -> what there is to know; the units of figures, and how fields belong together, are in docs/scripting.md."""
