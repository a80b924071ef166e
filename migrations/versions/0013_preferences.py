"""An officer keeps what he wishes of the screen: theme, density of rows, keyboard shortcuts."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("officer", sa.Column("theme", sa.String(10), nullable=False, server_default="system"))
    op.add_column("officer", sa.Column("density", sa.String(10), nullable=False, server_default="normal"))
    op.add_column("officer", sa.Column("shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    for name in ("shortcuts", "density", "theme"):
        op.drop_column("officer", name)
