"""A world in which every authority keeps one row of every table, each with its own canary."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.levels.path import AuthorityPath
from portal.levels.roles import Post
from portal.models import (
    AdministrationEntry,
    Alert,
    AuditCheckpoint,
    Authority,
    BackTestRun,
    Check,
    Declaration,
    Document,
    DocumentRead,
    Draft,
    Factor,
    Hit,
    ImportBatch,
    JournalEntry,
    Officer,
    OutboxMessage,
    Profile,
    Proposal,
    Publication,
    ReadReceipt,
    RecoveryCode,
    Register,
    RegisterEntry,
    RegisterNote,
    Remark,
    Revision,
    RiskAnswer,
    RiskInformation,
    Signature,
    Stage,
    Unit,
    ValueList,
    WorkshopUnit,
)
from portal.models import (
    Post as PostRow,
)
from portal.operations import summaries
from portal.operations import texts as stored
from portal.store.gateway import ScopedSession
from portal.store.session import acting
from portal.workflow.clock import now
from portal.workflow.text import text_hash
from tests import texts
from tests.cast import AUTHORITIES, login_of

CANARY = re.compile(r"canary([a-z]+)(\d{8})")
PATH_OF = {facts[0]: path for path, facts in AUTHORITIES.items()}

Ids = dict[str, dict[str, int]]

#: What a back-test found, in the shape of conditions.md with the parts that the page adds.
RESULT: dict[str, Any] = {
    "declarations": 10, "items": 10, "hit_declarations": 2, "hit_items": 2, "with_outcome": 10, "violations": 4,
    "violations_hit": 1, "precision": "0.500000", "recall": "0.250000", "lift": "1.2500", "item_price_hit": "10.00",
    "by_authority": {"10130010": 2}, "by_month": {"2026-01": 2}, "engine": "duckdb", "seconds": 0.1, "outcomes": True,
    "all_by_month": {"2026-01": 10}, "all_by_authority": {"10130010": 10}, "contributions": [], "overlaps": [],
    "sample": [],
}  # fmt: skip


def canary(path: str, kind: str = "kept") -> str:
    """The canary of an authority; publications have one of their own, since they are read beneath."""
    return f"canary{kind}{AUTHORITIES[path][0]}"


def build() -> Ids:
    """Fill the tables; gives ids by the name of the URL's argument, then by authority."""
    ids: Ids = defaultdict(dict)
    for path in AUTHORITIES:
        with acting(path, "world") as mine:
            _public_rows(mine, path, ids)
            _administered(mine, path, ids)
            if path != "eeu.":
                _office_rows(mine, path, ids)
    summaries.write_all()
    return ids


def _public_rows(mine: ScopedSession, path: str, ids: Ids) -> None:
    at = now()
    auditor = mine.scalars(select(Officer).where(Officer.login == login_of(path, Post.AUDITOR))).one()
    own = {"authority_path": path, "officer_id": auditor.id}
    mine.add(Factor(**own, kind="totp", name=canary(path), secret=canary(path), added_at=at, removed_at=at))
    mine.add(RecoveryCode(**own, code_hash=canary(path), made_at=at, void_at=at))
    mine.add(
        ValueList(
            authority_path=path,
            applies_to=path,
            name=f"list-{path}",
            members=["A"],
            valid_from=date(2024, 1, 1),
        )
    )
    mine.add(
        OutboxMessage(
            authority_path=path, message_id=f"<{path}>", recipient="x@example.org", subject=canary(path),
            body=canary(path), created_at=at,
        )
    )  # fmt: skip
    body = {
        "authority": AUTHORITIES[path][0], "path": path, "number": 1, "chains": [], "every": 1, "marks": [],
        "previous": "0" * 64, "key": "", "hash": canary(path), "signature": "",
    }  # fmt: skip
    sealed = AuditCheckpoint(
        authority_path=path, number=1, at=at, chains=0, entries=0, body=body, hash=canary(path)
    )
    mine.add(sealed)
    mine.flush()
    ids["checkpoint_id"][path] = sealed.id
    if path == "eeu.":
        information = RiskInformation(
            authority_path=path, applies_to=path, number="10/00000/01012026/00001", title=canary(path, "union"),
            words=canary(path, "union"), officer_id=1, officer_name="Coordinator", created_at=at, circulated_at=at,
        )  # fmt: skip
        mine.add(information)
        mine.flush()
        ids["information_id"][path] = information.id
    if AUTHORITIES[path][1] == "central":
        state = AUTHORITIES[path][2]
        mine.add(
            RiskAnswer(
                authority_path=path, addressee_path="eeu.", information_id=ids["information_id"]["eeu."],
                state=state, answer="noted", at=at,
            )
        )  # fmt: skip


