"""Facts: which messages they were taken from, how often they were confirmed, and what taking them costs.

Revision ID: 0003
Revises: 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("facts_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_messages_session_id_facts_unread",
        "messages",
        ["session_id"],
        unique=False,
        postgresql_where=sa.text("facts_at IS NULL AND role = 'user' AND forgotten_at IS NULL"),
    )
    op.add_column("sessions", sa.Column("facts_tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("sessions", sa.Column("facts_after", sa.DateTime(timezone=True), nullable=True))
    op.add_column("memories", sa.Column("confirmed_count", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "fact_tokens",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_fact_tokens_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "day", name="pk_fact_tokens"),
    )


def downgrade() -> None:
    op.drop_table("fact_tokens")
    op.drop_column("memories", "confirmed_count")
    op.drop_column("sessions", "facts_after")
    op.drop_column("sessions", "facts_tries")
    op.drop_index("ix_messages_session_id_facts_unread", table_name="messages")
    op.drop_column("messages", "facts_at")
