"""Reads the mapping file that says which source column is which field of a declaration."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.levels.words import N_
from portal.screening.conditions import shown
from portal.screening.faults import Fault, MappingError
from portal.screening.values import item_value
from portal.screening.vocabulary import FIELDS, STORED

_STORED = frozenset(each.name for each in STORED)

NOT_TOML = N_("is not TOML: %(reason)s")
UNKNOWN_SECTION = N_("is not a section of a mapping; the sections are columns and constants")
NOT_A_TABLE = N_("needs a table")
NOT_A_FIELD = N_("is not a field of a declaration: %(name)s")
WORKED_OUT = N_("%(name)s is worked out from other fields and cannot be imported")
TWICE = N_("%(name)s is given twice")
NOT_A_CONSTANT = N_("needs a text or a whole number")
NO_IDENTITY = N_("no column is mapped to declaration_id")
NOT_IN_SOURCE = N_("is not a column of the file")


@dataclass(frozen=True, slots=True)
class Mapping_:  # noqa: N801 - `Mapping` is a word of the language
    """Source column to field, and field to a text that holds for every row."""

    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)


def parse(text: str) -> Mapping_:
    """Read the TOML of a mapping (conditions, "A declaration").

    Raises MappingError with every fault and its place, such as `columns."HS6 Code"`.
    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as reason:
        raise MappingError([Fault("", NOT_TOML, {"reason": reason})]) from None
    faults = [Fault(name, UNKNOWN_SECTION) for name in raw if name not in ("columns", "constants")]
    columns, constants = (_section(raw, name, faults) for name in ("columns", "constants"))
    given: set[str] = set()
    for source, name in columns.items():
        faults += _field_faults(name, f"columns.{_key(source)}", given)
    for name, value in constants.items():
        faults += _field_faults(name, f"constants.{_key(name)}", given) or _constant_faults(name, value)
    if "declaration_id" not in columns.values():
        faults.append(Fault("columns", NO_IDENTITY))
    if faults:
        raise MappingError(faults)
    return Mapping_(columns, {name: str(value) for name, value in constants.items()})


def by_name(columns: Iterable[str]) -> Mapping_:
    """Map each column that bears the name of a field to that field.

    Raises MappingError when there is no `declaration_id`.
    """
    named = {column: column for column in columns if column in _STORED}
    if "declaration_id" not in named:
        raise MappingError([Fault("columns", NO_IDENTITY)])
    return Mapping_(named)


def check_against(mapping: Mapping_, columns: Iterable[str]) -> None:
    """Raise MappingError when the mapping names a column that the file does not have."""
    present = set(columns)
    faults = [
        Fault(f"columns.{_key(source)}", NOT_IN_SOURCE) for source in mapping.columns if source not in present
    ]
    if faults:
        raise MappingError(faults)


def _section(raw: dict[str, Any], name: str, faults: list[Fault]) -> dict[str, Any]:
    section = raw.get(name, {})
    if isinstance(section, dict):
        return section
    faults.append(Fault(name, NOT_A_TABLE))
    return {}


def _key(name: str) -> str:
    return name if name.isidentifier() else f'"{name}"'


def _field_faults(name: object, place: str, given: set[str]) -> list[Fault]:
    if not isinstance(name, str) or name not in FIELDS:
        return [Fault(place, NOT_A_FIELD, {"name": shown(name)})]
    if name not in _STORED:
        return [Fault(place, WORKED_OUT, {"name": name})]
    if name in given:
        return [Fault(place, TWICE, {"name": name})]
    given.add(name)
    return []


def _constant_faults(name: str, value: object) -> list[Fault]:
    place = f"constants.{name}"
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return [Fault(place, NOT_A_CONSTANT)]
    read = item_value(FIELDS[name], str(value))
    return [Fault(place, read.message, read.params)] if isinstance(read, Fault) else []
