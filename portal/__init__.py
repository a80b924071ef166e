"""The Four-Level Customs Risk Portal."""

from __future__ import annotations

from typing import Any

from flask import Flask

import config
from portal.settings import flask_settings


def create_app(
    settings: dict[str, Any] | None = None, environment: config.Environment | None = None
) -> Flask:
    """Make the application.

    Args:
        settings: overrides of Flask's configuration, for tests.
        environment: what the operator set; by default read from the process's environment.

    Raises:
        config.Misconfigured: the environment does not allow the portal to start.
    """
    app = Flask(__name__)
    app.config.from_mapping(flask_settings(environment or config.read()))
    app.config.from_mapping(settings or {})
    app.config["ENVIRONMENT"].data_dir.mkdir(parents=True, exist_ok=True)
    _proxies(app)
    _tables(app)
    _web(app)
    _pages(app)
    _commands(app)
    return app


def _proxies(app: Flask) -> None:
    """Believe the proxies that the operator counted, and nobody else, about who asks and how."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    if count := app.config["ENVIRONMENT"].proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def _tables(app: Flask) -> None:
    from portal.extensions import db, migrate
    from portal.store import engine, slow_queries

    db.init_app(app)
    migrate.init_app(app, db, directory=str(config.HERE / "migrations"))
    with app.app_context():
        engine.prepare(db.engine, warn=app.config["ENVIRONMENT"].production)
        slow_queries.watch(db.engine, app.config["ENVIRONMENT"].slow_query_ms)


def _web(app: Flask) -> None:
    from jinja2 import StrictUndefined

    from portal.extensions import babel, csrf, htmx
    from portal.web import (
        arguments,
        assets,
        compression,
        context,
        errors,
        fair_share,
        filters,
        identity,
        metrics,
        paces,
        request_ids,
        security,
    )

    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters["int"] = arguments.RowNumber
    request_ids.install(app)
    metrics.install(app)
    fair_share.install(app)
    paces.install(app)
    babel.init_app(app, locale_selector=context.locale, timezone_selector=context.zone)
    csrf.init_app(app)
    htmx.init_app(app)
    for part in (compression, identity, security, filters, context, errors, assets):
        part.install(app)


def _pages(app: Flask) -> None:
    from portal.blueprints import BLUEPRINTS

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _commands(app: Flask) -> None:
    from portal.cli import COMMANDS

    for command in COMMANDS:
        app.cli.add_command(command)
