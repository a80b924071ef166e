"""A password that somebody else chose has a day from which it counts; those from before this step do not lapse."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("officer", sa.Column("first_password_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("officer", "first_password_at")
