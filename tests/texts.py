"""Texts of profiles for the tests."""

from __future__ import annotations

from typing import Any

from portal.workflow.text import Text, blank


def complete(
    *,
    title: str = "Footwear from third countries",
    scope: str = "regional",
    territory: tuple[str, ...] = ("eeu.ru.10100000.",),
    kind: str = "profile",
    fields: tuple[str, ...] = ("hs_code",),
    **header: Any,
) -> Text:
    """A complete text; with `fields` of hs_code alone it touches no unit but that of goods."""
    text = blank()
    text["header"].update(
        title=title,
        kind=kind,
        scope=scope,
        direction=1,
        risk_type="classification",
        valid_from="2026-01-01",
        valid_to="2027-12-31",
        risk_level="medium" if kind == "orientation" else "high",
    )
    text["header"].update(header)
    text["territory"] = list(territory)
    leaves: list[Any] = [{"field": "hs_code", "op": "starts_with", "value": ["64"]}]
    if "value_per_kg" in fields:
        leaves.append({"field": "value_per_kg", "op": "<", "value": "5"})
    text["groups"] = [{"name": "Footwear", "condition": {"all": leaves}, "exceptions": None}]
    if text["header"]["formalisation"] != "automatic":
        text["questions"] = ["Does the packing look new?"]
    if kind != "orientation":
        text["measures"] = [
            {
                "code": "109",
                "description": "Open",
                "mandatory": True,
                "share": 100,
                "inspection_code": "1 2 3 4 05 6 07",
            }
        ]
    text["contact"] = {"unit": "Goods unit", "officer": "A. Petrov", "telephone": "+7 495 000"}
    text["note"].update(
        sources="Declarations of 2025",
        operations="Comparison of values",
        assessment="High",
        consequences="Loss of payments",
        validity="Two seasons",
        estimate=120,
        estimate_reason="Counted by hand",
    )
    return text
