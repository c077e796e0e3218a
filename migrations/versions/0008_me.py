"""What users say about themselves and their own limits; who gave a session its title.

Revision ID: 0008
Revises: 0007
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("users", sa.Column("about_me", sa.Text(), server_default="", nullable=False))
    op.add_column("users", sa.Column("how_to_answer", sa.Text(), server_default="", nullable=False))
    op.add_column("users", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("retention_memories", sa.Integer(), nullable=True))
    op.add_column("users", sa.Column("retention_days", sa.Integer(), nullable=True))
    op.add_column("sessions", sa.Column("title_source", sa.Text(), server_default="cut", nullable=False))
    # Nobody noted who gave the titles that are there: any may be a person's, so all stay.
    op.execute("UPDATE sessions SET title_source = 'person' WHERE title <> ''")
    op.create_check_constraint(
        op.f("ck_sessions_title_source"), "sessions", "title_source IN ('cut', 'model', 'person')"
    )


def downgrade() -> None:
    op.drop_column("sessions", "title_source")
    for column in ("retention_days", "retention_memories", "language", "how_to_answer", "about_me"):
        op.drop_column("users", column)
