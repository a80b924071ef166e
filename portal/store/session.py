"""Sessions outside a request: one for each authority for which a job or command acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

from portal.extensions import db
from portal.levels.path import AuthorityPath
from portal.levels.scope import Scope
from portal.levels.tree import LEVELS
from portal.store.audit import Who
from portal.store.engine import writing
from portal.store.gateway import ScopedSession


def session() -> ScopedSession:
    """The session of this request or block."""
    return db.session()  # type: ignore[return-value]


def begin_anew() -> None:
    """Let go of the session with all that it has read: the next one looks again."""
    db.session.remove()


def scope_of(path: str) -> Scope:
    """The scope of whoever acts for the authority at `path`; the union's does not reach below it."""
    place = AuthorityPath(path)
    return Scope(place, reads_below=LEVELS["union"].reads_below if place.parent is None else True)


@contextmanager
def acting(path: str, action: str, *, writes: bool = True) -> Iterator[ScopedSession]:
    """A session that acts for the authority at `path`, committed at the end of the block, else rolled back.

    Args:
        action: names the job or command in the audit trail.
    """
    with current_app.app_context():
        opened = session()
        opened.enter(scope_of(path))
        opened.info["who"] = Who(None, "", path, action)
        if not writes:
            yield opened
            return
        with writing():
            try:
                yield opened
                opened.commit()
            except BaseException:
                opened.rollback()
                raise
