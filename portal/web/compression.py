"""Compresses the answers that are made for one reader, and hides their exact length."""

from __future__ import annotations

import gzip
import secrets

import brotli
from flask import Flask, Response, request

#: Kinds of answers worth the work, and the size in bytes from which they are.
KINDS = frozenset({"text/html", "text/csv", "text/plain", "application/json"})
LEAST = 600
#: Levels that cost about a millisecond for a page.
BROTLI, GZIP = 4, 6
#: The most bytes of filler that hide the length; decision 0017 says against whom.
FILLER = 96


def install(app: Flask) -> None:
    """Compress every page after all else is done with it."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if response.mimetype not in KINDS or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    encoding = next((one for one in ("br", "gzip") if request.accept_encodings[one]), "")
    if not encoding or "Content-Encoding" in response.headers or response.status_code in (204, 206, 304):
        return response
    body = response.get_data()
    if len(body) < LEAST:
        return response
    small = brotli.compress(body, quality=BROTLI) if encoding == "br" else gzip.compress(body, GZIP, mtime=0)
    response.set_data(small)
    response.headers["Content-Encoding"] = encoding
    response.headers["X-Filler"] = secrets.token_hex(FILLER // 2)[: secrets.randbelow(FILLER)]
    return response
