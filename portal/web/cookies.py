"""Gives every cookie the prefix by which browsers bind it to this host alone, over TLS alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: A browser takes such a cookie only with Secure, with the path /, and without a domain (RFC 6265bis).
PREFIX = "__Host-"


class HostCookies:
    """Stands before the portal in production: within, cookies have their plain names.

    A cookie without the prefix is not believed: a page of a neighbouring host may have set it.
    """

    def __init__(self, inner: WSGIApplication) -> None:
        self.inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if sent := environ.get("HTTP_COOKIE"):
            environ = {**environ, "HTTP_COOKIE": _believed(sent)}

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            marked = [(name, _bound(text) if name == "Set-Cookie" else text) for name, text in headers]
            return start_response(status, marked, *rest)

        return self.inner(environ, start)


def _believed(sent: str) -> str:
    given = (one.strip() for one in sent.split(";"))
    return "; ".join(one.removeprefix(PREFIX) for one in given if one.startswith(PREFIX))


def _bound(cookie: str) -> str:
    marked = f"{PREFIX}{cookie}"
    return marked if "; secure" in cookie.lower() else f"{marked}; Secure"
