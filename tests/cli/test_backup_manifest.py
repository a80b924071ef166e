"""A backup's manifest is named last: wherever its maker is killed, a folder that has one is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portal.upkeep import manifest
from portal.upkeep.manifest import Manifest, Refused


class Killed(BaseException):
    """What a kill does: no line after it runs."""


def _folder(place: Path) -> Path:
    (place / "tables").mkdir(parents=True)
    (place / "tables" / "draft").write_text("one\ntwo\n")
    (place / "keys").write_text("secret")
    return place


def _write(place: Path, patch: pytest.MonkeyPatch, at: int) -> bool:
    """Write a manifest and be killed before the step ``at``: of writing, closing, syncing and renaming."""
    steps = 0

    def counted(act: Any) -> Any:
        def step(*given: Any, **named: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps > at:
                raise Killed
            return act(*given, **named)

        return step

    def halved(self: Path, words: str) -> int:
        with self.open("w") as opened:
            opened.write(words[: len(words) // 2])
            opened.flush()
            counted(opened.write)(words[len(words) // 2 :])
        return len(words)

    with patch.context() as during:
        during.setattr(Path, "write_text", counted(halved))
        for name in ("chmod", "rename"):
            during.setattr(Path, name, counted(getattr(Path, name)))
        during.setattr(manifest.os, "fsync", counted(manifest.os.fsync))
        try:
            manifest.write(place, Manifest("2026-01-01", "sqlite", "0001", True, {}, {}))
        except Killed:
            return False
    return True


def test_a_folder_with_a_manifest_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = refused = 0
    for at in range(20):
        place = _folder(tmp_path / str(at))
        done = _write(place, monkeypatch, at)
        if (place / manifest.NAME).exists():
            assert set(manifest.read(place).files) == {"keys", "tables/draft"}
            named += 1
        else:
            with pytest.raises(Refused, match="no manifest"):
                manifest.read(place)
            refused += 1
        if done:
            break
    assert done
    assert refused >= 6, "killed before writing, in its middle, and at each file"
    assert named >= 3, "killed between its naming and the end, and not killed"
