"""Vectors of sentences for a second look, and who speaks in a user's memories, quickly told.

Revision ID: 0005
Revises: 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "sentence_vectors",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("embedder", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["memory_id"], ["memories.id"], name="fk_sentence_vectors_memory_id_memories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("memory_id", "embedder", name="pk_sentence_vectors"),
    )
    op.create_index(
        "ix_memories_user_id_speaker",
        "memories",
        ["user_id", "speaker"],
        unique=False,
        postgresql_where=sa.text("speaker IS NOT NULL"),
    )
    # What is there has no such vectors yet: the sweep indexes it again, and makes them.
    op.execute("UPDATE memories SET indexed_at = NULL")


def downgrade() -> None:
    op.drop_index("ix_memories_user_id_speaker", table_name="memories")
    op.drop_table("sentence_vectors")
