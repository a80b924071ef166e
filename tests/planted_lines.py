"""Faults in how a portal is bound to what is around it, each with the check of the doctor that must find it."""

from __future__ import annotations

from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from tests.tls import Authority, listening
from tests.ward import Plant, Ward


def certified(by: str, days: float) -> Plant:
    """A portal whose certificate is of the trusted authority or of another, and ends in so many days."""

    def plant(ward: Ward) -> None:
        signs = ward.authority if by == "trusted" else Authority(ward.folder / "forger")
        listener = ward.stack.enter_context(listening(signs.issue("localhost", days)))
        ward.settle(address=f"https://localhost:{listener.port}")

    return plant


def closed_network(by: str) -> Plant:
    """A portal that public authorities do not know, where the operator names an authority, or what is none."""

    def plant(ward: Ward) -> None:
        own, other = (Authority(ward.folder / name, name) for name in ("own", "other"))
        (ward.folder / "empty.pem").touch()
        listener = ward.stack.enter_context(listening(own.issue("localhost", 13 if by == "own" else 90)))
        named = {"nobody": None, "empty": ward.folder / "empty.pem", "missing": ward.folder / "none.pem"}
        file = own.file if by == "own" else other.file if by == "other" else named[by]
        ward.settle(address=f"https://localhost:{listener.port}", address_authority=file)

    return plant


def trusted_here_alone(ward: Ward) -> None:
    """The machine trusts the authority, browsers of the public do not."""
    public = Authority(ward.folder / "public", "A public authority")
    ward.patch.setattr("certifi.where", lambda: str(public.file))


def in_the_open(ward: Ward) -> None:
    """At the address that should be TLS somebody answers without it."""
    server = ward.stack.enter_context(ThreadingTCPServer(("127.0.0.1", 0), _Plain))
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    ward.stack.callback(server.shutdown)
    ward.settle(address=f"https://localhost:{server.server_address[1]}")


class _Plain(StreamRequestHandler):
    def handle(self) -> None:
        self.request.recv(1)
        self.wfile.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def receiver_gone(ward: Ward) -> None:
    with listening(ward.authority.issue("localhost")) as listener:
        ward.settle(log_receiver=("localhost", listener.port))


def secret_open(ward: Ward) -> None:
    file = ward.folder / "secret-key"
    file.write_text("secret")
    file.chmod(0o640)
    ward.settle(secret_files=(file,))


def key_left(ward: Ward) -> None:
    (ward.folder / "keys" / "selection-key").touch(0o600)


LINE_FAULTS: tuple[tuple[str, Plant], ...] = (
    ("lines.certificate", certified("forger", 90)),
    ("lines.certificate", certified("trusted", -0.5)),
    ("lines.certificate", lambda w: w.settle(address="http://localhost")),
    ("lines.certificate", in_the_open),
    ("lines.certificate", trusted_here_alone),
    ("lines.certificate", closed_network("nobody")),
    ("lines.certificate", closed_network("other")),
    ("lines.certificate", closed_network("empty")),
    ("lines.certificate", closed_network("missing")),
    ("lines.log_receiver", receiver_gone),
    ("lines.secrets", secret_open),
)
LINE_WARNINGS: tuple[tuple[str, Plant], ...] = (
    ("lines.certificate", certified("trusted", 13)),
    ("lines.certificate", lambda w: w.settle(address="")),
    ("lines.certificate", closed_network("own")),
    ("lines.certificate", lambda w: w.settle(address="https://localhost:9")),
    ("lines.log_receiver", lambda w: w.settle(log_receiver=None)),
    ("lines.secrets", lambda w: w.settle(bare_secrets=("SECRET_KEY",))),
    ("lines.secrets", lambda w: w.settle(audit_key="")),
    ("lines.secrets", lambda w: w.settle(selection_key="")),
    ("lines.secrets", key_left),
    ("lines.login", lambda w: w.settle(database_url="postgresql+psycopg://portal:secret@localhost/portal")),
    ("lines.login", lambda w: w.settle(database_url="postgresql+psycopg://localhost/portal?password=secret")),
)
