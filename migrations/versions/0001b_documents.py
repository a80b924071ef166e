"""Units and posts, documents, registers, and what is published."""

import sqlalchemy as sa
from alembic import op

revision = "0001b"
down_revision = "0001a"
branch_labels = None
depends_on = None

TABLES = (
    "register",
    "risk_answer",
    "unit",
    "document",
    "post",
    "back_test_run",
    "journal_entry",
    "publication",
    "register_entry",
)


def upgrade() -> None:
    op.create_table(
        "register",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("last_serial", sa.Integer(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.CheckConstraint("kind IN ('draft', 'profile')", name=op.f("ck_register_kind")),
        sa.CheckConstraint("last_serial >= 0", name=op.f("ck_register_serial")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_register_authority_id_authority")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
        sa.UniqueConstraint("authority_id", "kind", name=op.f("uq_register_authority_id_kind")),
    )
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_authority_path"), ["authority_path"], unique=False)

    op.create_table(
        "risk_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("information_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=2), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("addressee_path", sa.String(length=80), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.CheckConstraint("answer <> 'declined' OR reason <> ''", name=op.f("ck_risk_answer_reason")),
        sa.CheckConstraint("answer IN ('noted', 'adopted', 'declined')", name=op.f("ck_risk_answer_answer")),
        sa.ForeignKeyConstraint(
            ["information_id"],
            ["risk_information.id"],
            name=op.f("fk_risk_answer_information_id_risk_information"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_answer")),
        sa.UniqueConstraint(
            "information_id", "authority_path", name=op.f("uq_risk_answer_information_id_authority_path")
        ),
    )
    with op.batch_alter_table("risk_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_risk_answer_addressee_path"), ["addressee_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_risk_answer_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_risk_answer_information_id"), ["information_id"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("name_ru", sa.String(length=200), nullable=False),
        sa.Column("directions", sa.JSON(), nullable=False),
        sa.Column("is_coordination", sa.Boolean(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_unit_authority_id_authority")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("authority_id", "name_en", name=op.f("uq_unit_authority_id_name_en")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_authority_path"), ["authority_path"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=10), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("executor_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.Integer(), nullable=True),
        sa.Column("risk_level", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.Column("competent_unit_id", sa.Integer(), nullable=True),
        sa.Column("rtu_unit_id", sa.Integer(), nullable=True),
        sa.Column("proposal", sa.String(), nullable=True),
        sa.Column("opinion", sa.String(), nullable=True),
        sa.Column("opinion_by_id", sa.Integer(), nullable=True),
        sa.Column("rtu_asked", sa.Boolean(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("updates_id", sa.Integer(), nullable=True),
        sa.Column("carrier_number", sa.String(length=80), nullable=True),
        sa.Column("carrier_date", sa.Date(), nullable=True),
        sa.Column("records_number", sa.String(length=80), nullable=True),
        sa.Column("act_number", sa.String(length=80), nullable=True),
        sa.Column("act_date", sa.Date(), nullable=True),
        sa.Column("cancellation", sa.String(length=20), nullable=True),
        sa.Column("cancellation_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(status = 'inexpedient') = (grounds <> '' AND document = 'draft')",
            name=op.f("ck_document_grounds"),
        ),
        sa.CheckConstraint(
            "document = 'draft' OR executor_id IS NOT NULL", name=op.f("ck_document_executor")
        ),
        sa.CheckConstraint("document IN ('draft', 'profile')", name=op.f("ck_document_document")),
        sa.CheckConstraint(
            "status <> 'in_force' OR number IS NOT NULL", name=op.f("ck_document_force_numbered")
        ),
        sa.CheckConstraint(
            "status NOT IN ('registered', 'sent') OR number IS NOT NULL", name=op.f("ck_document_numbered")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_document_version")),
        sa.ForeignKeyConstraint(["author_id"], ["officer.id"], name=op.f("fk_document_author_id_officer")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_document_authority_id_authority")
        ),
        sa.ForeignKeyConstraint(["competent_unit_id"], ["unit.id"], name="fk_document_competent_unit"),
        sa.ForeignKeyConstraint(["draft_id"], ["document.id"], name="fk_document_draft"),
        sa.ForeignKeyConstraint(
            ["executor_id"], ["officer.id"], name=op.f("fk_document_executor_id_officer")
        ),
        sa.ForeignKeyConstraint(["rtu_unit_id"], ["unit.id"], name="fk_document_rtu_unit"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_document_unit_id_unit")),
        sa.ForeignKeyConstraint(["updates_id"], ["document.id"], name="fk_document_updates"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_draft_id"), ["draft_id"], unique=False)
        batch_op.create_index("ix_document_list", ["document", "authority_path", "id"], unique=False)
        batch_op.create_index("ix_document_status", ["document", "status"], unique=False)
        batch_op.create_index(
            "uq_document_in_force",
            ["authority_path", "number"],
            unique=True,
            sqlite_where=sa.text("document = 'profile' AND status IN ('in_force', 'suspended')"),
            postgresql_where=sa.text("document = 'profile' AND status IN ('in_force', 'suspended')"),
        )
        batch_op.create_index(
            "uq_document_number_version", ["document", "authority_path", "number", "version"], unique=True
        )

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("supervises", sa.JSON(), nullable=False),
        sa.Column("acting_for", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.CheckConstraint("acting_for = '' OR until IS NOT NULL", name=op.f("ck_post_acting_has_end")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_post_order")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_post_authority_id_authority")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_post_officer_id_officer")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "back_test_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("area_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("officer_name", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_back_test_run_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_back_test_run")),
    )
    with op.batch_alter_table("back_test_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_back_test_run_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_back_test_run_document_id"), ["document_id"], unique=False)

    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("officer_name", sa.String(length=200), nullable=False),
        sa.Column("post_label", sa.String(length=200), nullable=False),
        sa.Column("place_code", sa.String(length=8), nullable=False),
        sa.Column("acting_for", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("from_status", sa.String(length=30), nullable=False),
        sa.Column("to_status", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("carried", sa.JSON(), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_journal_entry_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_entry_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index("ix_journal_entry_document", ["document_id", "id"], unique=False)

    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("risk_level", sa.String(length=10), nullable=False),
        sa.Column("issued_by", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("applies_to", sa.String(length=80), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.CheckConstraint("state IN ('in_force', 'suspended', 'ended')", name=op.f("ck_publication_state")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_publication_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("document_id", "applies_to", name=op.f("uq_publication_document_id_applies_to")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publication_applies_to"), ["applies_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_publication_authority_path"), ["authority_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_publication_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_publication_state", ["state", "applies_to"], unique=False)

    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("officer_name", sa.String(length=200), nullable=False),
        sa.Column("authority_path", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_register_entry_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["register_id"], ["register.id"], name=op.f("fk_register_entry_register_id_register")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
        sa.UniqueConstraint("register_id", "number", name=op.f("uq_register_entry_register_id_number")),
        sa.UniqueConstraint("register_id", "serial", name=op.f("uq_register_entry_register_id_serial")),
    )
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_register_entry_authority_path"), ["authority_path"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_register_entry_document_id"), ["document_id"], unique=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
