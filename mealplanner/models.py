"""All models, in one module to import for the whole metadata: by migrations, the application and the worker."""

from __future__ import annotations

from mealplanner.audit.models import AuditEntry
from mealplanner.auth.api_tokens.models import ApiToken
from mealplanner.auth.factors.models import Authenticator, Passkey, RecoveryCode, UsedChallenge
from mealplanner.auth.invitations.models import Invitation
from mealplanner.auth.links.models import AccountToken
from mealplanner.auth.models import User
from mealplanner.auth.oidc.models import OidcIdentity
from mealplanner.auth.operators.models import Operator
from mealplanner.auth.sessions.models import OpenSession
from mealplanner.auth.signing_in.models import SignIn
from mealplanner.calendar.models import Feed
from mealplanner.db.base import Base
from mealplanner.jobs.models import Chore, JobPerson, QueueWorker
from mealplanner.larder.models import AlwaysThere, LarderItem, LarderMove, LarderSettings
from mealplanner.mail.models import Mail
from mealplanner.menu.editing.models import MenuEdit
from mealplanner.menu.models import Meal, Menu, Proposal
from mealplanner.menu.planned_days.models import PlannedDay
from mealplanner.menu.rebalancing.models import Rebalancing
from mealplanner.menu.usual.models import UsualMeal
from mealplanner.preferences.models import UserProfile
from mealplanner.recipes.models import Rating, Recipe, RecipeIngredient
from mealplanner.recipes.opinions.models import Opinion
from mealplanner.shopping.models import Baseline, FoodNote, OwnItem, Share, ShoppingHabits, Tick
from mealplanner.spending.models import Budget, ModelCall
from mealplanner.throttle.models import Throttle

__all__ = [
    "AccountToken",
    "AuditEntry",
    "Base",
    "Mail",
    "Meal",
    "Menu",
    "Proposal",
    "Rating",
    "Recipe",
    "RecipeIngredient",
    "SignIn",
]
__all__ += ["Budget", "MenuEdit", "ModelCall", "PlannedDay", "Rebalancing", "Throttle", "User", "UserProfile"]
__all__ += ["OpenSession", "Opinion", "UsualMeal"]
__all__ += ["Baseline", "FoodNote", "OwnItem", "Share", "ShoppingHabits", "Tick"]
__all__ += ["ApiToken", "Chore", "Feed", "Invitation", "JobPerson", "OidcIdentity", "QueueWorker"]
__all__ += ["Operator"]
__all__ += ["AlwaysThere", "LarderItem", "LarderMove", "LarderSettings"]
__all__ += ["Authenticator", "Passkey", "RecoveryCode", "UsedChallenge"]
