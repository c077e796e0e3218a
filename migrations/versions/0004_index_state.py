"""The memory index's state: whose vectors serve, and how far the next generation of it is.

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "index_state",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("embedder", sa.Text(), nullable=True),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("building", sa.Text(), nullable=True),
        sa.Column("building_embedder", sa.Text(), nullable=True),
        sa.Column("position", sa.Uuid(), nullable=True),
        sa.Column("batch", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("processed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("caught_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("builder", sa.Uuid(), nullable=True),
        sa.Column("builder_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("former", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("place", name="pk_index_state"),
    )


def downgrade() -> None:
    op.drop_table("index_state")
