"""Retention: messages whose episodes left are marked, and what left is told.

Revision ID: 0007
Revises: 0006
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "departures",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason IN ('age', 'count', 'size')", name="ck_departures_reason"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_departures_user_id_users", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_departures_session_id_sessions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "at", "memory_id", name="pk_departures"),
    )
    op.create_index("ix_departures_session_id", "departures", ["session_id"], unique=False)


def downgrade() -> None:
    op.drop_table("departures")
    op.drop_column("messages", "retired_at")
