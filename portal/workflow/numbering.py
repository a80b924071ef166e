"""The form of registration numbers (procedure §5 A5 and §7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_FORM = re.compile(r"(\d{2})/(\d{5,8})/(\d{2})(\d{2})(\d{4})/(\d{5,})")
SERIAL_DIGITS = 5


@dataclass(frozen=True)
class RegistrationNumber:
    """``XX/TTTTT/DDMMYYYY/XXXXX``: kind code, authority code, day of registration, serial in its register.

    Raises:
        ValueError: a part does not fit the form, or the serial is not positive.
    """

    kind: str
    authority: str
    day: date
    serial: int

    def __post_init__(self) -> None:
        if self.serial < 1:
            raise ValueError(f"a serial begins at 1, not {self.serial}")
        if not _FORM.fullmatch(str(self)):
            raise ValueError(f"not a registration number: {self}")

    def __str__(self) -> str:
        return f"{self.kind}/{self.authority}/{self.day:%d%m%Y}/{self.serial:0{SERIAL_DIGITS}d}"


def number(kind: str, authority_code: str, width: int, day: date, serial: int) -> RegistrationNumber:
    """Make a number; `width` is how many digits of the authority's code it shows (5 to 8).

    Raises:
        ValueError: the width is out of range or the code is shorter than it.
    """
    if not 5 <= width <= 8:
        raise ValueError(f"an authority shows 5 to 8 digits of its code, not {width}")
    if len(authority_code) < width:
        raise ValueError(f"code {authority_code!r} is shorter than {width} digits")
    return RegistrationNumber(kind, authority_code[:width], day, serial)


def parse(text: str) -> RegistrationNumber:
    """Read a number back.

    Raises:
        ValueError: the text is not a registration number, or names a day that does not exist.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"not a registration number: {text!r}")
    kind, authority, day, month, year, serial = found.groups()
    return RegistrationNumber(kind, authority, date(int(year), int(month), int(day)), int(serial))
