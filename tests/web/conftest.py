"""A clock that tests of this room move by hand."""

from __future__ import annotations

import pytest

from tests.stopwatch import Stopwatch


@pytest.fixture
def clock() -> Stopwatch:
    return Stopwatch()
