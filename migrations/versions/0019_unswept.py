"""What was deleted and is still in Postgres' files.

Revision ID: 0019
Revises: 0017
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | Sequence[str] | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "unswept",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unswept")),
    )
    op.create_index(op.f("ix_unswept_at"), "unswept", ["at"])
    # What was deleted before this was known is swept too.
    op.execute("INSERT INTO unswept (id) SELECT gen_random_uuid() WHERE EXISTS (SELECT FROM users)")


def downgrade() -> None:
    op.drop_table("unswept")
