"""Opens lines over TLS to servers that prove who they are."""

from __future__ import annotations

import socket
import ssl

#: Seconds for the server to answer.
PATIENCE = 5.0


def connected(host: str, port: int) -> ssl.SSLSocket:
    """A line to a server whose certificate is of an authority that this machine trusts.

    Raises:
        OSError: it does not answer, or does not prove who it is (`ssl.SSLCertVerificationError`).
    """
    line = socket.create_connection((host, port), timeout=PATIENCE)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(PATIENCE * 1000))
    try:
        return ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise
