"""Who speaks in a user's memories, quickly told.

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_memories_user_id_speaker",
        "memories",
        ["user_id", "speaker"],
        unique=False,
        postgresql_where=sa.text("speaker IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_memories_user_id_speaker", table_name="memories")
