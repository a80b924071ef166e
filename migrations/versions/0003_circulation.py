"""Risk information gets its line in the union's register; the head of an audit chain only moves forward."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADDED_TO_ONLY = ("journal_entry", "register_entry", "register_note", "revision", "audit_entry")
CIRCULATED = "OLD.serial IS NOT NULL"


def upgrade() -> None:
    for column in (
        sa.Column("serial", sa.Integer),
        sa.Column("direction", sa.Integer),
        sa.Column("risk_type", sa.String(40), nullable=False, server_default=""),
        sa.Column("text_hash", sa.String(64)),
        sa.Column("row_version", sa.Integer, nullable=False, server_default="1"),
    ):
        op.add_column("risk_information", column)
    op.create_index(
        "uq_risk_information_serial", "risk_information", ["authority_path", "serial"], unique=True
    )
    op.add_column("risk_answer", sa.Column("officer_name", sa.String(200), nullable=False, server_default=""))
    op.add_column("risk_answer", sa.Column("draft_id", sa.Integer))
    for name, table, act, when in _guards():
        _refuse(name, table, act, when)
    if op.get_bind().dialect.name == "postgresql":
        for table in ADDED_TO_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, _, _ in _guards():
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        for table in ADDED_TO_ONLY:
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.drop_column("risk_answer", "draft_id")
    op.drop_column("risk_answer", "officer_name")
    op.drop_index("uq_risk_information_serial", "risk_information")
    for column in ("row_version", "text_hash", "risk_type", "direction", "serial"):
        op.drop_column("risk_information", column)


def _guards() -> list[tuple[str, str, str, str]]:
    return [
        ("audit_head_forward", "audit_head", "UPDATE", "NEW.serial <= OLD.serial"),
        ("audit_head_no_delete", "audit_head", "DELETE", ""),
        ("risk_information_no_update", "risk_information", "UPDATE", CIRCULATED),
        ("risk_information_no_delete", "risk_information", "DELETE", CIRCULATED),
    ]


def _refuse(name: str, table: str, act: str, when: str) -> None:
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
