"""What turns may cost at the most, and which costs are estimates.

Revision ID: 0016
Revises: 0015
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("usage", sa.Column("estimated", sa.Boolean(), server_default=sa.false(), nullable=False))
    for column in ("reserved_prompt_tokens", "reserved_completion_tokens"):
        op.add_column("runs", sa.Column(column, sa.Integer(), server_default="0", nullable=False))
    op.add_column("runs", sa.Column("reserved_usd", sa.Numeric(14, 8), server_default="0", nullable=False))
    # Budgets of the whole deployment ask for everyone's.
    op.create_index(op.f("ix_usage_created_at"), "usage", ["created_at"])
    op.create_index("ix_runs_user_id_running", "runs", ["user_id"], postgresql_where=sa.text("state = 'running'"))


def downgrade() -> None:
    op.drop_index("ix_runs_user_id_running", table_name="runs")
    op.drop_index(op.f("ix_usage_created_at"), table_name="usage")
    for column in ("reserved_usd", "reserved_completion_tokens", "reserved_prompt_tokens"):
        op.drop_column("runs", column)
    op.drop_column("usage", "estimated")
