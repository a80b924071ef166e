"""A publication names its issuer by his path alone, so that each reader sees the name in his own language."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("publication", "issued_by")


def downgrade() -> None:
    op.add_column("publication", sa.Column("issued_by", sa.String(200), nullable=False, server_default=""))
