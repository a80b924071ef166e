"""One transaction a request: a GET leaves nothing behind, an act is committed once, a repeated one answered anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from flask import Response, redirect, request
from flask import session as cookie
from flask_login import current_user
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from portal.errors import PortalError, SendAgain, Stale
from portal.levels.words import N_
from portal.store import audit, clashes, form_keys
from portal.store.engine import writing
from portal.store.session import begin_anew, session

CHANGED_MEANWHILE = N_("Someone changed this since the page was shown to you.")
NO_KEY = N_("The form came without its one-time key. Open it again and send it from there.")
KEY_SPENT = N_(
    "This form was sent before. Open it again, look at what was done, and send it if it still holds."
)
SAME_DONE = N_("Someone else did the same at the same moment. Open the form again and look at what was done.")
MET = N_(
    "Others are writing at this moment, and your turn did not come. Wait a little and send the form again."
)

#: How often a view is run at most: whoever loses a deadlock may be back before the winner is done, and meet it again.
TIMES = 5
#: Seconds to leave the winner before the second run; twice as long before each further one.
PAUSE = 0.01


class Transaction:
    """The transaction of one request."""

    def __init__(self, changes: bool) -> None:
        self.changes = changes
        self.key = request.form.get("form_key", "") if changes else ""
        self.officer = current_user.signed_in.id if self.key and current_user.is_authenticated else 0

    def answered_before(self) -> Response | None:
        """The answer given to this form key before; else the key is taken, to be spent with the commit."""
        if not self.key:
            return None
        if not form_keys.is_key(self.key):
            raise SendAgain(NO_KEY, 400)
        if not form_keys.take(self.key, self.officer, request.path):
            session().rollback()
            location = form_keys.location(self.key, self.officer, request.path)
            if location is None:
                raise SendAgain(KEY_SPENT, 409)
            return redirect(location, 303)  # type: ignore[return-value]
        return None

    def finish(self, response: Response) -> Response:
        """Commit an act that succeeded; leave no trace of anything else.

        Raises:
            SendAgain: something was changed by a form without a key, which nothing keeps from being done twice.
        """
        if not self.changes or response.status_code >= 400:
            session().rollback()
            return response
        if not self.key and audit.changed(session()):
            raise SendAgain(NO_KEY, 400)
        if self.key:
            form_keys.spend(self.key, response.headers.get("Location") or request.path)
        session().commit()
        return response


def in_one_transaction(act: Callable[[Transaction], Response], writes: bool = True) -> Response:
    """Run a view; one that met a rival at the very row is run again.

    Then it reads what the rival wrote, and its own comparison of versions shows the officer both texts. A view that
    writes in transactions of its own (`writes=False`) is run once: what it has committed would be done again.

    Raises:
        Stale, SendAgain: it met rivals each time, or waited for one too long.
    """
    for run in range(TIMES - 1):
        try:
            with _transaction(writes) as transaction:
                return act(transaction)
        except (Stale, SendAgain) as refused:
            if not writes or not _met_a_rival(refused):
                raise
        begin_anew()
        time.sleep(PAUSE * 2**run)
        for _, upload in request.files.items(multi=True):
            upload.stream.seek(0)
    with _transaction(writes) as transaction:
        return act(transaction)


def _met_a_rival(refused: PortalError) -> bool:
    """Whether the database, and not the act, found that another was changing the same."""
    cause = refused.__cause__
    return isinstance(cause, StaleDataError) or (
        isinstance(cause, OperationalError) and clashes.crossed(cause)
    )


@contextmanager
def _said_when_done() -> Iterator[None]:
    """What a view told the officer of its success is unsaid when it fails after all."""
    before = list(cookie.get("_flashes", []))
    try:
        yield
    except BaseException:
        if cookie.get("_flashes", []) != before:
            cookie["_flashes"] = before
        raise


@contextmanager
def _transaction(writes: bool) -> Iterator[Transaction]:
    """SQLite's write lock is taken at once for acts, and every failure rolls back."""
    changes = writes and request.method not in ("GET", "HEAD", "OPTIONS")
    with ExitStack() as stack:
        stack.enter_context(_said_when_done())
        if changes:
            session().rollback()  # end the reading transaction of the sign-in: the act begins as a writer
            stack.enter_context(writing())
        try:
            yield Transaction(changes)
        except StaleDataError as error:
            session().rollback()
            raise Stale(CHANGED_MEANWHILE) from error
        except IntegrityError as error:
            session().rollback()
            if not clashes.same_done(error):
                raise
            raise SendAgain(SAME_DONE, 409) from error
        except OperationalError as error:
            session().rollback()
            if not clashes.met(error):
                raise
            raise SendAgain(MET, 503) from error
        except BaseException:
            session().rollback()
            raise
