"""Which place memories are indexed in, and whether what serves there has them all.

Of an installation that has known one place so far it is that one; where there are several, the index is made anew.

Revision ID: 0009
Revises: 0008
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in ("chosen", "complete"):
        op.add_column("index_state", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("index_state", sa.Column("serving", sa.Text(), nullable=True))
    op.execute(
        "UPDATE index_state SET chosen = true, complete = true "
        "WHERE embedder IS NOT NULL AND (SELECT count(*) FROM index_state) = 1"
    )
    op.create_index("uq_index_state_chosen", "index_state", ["chosen"], unique=True, postgresql_where=sa.text("chosen"))


def downgrade() -> None:
    op.drop_index("uq_index_state_chosen", table_name="index_state")
    for name in ("serving", "complete", "chosen"):
        op.drop_column("index_state", name)
