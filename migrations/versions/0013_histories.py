"""Answers by their words: clients that keep the conversation themselves name no session.

Revision ID: 0013
Revises: 0012
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_messages_user_id_words",
        "messages",
        ["user_id", sa.text("hashtextextended(btrim(content, ' \t\r\n'), 0)")],
        postgresql_where=sa.text("role = 'assistant'"),
    )


def downgrade() -> None:
    op.drop_index("ix_messages_user_id_words", table_name="messages")
