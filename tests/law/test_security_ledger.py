"""The security ledger: whole, its pages as the data give them, and every test that it names there to be run."""

from __future__ import annotations

import ast
import csv
import os
import re
from functools import cache
from pathlib import Path

import pytest

from scripts import security_ledger as ledger

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "security"
LISTED = Path(os.environ.get("PORTAL_SHARED_DATA", ROOT.parent / "shared" / "data")) / "asvs-5.0.0-level2.csv"
NAMED = re.compile(r"tests/[\w/]+\.py::test_\w+")
#: How many requirements levels 1 and 2 have in each chapter of version 5.0.0.
IN_CHAPTER = {
    "1": 27, "2": 11, "3": 19, "4": 10, "5": 9, "6": 35, "7": 18, "8": 7, "9": 7, "10": 29,
    "11": 14, "12": 9, "13": 13, "14": 9, "15": 13, "16": 16, "17": 7,
}  # fmt: skip


@cache
def names_in(file: str) -> frozenset[str]:
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def absent(names: list[str]) -> list[str]:
    return sorted(name for name in set(names) if name.split("::")[1] not in names_in(name.split("::")[0]))


def test_the_page_is_what_the_data_give() -> None:
    assert (FOLDER / "asvs.md").read_text(encoding="utf-8") == ledger.asvs_page(), "run make ledger"


def test_the_written_rules_of_access_are_those_of_the_source() -> None:
    page = (FOLDER / "access.md").read_text(encoding="utf-8")
    assert page == ledger.access_page(), "run make ledger"
    assert page.count("\n| `") >= 10


def test_every_requirement_has_exactly_one_verdict() -> None:
    data = ledger.ledger()
    assert len(data["requirement"]) == 253
    for number, one in data["requirement"].items():
        assert re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{1,2}", number)
        verdict = ledger.verdict_of(one)
        assert set(one) <= {"level", "about", verdict, *(["in_part"] if verdict == "open" else [])}, number
        assert one["level"] in (1, 2)
        assert 0 < len(one["about"]) <= 60, "a few words of ours"
        if verdict != "tests":
            assert one[verdict].endswith("."), f"{number}: the reason is a sentence"
    assert {name: found.total() for name, found in ledger.counts(data).items()} == IN_CHAPTER


@pytest.mark.parametrize("one", [{}, {"tests": []}, {"open": "x.", "tests": ["y"]}])
def test_none_and_two_verdicts_are_refused(one: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not one"):
        ledger.verdict_of(one)


def test_every_named_test_is_in_the_tree() -> None:
    requirements = ledger.ledger()["requirement"].values()
    named = [name for one in requirements for name in (*one.get("tests", ()), *one.get("in_part", ()))]
    assert len(named) > 150
    assert [name for name in named if not NAMED.fullmatch(name)] == []
    assert absent(named) == []


def test_every_test_and_file_that_the_documents_name_is_in_the_tree() -> None:
    for path in (FOLDER / "threat-model.md", FOLDER / "policy.md", ROOT / "SECURITY.md"):
        text = path.read_text(encoding="utf-8")
        assert absent(NAMED.findall(text)) == [], path.name
        files = set(re.findall(r"`((?:tests|portal|docs|scripts)/[\w/.-]+)`", text))
        assert [file for file in sorted(files) if not (ROOT / file).exists()] == [], path.name


def test_a_test_that_is_not_there_would_be_seen() -> None:
    assert absent(["tests/law/test_security_ledger.py::test_nothing"]) != []
    assert absent(["tests/law/test_nothing.py::test_x"]) != []
    assert absent(["tests/law/test_security_ledger.py::test_a_test_that_is_not_there_would_be_seen"]) == []


@pytest.mark.shared
def test_the_numbers_are_those_of_the_standard() -> None:
    if not LISTED.is_file():
        pytest.skip("the list of the standard is not beside the repository; its numbers were NOT compared")
    with LISTED.open(encoding="utf-8", newline="") as file:
        listed = {row["id"]: row for row in csv.DictReader(file)}
    data = ledger.ledger()
    assert set(data["requirement"]) == set(listed)
    for number, one in data["requirement"].items():
        assert one["level"] == int(listed[number]["level"]), number
        assert one["about"].lower() not in listed[number]["requirement"].lower() or len(one["about"]) < 30, (
            number
        )
        assert data["chapter"][number.split(".")[0]]["name"] == listed[number]["chapter"]
