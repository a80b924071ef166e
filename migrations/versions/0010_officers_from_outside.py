"""Officers come in by a table that a second administrator confirms, or by single sign-on with posts by group."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("officer", sa.Column("break_glass", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("post", sa.Column("by_group", sa.String(200), nullable=False, server_default=""))
    op.create_table(
        "officer_import",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("entries", sa.JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("prepared_by_id", sa.Integer, nullable=False),
        sa.Column("prepared_by", sa.String(200), nullable=False),
        sa.Column("prepared_at", sa.DateTime, nullable=False),
        sa.Column("decided_by_id", sa.Integer),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", sa.DateTime),
        sa.Column("row_version", sa.Integer, nullable=False),
        sa.Column("authority_path", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_officer_import"),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["officer.id"], name="fk_officer_import_prepared_by_id_officer"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["officer.id"], name="fk_officer_import_decided_by_id_officer"
        ),
        sa.CheckConstraint("state IN ('waiting', 'done', 'withdrawn')", name=op.f("ck_officer_import_state")),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_officer_import_decided")
        ),
        sa.CheckConstraint(
            "state <> 'done' OR decided_by_id <> prepared_by_id", name=op.f("ck_officer_import_second_person")
        ),
    )
    op.create_index("ix_officer_import_authority_path", "officer_import", ["authority_path"])


def downgrade() -> None:
    op.drop_table("officer_import")
    op.drop_column("post", "by_group")
    op.drop_column("officer", "break_glass")
