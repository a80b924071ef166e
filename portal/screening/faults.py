"""What is wrong with a condition, a mapping or a row, said so that it can be translated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Params = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `place` such as `all[2].any[0].value` (empty for the whole), `message` an English msgid
    with named `%(name)s` holes, and `params` that fill them after translation."""

    place: str
    message: str
    params: Params = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The message in English with its holes filled."""
        return self.message % self.params

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


class Faulty(ValueError):
    """Something that an administrator wrote cannot be used; `faults` says all that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))


class ConditionError(Faulty):
    """A condition or risk area is refused."""


class MappingError(Faulty):
    """A mapping file is refused, or does not fit the file that it should read."""


class SourceError(Faulty):
    """A file of declarations cannot be read at all."""
