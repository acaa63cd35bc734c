"""What the operator has set, for views that offer only what there is."""

from __future__ import annotations

from flask import Flask, current_app

from mealplanner.config import Config

_KEY = "mealplanner.config"


def init_settings(app: Flask, config: Config) -> None:
    """Lets the views of `app` know its configuration."""
    app.extensions[_KEY] = config
    app.config["SERVE_WRITING_GETS"] = config.production


def settings() -> Config:
    """The configuration of this application."""
    found: Config = current_app.extensions[_KEY]
    return found
