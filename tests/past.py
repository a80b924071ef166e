"""Past declarations for the tests, written by hand and taken in at any authority."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from flask import Flask

from portal.models import ImportBatch
from portal.operations import importing
from portal.store.session import acting

HEADER = (
    "declaration_id,item_no,date,authority,hs_code,departure_country,origin_country,importer_id,"
    "net_mass_kg,item_price,outcome"
)

#: At the Western point, the Eastern point, Tula and Airport: six, two, one and one items.
ROWS = (
    "W1,1,2025-01-10,10130010,640399,CN,CN,IMPORTER-W1,10,40,1",
    "W1,2,2025-01-10,10130010,850910,CN,CN,IMPORTER-W1,5,500,1",
    "W2,1,2025-01-20,10130010,640411,TR,CN,IMPORTER-W2,20,90,0",
    "W3,1,2025-02-05,10130010,610910,CN,BD,IMPORTER-W3,8,120,0",
    "W4,1,2025-02-06,10130010,870323,DE,DE,IMPORTER-W4,1500,30000,",
    "W5,1,2025-02-07,10130010,640299,CN,CN,IMPORTER-W5,12,30,1",
    "E1,1,2025-01-11,10130020,640319,CN,CN,IMPORTER-E1,9,50,0",
    "E2,1,2025-02-12,10130020,220421,FR,FR,IMPORTER-E2,600,4000,0",
    "T1,1,2025-01-15,10110000,640399,CN,CN,IMPORTER-T1,10,41,1",
)
ARMENIAN = ("A1,1,2025-01-12,05100010,640399,CN,CN,IMPORTER-CANARY-AM,10,40,1",)


def csv(folder: Path, rows: Iterable[str] = ROWS, name: str = "past.csv", header: str = HEADER) -> Path:
    """A file of rows under the header."""
    file = folder / name
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def taken(app: Flask, path: str, file: Path, **options: object) -> ImportBatch:
    """Take a file in at the authority at `path`; its batch, detached."""
    with app.app_context(), acting(path, "test") as session:
        batch = importing.take(importing.Delivery(file, file.name, **options), path, "Tester")  # type: ignore[arg-type]
        session.flush()
        session.refresh(batch)
        session.expunge(batch)
        return batch
