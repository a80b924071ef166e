"""Runs the migrations against the portal's own engine."""

from alembic import context
from flask import current_app

import portal.models  # noqa: F401 - the tables attach themselves to the metadata
from portal.models.base import Base, Moment


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write a `Moment` column as the plain type that it is in the database."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, Moment) else False


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_server_default=False,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("the migrations need a database to run on")
run()
