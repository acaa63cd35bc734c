"""What a token may open: every endpoint of the application, with the scope that it takes or why no token opens it."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Final


class Scope(enum.StrEnum):
    """A part of an account that a token may be for."""

    READ_MENUS = "menus:read"
    WRITE_MENUS = "menus:write"
    SHOPPING = "shopping"
    ADMIN = "admin"


WORDS: Final[Mapping[Scope, str]] = {
    Scope.READ_MENUS: "Read menus, dishes, history and preferences",
    Scope.WRITE_MENUS: "Plan and change menus, rate dishes",
    Scope.SHOPPING: "Read and change shopping lists and the larder",
    Scope.ADMIN: "Change preferences and settings, and share lists and calendars",
}
"""What the person reads beside each scope."""


class Closed(enum.Enum):
    """Why no token opens an endpoint; the value is the sentence for the program that tried."""

    SAFETY = "No token opens this: it concerns the safety of the account. Sign in with a browser to do it."
    PAGE = "No token opens this: it is a page for people, and has no JSON."


class Open(enum.Enum):
    """The endpoint needs no account, so a token is not looked at."""

    TO_ALL = enum.auto()


Rule = Scope | Closed | Open

_ENDPOINTS: Final[Mapping[Rule, Iterable[str]]] = {
    Scope.READ_MENUS: (
        *("calendar.of_menu", "eaten.index", "editing.alternatives", "editing.history"),
        *("menu.as_csv", "menu.as_json", "menu.index", "menu.progress", "menu.sent", "menu.show"),
        *("opinions.index", "preferences.edit", "rebalancing.days", "rebalancing.progress"),
        *("recipe_files.collection", "recipe_files.one", "recipes.catalogue", "recipes.cook", "recipes.index"),
        *("recipes.plan_form", "recipes.show", "usual.index", "why.meal", "why.menu"),
    ),
    Scope.WRITE_MENUS: (
        *("eaten.correct", "eaten.forget", "editing.cooked", "editing.copy_day", "editing.eaten", "editing.lock"),
        *("editing.move", "editing.note", "editing.portion", "editing.rebalance", "editing.redo", "editing.skip"),
        *("editing.swap", "editing.undo", "editing.unlock", "editing.unskip", "menu.cancel", "menu.create"),
        *("menu.delete", "menu.repeat", "opinions.hold", "rebalancing.cancel", "recipes.delete"),
        *("recipes.favourite", "recipes.plan", "recipes.rate", "usual.choose", "usual.forget"),
    ),
    Scope.SHOPPING: (
        *("larder.add", "larder.change", "larder.choose", "larder.index", "larder.keep_always", "larder.remove"),
        *("shopping.accept_changes", "shopping.add_item", "shopping.aisles_form", "shopping.buy_amount"),
        *("shopping.index", "shopping.of_menu", "shopping.order_aisles"),
        *("shopping.remove_item", "shopping.text", "shopping.text_of_menu", "shopping.tick"),
        *("shopping.tick_of_menu", "shopping.write_note"),
    ),
    Scope.ADMIN: (
        *("account.index", "account.keep_menus", "account.old_menus", "account.save_settings"),
        *("calendar.end", "calendar.index", "calendar.make"),
        *("preferences.find_energy", "preferences.save", "preferences.use_split"),
        *("sharing.create", "sharing.end", "sharing.index"),
    ),
    Closed.SAFETY: (
        *(
            "account.activity",
            "account.address_form",
            "account.ask_verification",
            "account.change_address",
            "account.change_password",
        ),
        *("account.delete", "account.delete_form", "account.export", "account.forgot", "account.forgot_form"),
        *("account.password_form", "account.reset", "account.reset_form", "account.verify", "account.verify_form"),
        *("auth.confirm", "auth.confirm_form", "auth.login", "auth.login_form", "auth.logout", "auth.register"),
        *("auth.register_form", "auth.sign_ins_index", "auth.sign_out_everywhere"),
        *("auth.provider_start", "auth.provider_back", "auth.provider_finish", "account.provider"),
        *("account.link_provider", "account.unlink_provider"),
        *("auth.invitation_form", "auth.register_invited", "auth.end_session", "auth.sessions_index"),
        *("auth.second_step_code", "auth.second_step_form", "auth.second_step_lost"),
        *("account.add_passkey", "account.passkey_form", "account.remove_passkey"),
        *("auth.second_step_passkey", "auth.sign_in_with_passkey"),
        *("account.add_app", "account.app_form", "account.factors_index"),
        *("account.remove_app", "account.remove_factors", "account.remove_factors_form", "account.renew_codes"),
        *("tokens.end", "tokens.index", "tokens.make"),
        *("admin.accounts", "admin.close", "admin.confirm", "admin.index", "admin.open_again", "admin.send_again"),
    ),
    Closed.PAGE: (
        *("editing.meal", "home.index", "menu.numbers", "offline.index", "preferences.suggested"),
        *("shopping.food_form",),
    ),
    Open.TO_ALL: (
        *("calendar.follow", "health.healthz", "health.metrics", "health.readyz", "offline.manifest"),
        *("offline.worker", "openapi.document", "shared_lists.show", "shared_lists.tick", "static"),
    ),
}

RULES: Final[Mapping[str, Rule]] = {name: rule for rule, names in _ENDPOINTS.items() for name in names}
"""Endpoint -> what opens it."""


def rule_of(endpoint: str) -> Rule:
    """Return what opens `endpoint`; one that is not listed is closed."""
    return RULES.get(endpoint, Closed.SAFETY)
