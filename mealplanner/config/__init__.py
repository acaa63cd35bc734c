"""The configuration of one process, read from the environment once."""

from mealplanner.config.settings import Config, ConfigError, Rollout

__all__ = ["Config", "ConfigError", "Rollout"]
