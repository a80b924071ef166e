"""An import remembers the hash of the file that it stored, so that a lost or altered one is found."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_batch", sa.Column("stored_hash", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("import_batch", "stored_hash")
