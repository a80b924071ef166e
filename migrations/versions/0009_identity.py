"""Sessions, second factors and recovery codes of officers; a failure to sign in may be forgiven."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "officer", sa.Column("must_change_password", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column(
        "sign_in_failure", sa.Column("forgiven", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.create_index("ix_sign_in_failure_login_at", "sign_in_failure", ["login", "at"])
    _sessions()
    _factors()
    _recovery_codes()


def _sessions() -> None:
    op.create_table(
        "officer_session",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("officer_id", sa.Integer, nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
        sa.Column("begun_at", sa.DateTime, nullable=False),
        sa.Column("last_seen_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("ended_why", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_officer_session_officer_id_officer"),
        sa.PrimaryKeyConstraint("id", name="pk_officer_session"),
        sa.UniqueConstraint("token_hash", name="uq_officer_session_token_hash"),
    )
    op.create_index("ix_officer_session_known", "officer_session", ["officer_id", "device"])


def _factors() -> None:
    op.create_table(
        "factor",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("officer_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("secret", sa.String(2000), nullable=False),
        sa.Column("credential", sa.String(1400)),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime),
        sa.Column("removed_at", sa.DateTime),
        sa.Column("authority_path", sa.String(80), nullable=False),
        sa.CheckConstraint("kind IN ('totp', 'passkey')", name="ck_factor_kind"),
        sa.CheckConstraint("(kind = 'passkey') = (credential IS NOT NULL)", name="ck_factor_credential"),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_factor_officer_id_officer"),
        sa.PrimaryKeyConstraint("id", name="pk_factor"),
        sa.UniqueConstraint("credential", name="uq_factor_credential"),
    )
    for column in ("officer_id", "authority_path"):
        op.create_index(f"ix_factor_{column}", "factor", [column])


def _recovery_codes() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("officer_id", sa.Integer, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime),
        sa.Column("void_at", sa.DateTime),
        sa.Column("authority_path", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_recovery_code_officer_id_officer"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint("officer_id", "code_hash", name="uq_recovery_code_officer_id_code_hash"),
    )
    for column in ("officer_id", "authority_path"):
        op.create_index(f"ix_recovery_code_{column}", "recovery_code", [column])


def downgrade() -> None:
    for table in ("recovery_code", "factor", "officer_session"):
        op.drop_table(table)
    op.drop_index("ix_sign_in_failure_login_at", "sign_in_failure")
    op.drop_column("sign_in_failure", "forgiven")
    op.drop_column("officer", "must_change_password")
