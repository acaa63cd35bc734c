"""Every blueprint, with all of its views."""

from __future__ import annotations

from mealplanner.admin.views import admin
from mealplanner.auth.activity import views as _activity  # noqa: F401  # adds its views to the blueprints below
from mealplanner.auth.addresses import views as _addresses  # noqa: F401
from mealplanner.auth.blueprints import account, auth
from mealplanner.auth.factors import views as _factors  # noqa: F401
from mealplanner.auth.oidc import views as _oidc  # noqa: F401
from mealplanner.auth.passwords import views as _passwords  # noqa: F401
from mealplanner.auth.sessions import views as _sessions  # noqa: F401
from mealplanner.auth.settings import views as _settings  # noqa: F401
from mealplanner.auth.signing_in import views as _signing_in  # noqa: F401
from mealplanner.calendar.views import calendar
from mealplanner.cookbook.views import recipes
from mealplanner.larder.views import larder
from mealplanner.menu.eaten.views import eaten
from mealplanner.menu.editing.views import editing
from mealplanner.menu.rebalancing.views import rebalancing
from mealplanner.menu.usual.views import usual
from mealplanner.menu.views import home, menu
from mealplanner.menu.why.views import why
from mealplanner.openapi.views import openapi
from mealplanner.personal_data import views as _personal_data  # noqa: F401
from mealplanner.preferences.views import preferences
from mealplanner.recipe_files.views import recipe_files
from mealplanner.recipes.opinions.views import opinions
from mealplanner.retention import views as _retention  # noqa: F401
from mealplanner.shopping.sharing.views import shared_lists, sharing
from mealplanner.shopping.views import shopping
from mealplanner.tokens import views as _tokens  # noqa: F401
from mealplanner.tokens.login import tokens
from mealplanner.web.errors import errors
from mealplanner.web.health import health
from mealplanner.web.offline import offline

_DISHES = (preferences, recipes, recipe_files, opinions)
_MENUS = (menu, editing, rebalancing, why, usual, eaten, shopping, sharing, shared_lists)

BLUEPRINTS = (errors, health, offline, home, auth, account, *_DISHES, *_MENUS, larder, calendar, tokens, admin, openapi)
