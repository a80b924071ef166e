"""An account remembers whom the provider of single sign-on calls by its login."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ONE_ACCOUNT = "uq_officer_provider_subject"


def upgrade() -> None:
    op.add_column("officer", sa.Column("provider_subject", sa.String(255), nullable=False, server_default=""))
    known = sa.text("provider_subject <> ''")
    op.create_index(
        ONE_ACCOUNT, "officer", ["provider_subject"], unique=True, sqlite_where=known, postgresql_where=known
    )


def downgrade() -> None:
    op.drop_index(ONE_ACCOUNT, "officer")
    op.drop_column("officer", "provider_subject")
