"""A spent form key knows the address that it was sent to, so that it answers for no other form."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("spent_key", sa.Column("path", sa.String(400), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("spent_key", "path")
