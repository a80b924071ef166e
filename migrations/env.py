"""Runs the migrations as the owner of the tables, and leaves the second wall standing on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine

import portal.models  # noqa: F401 - the tables attach themselves to the metadata
from portal.models.base import Base, Moment
from portal.store import owner, second_wall


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write a `Moment` column as the plain type that it is in the database."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, Moment) else False


def run() -> None:
    serving: Engine = current_app.extensions["migrate"].db.engine
    owning = owner.engine()
    with owning.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_server_default=False,
        )
        with context.begin_transaction(), wall_down(connection, None if owning is serving else serving):
            context.run_migrations()


@contextmanager
def wall_down(connection: Connection, serving: Engine | None) -> Iterator[None]:
    """Take the wall down while there is something to migrate, and build it in the same transaction.

    The owner of the tables stands before the wall too: a migration that changes rows would find none.
    """
    if connection.dialect.name != "postgresql" or (end := destination()) is False:
        yield
        return
    if end != context.get_context().get_current_heads():
        second_wall.take_down(connection)
    yield
    second_wall.build(connection)
    if serving is not None:
        with serving.connect() as running:
            role = running.exec_driver_sql("SELECT current_user").scalar_one()
        second_wall.grant(connection, role)


def destination() -> tuple[str, ...] | bool:
    """The revisions to which a command leads; False for one that only looks, True for a number of steps."""
    try:
        found = context.get_revision_argument()
    except KeyError:
        return False
    except Exception:  # a step such as "-1" has no number
        return True
    return (found,) if isinstance(found, str) else tuple(found or ())


if context.is_offline_mode():
    raise SystemExit("the migrations need a database to run on")
run()
