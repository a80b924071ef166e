"""How a process logs: a line of JSON for a collector, or a plain line for a person at a terminal."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from portal.log_receiver import Receiver


def configure(log_format: str, receiver: tuple[str, int] | None = None) -> None:
    """Let everything that is logged in this process go to standard error in one form, and to a receiver in JSON.

    In JSON each line has its moment, level, logger and request, and every request has a line; plain lines begin
    at warnings.

    Args:
        receiver: host and port of the machine that keeps the log too, where there is one.
    """
    here = logging.StreamHandler(sys.stderr)
    here.setFormatter(_formatter(log_format == "json"))
    here.setLevel(logging.INFO if log_format == "json" else logging.WARNING)
    handlers: list[logging.Handler] = [here]
    if receiver:
        there = Receiver(*receiver)
        there.setFormatter(_formatter(True))
        handlers.append(there)
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(logging.INFO if receiver else here.level)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def _formatter(as_json: bool) -> logging.Formatter:
    common: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = [structlog.dev.ConsoleRenderer(colors=False, sort_keys=False)]
    if as_json:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=common,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
