"""Two restore drills while officers write at their leisure; `scripts/restore_drills.py` runs as many as one likes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import need
from tests.servers import Absent, binaries

SCRIPT = Path(__file__).parents[1] / "scripts" / "restore_drills.py"


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_backups_under_load_are_whole_or_none(engine: str) -> None:
    if engine == "postgresql":
        try:
            binaries()
        except Absent:
            need("PostgreSQL", "PORTAL_REQUIRE_POSTGRES", False)
    command = [
        sys.executable,
        str(SCRIPT),
        "--drills",
        "2",
        "--rest",
        "3",
        *(["--postgresql"] if engine == "postgresql" else []),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    last = re.search(r"2 drills, 0 failed, (\d+) drafts registered meanwhile", done.stdout)
    assert last, done.stdout
    assert int(last[1]) > 2, "officers wrote meanwhile"
    assert "expected" in done.stdout
    assert "killed" in done.stdout
