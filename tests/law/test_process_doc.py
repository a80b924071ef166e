"""The written procedure is what the tables say, line by line."""

from __future__ import annotations

import re
from pathlib import Path

from portal.workflow.clocks import LIMITS
from portal.workflow.moves import DRAFT_MOVES
from portal.workflow.profile_moves import PROFILE_MOVES
from portal.workflow.statuses import MEANINGS
from scripts import process_doc

PAGE = Path(__file__).parents[2] / "docs" / "process.md"


def test_the_page_is_what_the_tables_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == process_doc.document(), (
        "run python scripts/process_doc.py and commit docs/process.md"
    )


def test_every_move_status_and_limit_has_its_line() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    for move in (*DRAFT_MOVES, *PROFILE_MOVES):
        assert any(line.startswith(f"| {move.label} |") and move.rule in line for line in lines), move.label
    for meaning in MEANINGS.values():
        assert any(line.startswith(f"| {meaning.label} | {meaning.sentence} |") for line in lines)
    for name in LIMITS:
        assert any(line.startswith(f"| `{name}` |") for line in lines)


def test_every_table_is_rectangular() -> None:
    blocks = re.findall(r"(?:^\|.*\n)+", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(blocks) >= 9
    for block in blocks:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1, block.splitlines()[0]


def test_the_diagram_shows_each_change_of_status() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for move in (*DRAFT_MOVES, *PROFILE_MOVES):
        for source in move.sources:
            if move.target and move.target != source:
                assert f"    {source.value} --> {move.target.value}: {move.label}\n" in page
