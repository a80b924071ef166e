"""Keeps the groups of indicators that an officer has written in the text of a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.models import Document
from portal.operations import drafting, procedure
from portal.operations.acts import Acts


def open_to_write(document_id: int, acts: Acts) -> Document:
    """The document, for the officer who may write it now.

    Raises:
        NotHere: it does not exist in this scope.
        NotAllowedNow, NotYours: as `drafting.change`.
    """
    document = procedure.load(document_id)
    drafting.may_write(document, acts)
    return document


def keep(document: Document, acts: Acts, groups: Sequence[dict[str, Any]], shown: int | None) -> bool:
    """Make `groups` the indicators of the document; False when they are the same as before.

    Args:
        groups: each with `name`, `condition` and `exceptions`, in the canonical form of the language.
        shown: the row version at which the form was shown.

    Raises:
        Stale: the document changed since.
    """
    procedure.load(document.id, version=shown)
    return drafting.change(document, acts, "groups", list(groups))
