"""Logs the queries that take too long: the statement as it was sent, without its values."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event

_LONGEST = 2000
log = logging.getLogger(__name__)


def watch(engine: Engine, above_ms: int) -> None:
    """Log each statement of an engine that runs for more than `above_ms` milliseconds; 0 watches nothing."""
    if not above_ms:
        return

    def begin(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        connection.info["begun"] = perf_counter()

    def end(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        taken = (perf_counter() - connection.info.pop("begun", perf_counter())) * 1000
        if taken > above_ms:
            log.warning(
                "slow query", extra={"ms": round(taken), "statement": " ".join(statement.split())[:_LONGEST]}
            )

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