def _administered(mine: ScopedSession, path: str, ids: Ids) -> None:
    """A unit, an officer with a post, a proposal about it and an entry of the journal, each with the canary."""
    authority = mine.scalars(select(Authority).where(Authority.authority_path == path)).one()
    mark, own = canary(path), {"authority_path": path}
    unit = Unit(**own, authority_id=authority.id, name_en=mark, name_ru=mark, directions=[8])
    officer = Officer(**own, login=mark, name=mark, email=f"{mark}@example.org", password_hash="none")
    mine.add_all([unit, officer])
    mine.flush()
    post = PostRow(
        **own, authority_id=authority.id, officer_id=officer.id, post="auditor", since=date(2024, 1, 1)
    )
    mine.add(post)
    mine.flush()
    details = {"post": "auditor", "unit_en": mark, "unit_ru": mark, "acting_for": "", "last_day": None}
    proposal = Proposal(
        **own, authority_id=authority.id, kind="end", officer_id=officer.id, officer_name=mark, post_id=post.id,
        details=details, reason=mark, proposer_id=officer.id, proposer_name=mark, proposed_at=now(),
    )  # fmt: skip
    entry = AdministrationEntry(
        **own, at=now(), officer_id=officer.id, officer_name=mark, place_code=authority.code, label="Unit changed",
        words=mark, about_officer_id=officer.id, about_unit_id=unit.id,
    )  # fmt: skip
    mine.add_all([proposal, entry])
    mine.flush()
    for name, row in (("authority", authority), ("unit", unit), ("officer", officer), ("post", post)):
        ids[f"{name}_id"][path] = row.id
    ids["proposal_id"][path] = proposal.id


def _office_rows(mine: ScopedSession, path: str, ids: Ids) -> None:
    authority = mine.scalars(select(Authority).where(Authority.authority_path == path)).one()
    unit = mine.scalars(select(Unit).where(Unit.authority_path == path).order_by(Unit.id)).first()
    login = login_of(path, Post.OFFICER, "goods")
    officer = mine.scalars(select(Officer).where(Officer.login == login)).first()
    assert unit is not None
    assert officer is not None
    common = {
        "authority_path": path,
        "authority_id": authority.id,
        "unit_id": unit.id,
        "author_id": officer.id,
    }
    for kind in (Draft, Profile):
        document = _document(mine, kind, path, common, officer.id)
        ids["document_id" if kind is Draft else "profile_id"][path] = document.id
        ids["entry_id"][path], ids["run_id"][path] = _papers(mine, document, path, officer, unit)
        if kind is Profile:
            _screening(mine, document, path, officer, ids)
    batch = ImportBatch(
        authority_path=path, name=canary(path), content_hash="c" * 64, mapping_hash="m" * 64, stored_as="",
        at=now(), officer_name=canary(path), declarations=0, items=0, refused=1,
        faults=[{"row": 1, "column": canary(path), "value": canary(path), "message": canary(path), "params": {}}],
        first_day=date(2026, 1, 1), last_day=date(2026, 1, 2),
    )  # fmt: skip
    mine.add(batch)
    mine.flush()
    ids["batch_id"][path] = batch.id


def _text(path: str, title: str) -> dict[str, Any]:
    text = texts.complete(title=title, scope="local", territory=(path,))
    text["note"]["sources"] = canary(path)
    text["contact"]["officer"] = canary(path, "published")
    return text


def _document(
    mine: ScopedSession, kind: type[Document], path: str, common: dict[str, Any], officer: int
) -> Document:
    title = canary(path) if kind is Draft else canary(path, "published")
    text = _text(path, title)
    status = "drafting" if kind is Draft else "in_force"
    number = None if kind is Draft else f"14/{AUTHORITIES[path][0]}/01012026/00001"
    extra = {} if kind is Draft else {"executor_id": officer}
    document = kind(
        **common,
        **extra,
        status=status,
        number=number,
        text=text,
        text_hash=text_hash(text),
        **stored.header_columns(text),
    )
    mine.add(document)
    mine.flush()
    return document


