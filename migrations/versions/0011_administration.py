"""Administrators change the tree, its units and officers; posts and signatures by two persons; nothing is removed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

NEVER_REMOVED = ("authority", "unit", "officer", "post", "proposal")
PENDING = sa.text("state = 'pending'")
ONE_OF_A_KIND = sa.text("state = 'pending' AND kind IN ('signatories', 'close')")


def upgrade() -> None:
    _columns()
    _parents()
    _proposals()
    _entries()
    for table in NEVER_REMOVED:
        _refuse(f"{table}_no_delete", table, "DELETE")
    for act in ("UPDATE", "DELETE"):
        _refuse(f"administration_entry_no_{act.lower()}", "administration_entry", act)
    _refuse("proposal_decided", "proposal", "UPDATE", "OLD.state <> 'pending'")


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ("authority", "unit", "officer", "post"):
        op.execute(f"DROP TRIGGER {table}_no_delete" + (f" ON {table}" if postgresql else ""))
    op.drop_table("administration_entry")
    op.drop_table("proposal")
    op.drop_index("ix_authority_parent_path", "authority")
    for table, names in (
        ("post", ("ended_at",)),
        ("officer", ("row_version",)),
        ("unit", ("row_version", "closed_at")),
        ("authority", ("row_version", "heir_path", "closed_on", "parent_path")),
    ):
        for name in names:
            op.drop_column(table, name)


def _columns() -> None:
    for table in ("authority", "unit", "officer"):
        op.add_column(table, sa.Column("row_version", sa.Integer, nullable=False, server_default="1"))
    for name in ("parent_path", "heir_path"):
        op.add_column("authority", sa.Column(name, sa.String(80), nullable=False, server_default=""))
    op.add_column("authority", sa.Column("closed_on", sa.Date))
    op.add_column("unit", sa.Column("closed_at", sa.DateTime))
    op.add_column("post", sa.Column("ended_at", sa.DateTime))
    op.create_index("ix_authority_parent_path", "authority", ["parent_path"])


def _parents() -> None:
    """A path without its last label is the path above: `eeu.ru.` of `eeu.ru.10100000.`."""
    tree = sa.table("authority", sa.column("id"), sa.column("authority_path"), sa.column("parent_path"))
    bind = op.get_bind()
    for row in bind.execute(sa.select(tree.c.id, tree.c.authority_path)).all():
        above = ".".join(row.authority_path.rstrip(".").split(".")[:-1])
        if above:
            bind.execute(tree.update().where(tree.c.id == row.id).values(parent_path=f"{above}."))


def _proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("authority_path", sa.String(80), nullable=False),
        sa.Column("authority_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("officer_id", sa.Integer),
        sa.Column("officer_name", sa.String(200), nullable=False),
        sa.Column("post_id", sa.Integer),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("proposer_id", sa.Integer, nullable=False),
        sa.Column("proposer_name", sa.String(200), nullable=False),
        sa.Column("proposed_at", sa.DateTime, nullable=False),
        sa.Column("decider_id", sa.Integer),
        sa.Column("decider_name", sa.String(200), nullable=False),
        sa.Column("decided_at", sa.DateTime),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("row_version", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "kind IN ('appoint', 'act', 'end', 'reopen', 'signatories', 'close')", name="ck_proposal_kind"
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed', 'declined', 'withdrawn')", name="ck_proposal_state"
        ),
        sa.CheckConstraint("decider_id <> proposer_id", name="ck_proposal_second_person"),
        sa.CheckConstraint("decider_id <> officer_id", name="ck_proposal_not_his_own"),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'declined')) = (decider_id IS NOT NULL)", name="ck_proposal_decider"
        ),
        sa.CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="ck_proposal_decided"),
        sa.CheckConstraint("state <> 'declined' OR answer <> ''", name="ck_proposal_reason"),
        sa.CheckConstraint(
            "kind NOT IN ('appoint', 'act', 'end', 'reopen') OR officer_id IS NOT NULL",
            name="ck_proposal_officer",
        ),
        sa.CheckConstraint("kind <> 'end' OR post_id IS NOT NULL", name="ck_proposal_post"),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name="fk_proposal_authority_id_authority"
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_proposal_officer_id_officer"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_proposal_post_id_post"),
        sa.ForeignKeyConstraint(["proposer_id"], ["officer.id"], name="fk_proposal_proposer_id_officer"),
        sa.ForeignKeyConstraint(["decider_id"], ["officer.id"], name="fk_proposal_decider_id_officer"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
    )
    op.create_index("ix_proposal_authority_path", "proposal", ["authority_path"])
    op.create_index("ix_proposal_officer_id", "proposal", ["officer_id"])
    op.create_index("ix_proposal_state", "proposal", ["state", "id"])
    _one_pending("uq_proposal_post", ["post_id"], PENDING)
    _one_pending("uq_proposal_authority", ["authority_id", "kind"], ONE_OF_A_KIND)


def _one_pending(name: str, columns: list[str], when: sa.TextClause) -> None:
    op.create_index(name, "proposal", columns, unique=True, sqlite_where=when, postgresql_where=when)


def _entries() -> None:
    op.create_table(
        "administration_entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("authority_path", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("officer_id", sa.Integer, nullable=False),
        sa.Column("officer_name", sa.String(200), nullable=False),
        sa.Column("place_code", sa.String(8), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("about_officer_id", sa.Integer),
        sa.Column("about_unit_id", sa.Integer),
        sa.Column("proposal_id", sa.Integer),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["about_officer_id"], ["officer.id"], name="fk_administration_entry_about_officer_id_officer"
        ),
        sa.ForeignKeyConstraint(
            ["about_unit_id"], ["unit.id"], name="fk_administration_entry_about_unit_id_unit"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name="fk_administration_entry_proposal_id_proposal"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_administration_entry"),
    )
    for column in ("authority_path", "about_officer_id", "about_unit_id", "proposal_id"):
        op.create_index(f"ix_administration_entry_{column}", "administration_entry", [column])


def _refuse(name: str, table: str, act: str, when: str = "") -> None:
    condition = f"WHEN ({when}) " if when else ""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
            f"FOR EACH ROW {condition}EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} {condition}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        )
