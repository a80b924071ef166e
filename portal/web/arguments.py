"""Reads what an address asks for, so that nothing typed into it can break a page."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Map

#: The largest number that an id can have in either database.
MOST = 2**31 - 1
LONGEST = 200
#: Control signs, of which NUL fits no database and line ends no header, and halves of a sign.
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class RowNumber(IntegerConverter):
    """A whole number in a path, small enough to be an id; any other is an address that does not exist."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map: Map, fixed_digits: int = 0, max: int = MOST, **options: Any) -> None:
        super().__init__(url_map, fixed_digits, max=max, **options)


def text(name: str, longest: int = LONGEST) -> str:
    """A text, folded to one line and cut; empty when it is absent."""
    return _fit(request.args.get(name, ""))[:longest]


def number(name: str) -> int | None:
    """A whole number from 0 to `MOST`, of the address or of the form sent to it; None for anything else."""
    given = request.values.get(name, "")
    found = int(given) if re.fullmatch("[0-9]{1,10}", given) else MOST + 1
    return found if found <= MOST else None


def every() -> ImmutableMultiDict[str, str]:
    """All of the address's arguments as `text` gives them, for the filters of a list to be read from."""
    given = [(name, _fit(one)[:LONGEST]) for name, one in request.args.items(multi=True)]
    return request.parameter_storage_class(given)  # type: ignore[return-value]  # Flask's own is immutable


def inside(target: str) -> str:
    """A path of this portal, or nothing: no one is led elsewhere."""
    if _UNFIT.search(target) or "\\" in target:
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:  # such as //[x
        return ""
    if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//"):
        return ""
    return target


def _fit(given: str) -> str:
    return " ".join(_UNFIT.sub(" ", given).split())
