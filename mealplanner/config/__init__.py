"""The configuration of one process, read from the environment once."""

from mealplanner.config.parsing import ConfigError
from mealplanner.config.rollout import Rollout
from mealplanner.config.settings import Config

__all__ = ["Config", "ConfigError", "Rollout"]
