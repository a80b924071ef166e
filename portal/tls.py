"""Opens lines over TLS to servers that prove who they are."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

#: Seconds for the server to answer.
PATIENCE = 5.0


def trusting(authorities: Path) -> ssl.SSLContext:
    """Who trusts the authorities in a file (PEM), and no other.

    Raises:
        OSError: there is no such file, or it holds none.
    """
    return ssl.create_default_context(cafile=authorities)


def connected(host: str, port: int, trust: ssl.SSLContext | None = None) -> ssl.SSLSocket:
    """A line to a server whose certificate is trusted: by `trust`, else by this machine.

    Raises:
        OSError: it does not answer, or does not prove who it is (`ssl.SSLCertVerificationError`).
    """
    line = socket.create_connection((host, port), timeout=PATIENCE)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(PATIENCE * 1000))
    try:
        return (trust or ssl.create_default_context()).wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise
