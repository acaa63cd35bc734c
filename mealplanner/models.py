"""Every model, so that whoever needs the whole metadata (migrations, the application, a worker) imports one module."""

from __future__ import annotations

from mealplanner.auth.models import User
from mealplanner.db.base import Base
from mealplanner.menu.models import Meal, Menu, Recipe, RecipeIngredient
from mealplanner.preferences.models import UserProfile

__all__ = ["Base", "Meal", "Menu", "Recipe", "RecipeIngredient", "User", "UserProfile"]
