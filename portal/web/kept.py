"""Keeps what was typed while a session ran out: sealed, in the page that asks to sign in, for its officer alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import request

from portal.operations import sealed
from portal.web.arguments import inside

#: Fields that are never kept: what protects the form, and what only its officer may type.
NOT_KEPT = frozenset(
    {
        "csrf_token", "form_key", "password", "new_password", "again", "one_time_code", "credential", "challenge",
        "sealed", "kept", "seed",
    }
)  # fmt: skip
LASTS = timedelta(hours=12)
#: The page that asks for the sign-in carries it twice, there and back.
LONGEST = 3_000_000
_PURPOSE = "typed while signed out"


@dataclass(frozen=True)
class Kept:
    """What was typed.

    Attributes:
        path: the address to which it was being sent.
        files: whether files were chosen too, which are not kept.
    """

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool


def keep(officer_id: int) -> str:
    """Seal the form of this request for an officer; empty when it is too long."""
    fields = [(name, text) for name, text in request.form.items(multi=True) if name not in NOT_KEPT]
    files = any(file.filename for file in request.files.values())
    content = {
        "officer": officer_id,
        "path": request.full_path.rstrip("?"),
        "fields": fields,
        "files": files,
    }
    text = sealed.seal(_PURPOSE, content)
    return text if len(text) <= LONGEST else ""


def restore(text: str, officer_id: int) -> Kept | None:
    """What was typed, to the officer who typed it; None to anyone else, and when it is too old."""
    found = sealed.unseal(_PURPOSE, text, LASTS) if text else None
    if found is None or found["officer"] != officer_id or not inside(found["path"]):
        return None
    return Kept(found["path"], tuple((name, value) for name, value in found["fields"]), found["files"])
