"""Which blueprints take their connections from the pool."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mealplanner import create_app
from mealplanner.config import Config, ConfigError, Rollout


def test_a_blueprint_that_does_not_exist_is_refused(base_config: Config) -> None:
    """It would otherwise silently stay on the other side."""
    config = replace(base_config, rollout=Rollout(everything=False, blueprints=frozenset({"menus"})))
    with pytest.raises(ConfigError, match="USE_NEW_CONNECTION_HANDLING names menus; there is account, admin, auth, "):
        create_app(config)


@pytest.mark.parametrize(
    ("text", "scope", "pooled"),
    [
        ("true", "menu.show", True),
        ("false", "menu.show", False),
        ("menu", "menu.show", True),
        ("menu", "menu.generate", True),
        ("menu", "menus.show", False),
        ("menu,auth", "preferences.edit", False),
    ],
)
def test_the_flag_goes_by_the_blueprint(text: str, scope: str, pooled: bool) -> None:
    """A job belongs to the blueprint that its name begins with."""
    config = Config.from_environ({"USE_NEW_CONNECTION_HANDLING": text})
    assert config.rollout.covers(scope) is pooled
