"""A draft has one profile, but for those that were abandoned."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ONE = sa.text("document = 'profile' AND updates_id IS NULL AND status <> 'abandoned'")


def upgrade() -> None:
    op.create_index(
        "uq_document_of_draft", "document", ["draft_id"], unique=True, sqlite_where=ONE, postgresql_where=ONE
    )


def downgrade() -> None:
    op.drop_index("uq_document_of_draft", "document")
