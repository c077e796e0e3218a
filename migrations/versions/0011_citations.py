"""The numbers by which answers cite the memories that they were given.

Revision ID: 0011
Revises: 0010
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("recalls", sa.Column("number", sa.Integer()))
    op.add_column("messages", sa.Column("numbered_to", sa.Integer()))


def downgrade() -> None:
    op.drop_column("messages", "numbered_to")
    op.drop_column("recalls", "number")
