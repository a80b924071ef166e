"""Maintained lists of values, as a document of one authority may name them on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from portal.levels.path import AuthorityPath
from portal.models import ValueList
from portal.store.session import session


def members(path: str, day: date) -> dict[str, frozenset[str]]:
    """Names of the lists of the authority at `path` and of those above it, with their members on `day`.

    Of lists of one name, the one nearest to `path` counts, and of its versions the latest in force.
    """
    place = AuthorityPath(path)
    reaching = [*(above.text for above in place.above), place.text]
    asked = (
        select(ValueList.name, ValueList.members)
        .where(ValueList.applies_to.in_(reaching), ValueList.authority_path.in_(reaching))
        .where(
            ValueList.valid_from <= day,
            or_(ValueList.valid_to.is_(None), ValueList.valid_to >= day),
        )
        .order_by(ValueList.authority_path, ValueList.version)
    )
    return {name: frozenset(map(str, values)) for name, values in session().execute(asked)}
