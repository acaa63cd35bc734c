"""The configuration, for views that offer only what is set up."""

from __future__ import annotations

from flask import Flask, current_app

from mealplanner.config import Config

_KEY = "mealplanner.config"


def init_settings(app: Flask, config: Config) -> None:
    """Give the views of `app` its configuration."""
    app.extensions[_KEY] = config
    app.config["SERVE_WRITING_GETS"] = config.production


def settings() -> Config:
    """Return the configuration of this application."""
    found: Config = current_app.extensions[_KEY]
    return found
