"""Every blueprint, with all of its views."""

from __future__ import annotations

from mealplanner.auth.addresses import views as _addresses  # noqa: F401  # adds its views to the blueprints below
from mealplanner.auth.blueprints import account, auth
from mealplanner.auth.passwords import views as _passwords  # noqa: F401
from mealplanner.auth.sessions import views as _sessions  # noqa: F401
from mealplanner.auth.settings import views as _settings  # noqa: F401
from mealplanner.auth.signing_in import views as _signing_in  # noqa: F401
from mealplanner.cookbook.views import recipes
from mealplanner.menu.editing.views import editing
from mealplanner.menu.rebalancing.views import rebalancing
from mealplanner.menu.views import home, menu
from mealplanner.personal_data import views as _personal_data  # noqa: F401
from mealplanner.preferences.views import preferences
from mealplanner.web.errors import errors
from mealplanner.web.health import health

BLUEPRINTS = (errors, health, home, auth, account, preferences, recipes, menu, editing, rebalancing)
