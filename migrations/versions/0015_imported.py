"""How many lines of an import brought anything new.

Revision ID: 0015
Revises: 0014
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Of imports that have ended nobody knows it any more: null.
    op.add_column("jobs", sa.Column("imported", sa.Integer(), nullable=True))
    op.alter_column("jobs", "imported", server_default="0")


def downgrade() -> None:
    op.drop_column("jobs", "imported")
