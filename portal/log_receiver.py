"""Sends what is logged to another machine too, so that whoever breaks into this one cannot unsay it.

Syslog over TLS (RFC 5424 and 5425): each line is preceded by its length, and the receiver proves who it is by a
certificate of an authority that this machine trusts.
"""

from __future__ import annotations

import logging
import os
import platform
import ssl
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.util import Finalize
from queue import Full, Queue
from threading import Lock, Thread

from portal import tls

#: The most lines that wait while the receiver is away; seconds after which it is tried again.
MOST, RESTS = 10_000, 2.0
#: Seconds that a process which ends waits for what is still to be sent.
PARTS = 2.0
#: The facility "local use 0" of RFC 5424, and its severities by Python's levels.
_FACILITY = 16
_SEVERITIES = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6}
_DEBUG = 7


class Receiver(logging.Handler):
    """Hands lines to a thread that sends them: nobody waits for the receiver.

    What cannot be sent waits until the receiver is back; of what finds no more room the number is sent.
    """

    def __init__(self, host: str, port: int) -> None:
        super().__init__()
        self._place = (host, port)
        self._waiting: Queue[bytes] = Queue(MOST)
        self._lost, self._counting = 0, Lock()
        self._line: ssl.SSLSocket | None = None
        self._away = False
        Thread(target=self._work, name=f"log receiver {host}", daemon=True).start()
        # workers of a web server are forked and leave by another door than `atexit`'s
        Finalize(None, self.part, exitpriority=1)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._waiting.put_nowait(_framed(record, self.format(record)))
        except Full:
            with self._counting:
                self._lost += 1
        except Exception:
            self.handleError(record)

    def part(self) -> None:
        """Wait a little for what is still to be sent."""
        until = time.monotonic() + PARTS
        while self._waiting.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.02)

    def _work(self) -> None:
        while True:
            self._deliver(self._waiting.get())
            with self._counting:
                lost, self._lost = self._lost, 0
            if lost:
                record = _told(f"{lost} lines were lost while the receiver was away")
                self._deliver(_framed(record, self.format(record)))
            self._waiting.task_done()

    def _deliver(self, message: bytes) -> None:
        while not self._sent(message):
            time.sleep(RESTS)

    def _sent(self, message: bytes) -> bool:
        try:
            if self._line is None or not _stands(self._line):
                self._leave()
                self._line = tls.connected(*self._place)
            self._line.sendall(message)
        except (OSError, ValueError) as error:
            self._leave()
            if not self._away:
                with suppress(OSError, ValueError):
                    sys.stderr.write(f"the log's receiver {self._place} is away: {error}\n")
            self._away = True
            return False
        self._away = False
        return True

    def _leave(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _stands(line: ssl.SSLSocket) -> bool:
    """Whether the receiver has not hung up: it says nothing, so that whatever comes is the end."""
    line.setblocking(False)
    try:
        return bool(line.recv(1))
    except (ssl.SSLWantReadError, BlockingIOError):
        return True
    except OSError:
        return False
    finally:
        line.settimeout(tls.PATIENCE)


def _framed(record: logging.LogRecord, text: str) -> bytes:
    priority = _FACILITY * 8 + _SEVERITIES.get(record.levelno, _DEBUG)
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = f"<{priority}>1 {at} {platform.node()} portal {os.getpid()} - - {text}".encode(errors="replace")
    return b"%d %s" % (len(line), line)


def _told(words: str) -> logging.LogRecord:
    return logging.LogRecord(__name__, logging.WARNING, "", 0, words, None, None)
