"""An authority of certificates and servers of TLS inside the test."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class Authority:
    """Signs certificates; `file` is its own, for those who trust it."""

    def __init__(self, folder: Path, name: str = "An authority of the tests") -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self._key, self._name = folder, ec.generate_private_key(ec.SECP256R1()), _named(name)
        self.file = folder / "authority.pem"
        begun = self._begun(self._key, self._name, timedelta(days=3650))
        made = begun.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.file.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM))

    def issue(self, name: str, days: float = 90) -> tuple[Path, Path]:
        """Files with a certificate for `name` and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        begun = self._begun(key, _named(name), timedelta(days=days))
        names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))])
        uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        made = begun.add_extension(names, critical=False).add_extension(uses, critical=False)
        files = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        files[0].write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM))
        files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        files[1].chmod(0o600)
        return files

    def _begun(
        self, key: ec.EllipticCurvePrivateKey, name: x509.Name, lasts: timedelta
    ) -> x509.CertificateBuilder:
        since = datetime.now(UTC) - timedelta(days=1)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(since + timedelta(days=1) + lasts)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Listener:
    """A server of TLS that keeps the lines of syslog that come (RFC 5425); `port` is where it listens."""

    def __init__(self, files: tuple[Path, Path], port: int = 0) -> None:
        self.lines: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        self._server = _Server(("127.0.0.1", port), self, context)
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everybody."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self, place: tuple[str, int], listener: Listener, context: ssl.SSLContext) -> None:
        self.listener, self._context = listener, context
        self._open: list[ssl.SSLSocket] = []
        super().__init__(place, _Keeper)

    def get_request(self) -> tuple[ssl.SSLSocket, object]:
        line, address = super().get_request()
        wrapped = self._context.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
        self._open.append(wrapped)
        return wrapped, address

    def handle_error(self, request: object, address: object) -> None:
        """Who hangs up, or does not trust the certificate, is no fault of the server."""

    def server_close(self) -> None:
        super().server_close()
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()


class _Keeper(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            while length := self._length():
                self.server.listener.lines.append(self.rfile.read(length).decode())
        except (OSError, ValueError):
            return

    def _length(self) -> int:
        digits = b""
        while (sign := self.rfile.read(1)).isdigit():
            digits += sign
        return int(digits or 0)


@contextmanager
def listening(files: tuple[Path, Path], port: int = 0) -> Iterator[Listener]:
    listener = Listener(files, port)
    try:
        yield listener
    finally:
        listener.stop()
