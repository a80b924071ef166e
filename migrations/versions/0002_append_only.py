"""Journals, registers, revisions and the audit trail are only ever added to; documents are never removed."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADDED_TO_ONLY = ("journal_entry", "register_entry", "register_note", "revision", "audit_entry")
NEVER_REMOVED = ("document", "signature", "stage", "register", "publication", "check_result")


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table, act in _guarded():
        name = f"{table}_no_{act.lower()}"
        if postgresql:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
            )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, act in _guarded():
        op.execute(f"DROP TRIGGER {table}_no_{act.lower()}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION refuse_change()")


def _guarded() -> list[tuple[str, str]]:
    both = [(table, act) for table in ADDED_TO_ONLY for act in ("UPDATE", "DELETE")]
    return both + [(table, "DELETE") for table in NEVER_REMOVED]
