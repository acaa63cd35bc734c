"""mealplanner: a self-hosted meal planner.

Importing the package imports nothing: the planner, the worker and the commands do without Flask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mealplanner.config import Config
    from mealplanner.storage.database import Database
    from mealplanner.web.application import Application
    from mealplanner.web.clients import Clock


def create_app(config: Config, database: Database | None = None, *, clock: Clock | None = None) -> Application:
    """Return the web application, wired in order, on `database` or one of its own, by `clock` or the real time.

    No connection is opened before a request needs one.
    """
    from mealplanner import models  # noqa: F401  # tells constraints apart by what the models say of them
    from mealplanner.auth.login import guard_views
    from mealplanner.blueprints import BLUEPRINTS
    from mealplanner.client import utc_now
    from mealplanner.food.catalogue import recipes_by_id
    from mealplanner.storage.database import Database
    from mealplanner.telemetry.logs import configure_logging
    from mealplanner.tokens.login import init_tokens
    from mealplanner.web import addresses, assets, filters
    from mealplanner.web.application import Application
    from mealplanner.web.clients import init_clients
    from mealplanner.web.compression import init_compression
    from mealplanner.web.forgery import init_forgery, require_token
    from mealplanner.web.keys import init_keys
    from mealplanner.web.remembered import init_memory
    from mealplanner.web.security import init_security
    from mealplanner.web.settings import init_settings

    configure_logging(config)
    app = Application(
        __name__,
        database=database or Database(config),
        template_folder="web/templates",
        static_folder="web/static",
    )
    app.testing = config.testing

    init_settings(app, config)
    init_keys(app, config.signing_keys())
    init_clients(app, clock=clock or utc_now, leniency=config.leniency)
    init_security(app, base_url=config.base_url, trusted_proxies=config.trusted_proxies)
    init_compression(app)
    init_memory(app)
    init_forgery(app, config.base_url)
    init_tokens(app)
    guard_views(app)
    app.before_view.append(require_token)
    filters.register(app)
    assets.register(app)
    addresses.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)

    recipes_by_id()  # now, for all requests, rather than in the first one while it holds a connection
    config.rollout.check(app.blueprints)
    return app
