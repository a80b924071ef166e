"""A session knows whether its officer came by his service, and for what he proved himself anew there."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAMES = ("by_service", "proven_for", "proven_at")


def upgrade() -> None:
    op.add_column(
        "officer_session", sa.Column("by_service", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "officer_session", sa.Column("proven_for", sa.String(200), nullable=False, server_default="")
    )
    op.add_column("officer_session", sa.Column("proven_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    for name in reversed(NAMES):
        op.drop_column("officer_session", name)
