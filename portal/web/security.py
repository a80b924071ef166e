"""The security headers of every answer."""

from __future__ import annotations

import hashlib

from flask import Flask, Response, request

from portal.web.bounds import bounded
from portal.web.cookies import HostCookies

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


#: A year, for every name beneath this one.
HSTS = "max-age=31536000; includeSubDomains"
#: What a browser forgets when an officer signs out: pages kept for going back, and what scripts stored.
FORGOTTEN = '"cache", "storage"'


def install(app: Flask) -> None:
    """Add the headers to every answer; pages behind sign-in are never kept by a cache. Bound what is sent."""
    app.request_class = bounded(app.request_class)
    app.session_interface.digest_method = hashlib.sha256  # type: ignore[attr-defined]  # Flask's own choice is SHA-1
    production = app.config["ENVIRONMENT"].production
    if production:
        app.wsgi_app = HostCookies(app.wsgi_app)  # type: ignore[method-assign]

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if production or request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if request.endpoint == "sign_in.leave" and request.method == "POST":
            response.headers.setdefault("Clear-Site-Data", FORGOTTEN)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
