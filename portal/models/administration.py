"""What administrators change: proposals that wait for a second person, and the journal of every change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Kept

_PENDING = text("state = 'pending'")


class Proposal(Kept, Base):
    """A change of posts, of what opens an account, of the signature table or of an authority's life.

    A second administrator decides. It is kept at the authority that it concerns. `officer_id` is the officer whom it
    concerns, None where it is nobody in particular; `details` is what shall be, in plain values.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('appoint', 'act', 'end', 'reopen', 'factors', 'password', 'signatories', 'close')",
            name="kind",
        ),
        CheckConstraint("state IN ('pending', 'confirmed', 'declined', 'withdrawn')", name="state"),
        CheckConstraint("decider_id <> proposer_id", name="second_person"),
        CheckConstraint("decider_id <> officer_id", name="not_his_own"),
        CheckConstraint("(state IN ('confirmed', 'declined')) = (decider_id IS NOT NULL)", name="decider"),
        CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'declined' OR answer <> ''", name="reason"),
        CheckConstraint(
            "kind NOT IN ('appoint', 'act', 'end', 'reopen', 'factors', 'password') OR officer_id IS NOT NULL",
            name="officer",
        ),
        CheckConstraint("kind <> 'end' OR post_id IS NOT NULL", name="post"),
        Index("uq_proposal_post", "post_id", unique=True, sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index(
            "uq_proposal_authority",
            "authority_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'pending' AND kind IN ('signatories', 'close')"),
            postgresql_where=text("state = 'pending' AND kind IN ('signatories', 'close')"),
        ),
        Index("ix_proposal_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="pending")
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), index=True)
    officer_name: Mapped[str] = mapped_column(String(200), default="")
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str]
    proposer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    proposer_name: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime]
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    decider_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012


class AdministrationEntry(Kept, Base):
    """One change of an authority, unit, officer or post: who, when, what before and after. Only ever added to."""

    __tablename__ = "administration_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    officer_id: Mapped[int]
    officer_name: Mapped[str] = mapped_column(String(200))
    place_code: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(default="")
    about_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), index=True)
    about_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
