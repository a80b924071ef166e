"""Two administrators replace a password that was forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

#: Each rule of the table, by the name that 0011 gave it, with what stands before and after the new kind.
RULES = (
    (
        "ck_proposal_ck_proposal_kind",
        "kind IN ('appoint', 'act', 'end', 'reopen', 'factors'",
        ", 'signatories', 'close')",
    ),
    (
        "ck_proposal_ck_proposal_officer",
        "kind NOT IN ('appoint', 'act', 'end', 'reopen', 'factors'",
        ") OR officer_id IS NOT NULL",
    ),
)
KIND = ", 'password'"


def upgrade() -> None:
    _rules("", KIND)


def downgrade() -> None:
    """Proposals of the kind stay on record: the old rules are held against new rows alone."""
    _rules(KIND, "")


def _rules(old: str, new: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _spelled_anew([(begun + old + ended, begun + new + ended) for _, begun, ended in RULES])
        return
    for name, begun, ended in RULES:
        op.drop_constraint(op.f(name), "proposal", type_="check")
        op.create_check_constraint(op.f(name), "proposal", begun + new + ended, postgresql_not_valid=not new)


def _spelled_anew(pairs: list[tuple[str, str]]) -> None:
    """SQLite changes no rule of a table in place, and a copy under the same name would break what refers to it.

    Its manual names this way for rules that change nothing of what is stored (lang_altertable.html, section 7).
    """
    bind = op.get_bind()
    asked = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'proposal'")
    spelled = bind.execute(asked).scalar_one()
    for was, shall in pairs:
        if spelled.count(was) != 1:
            raise RuntimeError(f"the table of proposals does not say: {was}")
        spelled = spelled.replace(was, shall)
    schema = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'proposal'")
    bind.execute(changed, {"sql": spelled})
    bind.exec_driver_sql(f"PRAGMA schema_version={schema + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")
