"""What becomes of documents: remarks, signatures, stages, alerts, hits and results."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = "0001b"
branch_labels = None
depends_on = None

TABLES = (
    "remark",
    "revision",
    "signature",
    "stage",
    "workshop_unit",
    "alert",
    "hit",
    "read_receipt",
    "register_note",
    "check_result",
)


def upgrade() -> None:
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("officer_name", sa.String(length=200), nullable=False),
        sa.Column("post_label", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_remark_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remark_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_remark_document_id"), ["document_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("officer_name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_revision_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("document_id", "serial", name=op.f("uq_revision_document_id_serial")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_document_id"), ["document_id"], unique=False)

    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("officer_name", sa.String(length=200), nullable=False),
        sa.Column("post_label", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("acting_for", sa.String(length=200), nullable=False),
        sa.Column("seat", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("on_what", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("lapsed_at", sa.DateTime(), nullable=True),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_signature_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_signature_document_id"), ["document_id"], unique=False)
        batch_op.create_index(
            "uq_signature_once",
            ["document_id", "officer_id", "on_what"],
            unique=True,
            sqlite_where=sa.text("lapsed_at IS NULL"),
            postgresql_where=sa.text("lapsed_at IS NULL"),
        )

    op.create_table(
        "stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("limit_name", sa.String(length=30), nullable=False),
        sa.Column("clock_path", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("next_alert_at", sa.DateTime(), nullable=True),
        sa.Column("alerts_done", sa.Integer(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_stage_document_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
    )
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stage_alert",
            ["next_alert_at"],
            unique=False,
            sqlite_where=sa.text("left_at IS NULL AND next_alert_at IS NOT NULL"),
            postgresql_where=sa.text("left_at IS NULL AND next_alert_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_stage_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_due_at"), ["due_at"], unique=False)
        batch_op.create_index(
            "uq_stage_open",
            ["document_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "workshop_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_workshop_unit_document_id_document")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_workshop_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_unit")),
        sa.UniqueConstraint(
            "document_id", "unit_id", "called_at", name=op.f("uq_workshop_unit_document_id_unit_id_called_at")
        ),
    )
    with op.batch_alter_table("workshop_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_unit_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_unit_document_id"), ["document_id"], unique=False)

    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("step_name", sa.String(length=30), nullable=False),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(), nullable=True),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_alert_document_id_document")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_alert_officer_id_officer")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_alert_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("stage_id", "step", "officer_id", name=op.f("uq_alert_stage_id_step_officer_id")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index("ix_alert_open", ["officer_id", "acknowledged_at"], unique=False)

    op.create_table(
        "hit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("profile_number", sa.String(length=40), nullable=False),
        sa.Column("profile_version", sa.Integer(), nullable=False),
        sa.Column("profile_title", sa.String(length=300), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_hit_declaration_id_declaration")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_hit_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hit")),
        sa.UniqueConstraint(
            "declaration_id", "publication_id", name=op.f("uq_hit_declaration_id_publication_id")
        ),
    )
    with op.batch_alter_table("hit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hit_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_hit_declaration_id"), ["declaration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hit_profile_number"), ["profile_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_hit_publication_id"), ["publication_id"], unique=False)

    op.create_table(
        "read_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("officer_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_read_receipt_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_receipt")),
        sa.UniqueConstraint(
            "publication_id",
            "officer_id",
            "authority_path",
            name=op.f("uq_read_receipt_publication_id_officer_id_authority_path"),
        ),
    )
    with op.batch_alter_table("read_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_read_receipt_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_read_receipt_publication_id"), ["publication_id"], unique=False)

    op.create_table(
        "register_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name=op.f("fk_register_note_entry_id_register_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_note")),
    )
    with op.batch_alter_table("register_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_note_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_register_note_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "check_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("hit_id", sa.Integer(), nullable=True),
        sa.Column("measure", sa.String(length=3), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("draw", sa.JSON(), nullable=False),
        sa.Column("result_code", sa.String(length=30), nullable=False),
        sa.Column("not_applied_ground", sa.String(), nullable=False),
        sa.Column("payments_difference", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("case_number", sa.String(length=80), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "(recorded_at IS NULL) = (result_code = '')", name=op.f("ck_check_result_recorded")
        ),
        sa.CheckConstraint(
            "result_code <> 'not_applied' OR not_applied_ground <> ''", name=op.f("ck_check_result_ground")
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_check_result_declaration_id_declaration")
        ),
        sa.ForeignKeyConstraint(["hit_id"], ["hit.id"], name=op.f("fk_check_result_hit_id_hit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_result")),
    )
    with op.batch_alter_table("check_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_result_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_result_declaration_id"), ["declaration_id"], unique=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