def _papers(
    mine: ScopedSession, document: Document, path: str, officer: Officer, unit: Unit
) -> tuple[int, int]:
    at, mark = now(), canary(path)
    own = {"document_id": document.id, "authority_path": path}
    mine.add(
        DocumentRead(
            **own, version=1, officer_id=officer.id, officer_name=mark, acting_at=path, how="page", at=at
        )
    )
    stage = Stage(**own, status=document.status, entered_at=at)
    entry = JournalEntry(
                **own, at=at, officer_id=officer.id, officer_name=mark, event="begin", label="Draft begun",
                to_status=document.status, version=1, carried={"reason": mark},
    )  # fmt: skip
    run = BackTestRun(
        **own, text_hash=document.text_hash, area_hash="a" * 64, at=at, officer_name=mark, result=RESULT
    )
    mine.add_all(
        [
            stage,
            entry,
            Signature(
                **own, officer_id=officer.id, officer_name=mark, post_label="Head of unit", seat="author_unit_head",
                role="unit_head", on_what="text", version=1, text_hash=document.text_hash, at=at,
            ),
            Revision(
                **own, serial=1, version=1, at=at, officer_name=mark, text=document.text, text_hash=document.text_hash
            ),
            Remark(**own, at=at, officer_name=mark, post_label="Head of unit", version=1, words=mark),
            WorkshopUnit(**own, unit_id=unit.id, called_at=at),
            run,
        ]
    )  # fmt: skip
    mine.flush()
    mine.add(Alert(**own, stage_id=stage.id, officer_id=officer.id, step=0, step_name="half", raised_at=at))
    if document.number:
        asked = select(Register).where(Register.authority_path == path, Register.kind == "profile")
        register = mine.scalars(asked).one()
        register.last_serial = 1
        line = RegisterEntry(
            **own, register_id=register.id, serial=1, number=document.number, title=mark,
            text_hash=document.text_hash, at=at, officer_name=mark,
        )  # fmt: skip
        mine.add(line)
        mine.flush()
        mine.add(
            RegisterNote(authority_path=path, entry_id=line.id, at=at, event="act", words=mark, version=1)
        )
    return entry.id, run.id


def _screening(mine: ScopedSession, profile: Document, path: str, officer: Officer, ids: Ids) -> None:
    at, today = now(), now().date()
    publication = Publication(
        document_id=profile.id, authority_path=path, applies_to=path, number=profile.number, version=1,
        title=canary(path, "published"), kind="profile", scope="local", risk_level="high",
        valid_from=today - timedelta(days=9), valid_to=today + timedelta(days=300), published_at=at,
        text={k: profile.text[k] for k in ("header", "groups", "questions", "measures", "contact")},
    )  # fmt: skip
    declaration = Declaration(
        authority_path=path, declaration_id=f"{canary(path)}/1", registered_on=today,
        header={"importer_id": canary(path), "declaration_id": f"{canary(path)}/1"},
        items=[{"item_no": 1, "hs_code": "640110", "goods_description": canary(path)}],
        arrived_at=at, screened_at=at, channel="red", reason={"words": "no measure was selected", "params": {}},
    )  # fmt: skip
    mine.add_all([publication, declaration])
    mine.flush()
    hit = Hit(
        authority_path=path, declaration_id=declaration.id, publication_id=publication.id,
        profile_number=profile.number, profile_version=1, profile_title=canary(path, "published"), items=[1],
        indicators=[],
    )  # fmt: skip
    mine.add(hit)
    mine.flush()
    check = Check(
        authority_path=path, declaration_id=declaration.id, hit_id=hit.id, measure="109",
        draw={"place": 0, "purpose": "measure", "share": 100, "number": "1", "inspection_code": ""},
        result_code="nothing_found", recorded_at=at, recorded_by=canary(path),
        payments_difference=Decimal("1.00"), notes=canary(path),
    )  # fmt: skip
    mine.add(check)
    mine.flush()
    ids["hit_id"][path], ids["check_id"][path] = hit.id, check.id
    mine.add(
        ReadReceipt(
            authority_path=path,
            publication_id=publication.id,
            officer_id=officer.id,
            officer_name=canary(path),
            at=at,
        )
    )
    ids["publication_id"][path] = publication.id
    ids["declaration_pk"][path] = declaration.id


def may_see(home: str, kind: str, path: str) -> bool:
    """Whether an officer at `home` may ever be shown the canary of `path`: computed from procedure §2 by hand."""
    if kind == "union":
        return True
    beneath = path.startswith(home) and home != "eeu."
    if kind == "kept":
        return beneath or path == home
    applies_here = home.startswith(path)
    return beneath or path == home or applies_here


def relations(home: str) -> dict[str, str]:
    """An authority for each relation to `home`, where there is one."""
    here = AuthorityPath(home)
    paths = [p for p in AUTHORITIES if p != home]
    beneath = [p for p in paths if p.startswith(home) and home != "eeu."]
    siblings = [p for p in paths if AuthorityPath(p).parent == here.parent and p != "eeu."]
    foreign = [p for p in paths if AuthorityPath(p).state and AuthorityPath(p).state != here.state]
    found = {"own": home}
    if here.parent is not None:
        found["parent"] = here.parent.text
    for name, places in (("child", beneath), ("sibling", siblings), ("foreign", foreign)):
        if places:
            found[name] = places[0]
    return found
