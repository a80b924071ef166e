"""The trail tells address and request, is sealed by checkpoints, and is joined by the list of who read what."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

ADDED_TO_ONLY = ("audit_checkpoint", "document_read")


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("form", sa.Integer, nullable=False, server_default="1"))
    op.add_column("audit_entry", sa.Column("address", sa.String(60), nullable=False, server_default=""))
    op.add_column("audit_entry", sa.Column("request", sa.String(40), nullable=False, server_default=""))
    op.create_table(
        "audit_checkpoint",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("chains", sa.Integer, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("authority_path", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_checkpoint"),
        sa.UniqueConstraint("authority_path", "number", name="uq_audit_checkpoint_authority_path_number"),
    )
    op.create_index("ix_audit_checkpoint_authority_path", "audit_checkpoint", ["authority_path"])
    op.create_table(
        "document_read",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("officer_id", sa.Integer, nullable=False),
        sa.Column("officer_name", sa.String(200), nullable=False),
        sa.Column("acting_at", sa.String(80), nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("request", sa.String(40), nullable=False),
        sa.Column("authority_path", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_read"),
    )
    op.create_index("ix_document_read_authority_path", "document_read", ["authority_path"])
    op.create_index("ix_document_read_document", "document_read", ["document_id", "id"])
    op.create_index("ix_document_read_officer", "document_read", ["officer_id", "document_id", "at"])
    for table in ADDED_TO_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    for table in ADDED_TO_ONLY:
        op.drop_table(table)  # its triggers go with it
    for column in ("request", "address", "form"):
        op.drop_column("audit_entry", column)


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        )
