"""One test for what holds for each of many files: a test of its own for each would take longer to report than to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def for_each(paths: Sequence[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """Make a check of one file a test of all; it tells each that fails, with the reason."""
    assert paths

    def test_of(check: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            faults = {}
            for path in paths:
                try:
                    check(path)
                except AssertionError as error:
                    faults[name_of(path)] = str(error)
            if faults:
                raise AssertionError("".join(f"\n{name}: {fault}" for name, fault in faults.items()))

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return test_of
