"""The files that pages load: bundled, named by the hash of what they hold, compressed once in a process."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
from flask import Flask, Response, abort, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SHEETS = ("tokens", "theme", "shell", "page", "lists", "tables", "forms", "charts", "builder", "documents")
SCRIPTS = (
    "requests",
    "focus",
    "rows",
    "wide",
    "density",
    "unsaved",
    "ended",
    "filters",
    "buttons",
    "keys",
    "palette",
)
#: What every page loads, made of the files of which it consists; no build step, only one answer instead of many.
BUNDLES: dict[str, tuple[str, ...]] = {
    "portal.css": (
        "vendor/tabler/tabler.min.css",
        *(f"css/{name}.css" for name in SHEETS),
        "css/print.css",
    ),
    "portal.js": ("vendor/htmx/htmx.min.js", *(f"js/{name}.js" for name in SCRIPTS)),
}
FOREVER = "public, max-age=31536000, immutable"
#: Kinds of files that compression makes smaller; fonts are compressed already.
COMPRESSED = frozenset({"text/css", "text/javascript", "application/json", "image/svg+xml", "text/plain"})
_ADDRESS = re.compile(r'url\("?(?!data:)([^")]+)"?\)')
_HASHED = re.compile(r"^(.*)\.[0-9a-f]{12}(\.[a-z0-9]+)$")

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")


class Asset:
    """One file as it is served."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content = name, content
        self.mimetype = mimetypes.guess_type(name)[0] or "text/plain"
        self.digest = hashlib.sha256(content).hexdigest()[:12]

    @property
    def address(self) -> str:
        """The name with the hash of the content in it: `portal.1f2e3d4c5b6a.css`."""
        stem, dot, ending = self.name.rpartition(".")
        return f"{stem}.{self.digest}.{ending}" if dot else self.name

    @cached_property
    def brotli(self) -> bytes:
        return bytes(brotli.compress(self.content, quality=11))

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.content, 9, mtime=0)


class Assets:
    """The files of a folder and the bundles made of them."""

    def __init__(self, folder: Path) -> None:
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        self._found: dict[str, Asset] = {}
        for name in sorted(names, key=lambda name: name.endswith((".css", ".js"))):
            self._add(name, (folder / name).read_bytes())
        for bundle, parts in BUNDLES.items():
            joint = b"\n;\n" if bundle.endswith(".js") else b"\n"
            self._add(bundle, joint.join(self._part(folder, bundle, part) for part in parts))

    def _add(self, name: str, content: bytes) -> None:
        self._found[name] = Asset(name, content)

    def _part(self, folder: Path, bundle: str, name: str) -> bytes:
        """A file as a part of its bundle: its addresses hashed, a sheet for paper alone under its condition."""
        content = (folder / name).read_bytes()
        if not bundle.endswith(".css"):
            return content
        here = Path(name).parent
        text = _ADDRESS.sub(lambda found: f'url("{self._pointed(here, found[1])}")', content.decode())
        return (f"@media print {{\n{text}\n}}" if name == "css/print.css" else text).encode()

    def _pointed(self, here: Path, address: str) -> str:
        parts: list[str] = []
        for part in (here / address).parts:
            if part == "..":
                parts.pop()
            else:
                parts.append(part)
        return self.address("/".join(parts))

    def address(self, name: str) -> str:
        """The address of a file under the static folder; a name that is none stays as it is."""
        found = self._found.get(name)
        return found.address if found else name

    def find(self, address: str) -> tuple[Asset, bool] | None:
        """The asset at an address, and whether the address names exactly what it holds."""
        if (plain := self._found.get(address)) is not None:
            return plain, False
        if (hashed := _HASHED.match(address)) is None:
            return None
        found = self._found.get(hashed[1] + hashed[2])
        return (found, found.address == address) if found else None


@cache
def assets(folder: Path) -> Assets:
    """The assets of a folder, read once in a process."""
    return Assets(folder)


def install(app: Flask) -> None:
    """Serve the static folder by hashed addresses: `url_for("static", filename=…)` gives them by itself."""
    found = assets(Path(app.static_folder or ""))

    def hashed(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values["filename"] = found.address(values["filename"])

    def serve(filename: str) -> Response:
        asset = found.find(filename)
        return _served(*asset) if asset else abort(404)

    app.url_defaults(hashed)
    app.view_functions["static"] = serve
    app.wsgi_app = _Cookieless(app.wsgi_app, f"{app.static_url_path}/")  # type: ignore[method-assign]


class _Cookieless:
    """Files are the same for all: no answer to a request for one sets a cookie or varies by it.

    Sign-in and session look at every request, which would otherwise make a browser fetch a file anew.
    """

    def __init__(self, inner: WSGIApplication, prefix: str) -> None:
        self.inner, self.prefix = inner, prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(self.prefix):
            return self.inner(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = [(name, _without_cookie(name, text)) for name, text in headers if name != "Set-Cookie"]
            return start_response(status, [(name, text) for name, text in kept if text], *rest)

        return self.inner(environ, start)


def _without_cookie(name: str, text: str) -> str:
    if name != "Vary":
        return text
    return ", ".join(one for one in text.split(", ") if one != "Cookie")


def _served(asset: Asset, exact: bool) -> Response:
    """The file in the smallest form that the browser reads; by an exact address it never changes."""
    encoding, body = _encoded(asset)
    response = Response(body, mimetype=asset.mimetype)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    if asset.mimetype in COMPRESSED:
        response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOREVER if exact else "no-cache"
    response.set_etag(f"{asset.digest}-{encoding}")
    return response.make_conditional(request)  # type: ignore[return-value]


def _encoded(asset: Asset) -> tuple[str, bytes]:
    if asset.mimetype in COMPRESSED:
        for encoding, body in (("br", "brotli"), ("gzip", "gzip")):
            if request.accept_encodings[encoding]:
                return encoding, getattr(asset, body)
    return "", asset.content
