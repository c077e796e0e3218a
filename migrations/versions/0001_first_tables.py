"""The first tables, and the local user.

Revision ID: 0001
Revises: none
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("memory_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("memory_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("temporary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("window_start", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_seq", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("user_id", "external_id", name="uq_sessions_user_id_external_id"),
    )
    op.create_index(
        "ix_sessions_created_at_temporary",
        "sessions",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("temporary"),
    )
    op.create_index("ix_sessions_head_id", "sessions", ["head_id"], unique=False)
    op.create_index("ix_sessions_user_id_updated_at_id", "sessions", ["user_id", "updated_at", "id"], unique=False)
    op.create_table(
        "memories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), server_default="user", nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("chunk", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.Column("pinned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("indexed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recalled_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_recalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.CheckConstraint("kind IN ('episode', 'fact', 'digest')", name="ck_memories_kind"),
        sa.CheckConstraint("role IN ('user', 'assistant')", name="ck_memories_role"),
        sa.CheckConstraint("state IN ('active', 'paused')", name="ck_memories_state"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_memories_session_id_sessions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["memories.id"], name="fk_memories_superseded_by_memories", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_memories_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_memories"),
    )
    op.create_index("ix_memories_session_id_seq", "memories", ["session_id", "seq"], unique=False)
    op.create_index(
        "ix_memories_stored_at_unindexed",
        "memories",
        ["stored_at"],
        unique=False,
        postgresql_where=sa.text("indexed_at IS NULL"),
    )
    op.create_index("ix_memories_superseded_by", "memories", ["superseded_by"], unique=False)
    op.create_index("ix_memories_user_id_created_at_id", "memories", ["user_id", "created_at", "id"], unique=False)
    op.create_index("ix_memories_words", "memories", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finish_reason", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "finish_reason IN ('stop', 'length', 'stopped', 'interrupted')", name="ck_messages_finish_reason"
        ),
        sa.CheckConstraint("role IN ('user', 'assistant')", name="ck_messages_role"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["messages.id"], name="fk_messages_parent_id_messages", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_messages_session_id_sessions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_messages_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("session_id", "external_id", name="uq_messages_session_id_external_id"),
        sa.UniqueConstraint("session_id", "seq", name="uq_messages_session_id_seq"),
    )
    op.create_index("ix_messages_parent_id", "messages", ["parent_id"], unique=False)
    op.create_index("ix_messages_user_id_created_at", "messages", ["user_id", "created_at"], unique=False)
    # After both tables: each refers to the other.
    op.create_foreign_key(
        "fk_sessions_head_id_messages", "sessions", "messages", ["head_id"], ["id"], ondelete="SET NULL"
    )
    op.create_table(
        "usage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), server_default="0", nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_usd", sa.Numeric(precision=14, scale=8), nullable=True),
        sa.Column("ttft_ms", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_usage_session_id_sessions", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_usage_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_usage"),
        sa.UniqueConstraint("message_id", name="uq_usage_message_id"),
    )
    op.create_index("ix_usage_session_id", "usage", ["session_id"], unique=False)
    op.create_index("ix_usage_user_id_created_at", "usage", ["user_id", "created_at"], unique=False)
    op.create_table(
        "memory_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("old_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["memory_id"], ["memories.id"], name="fk_memory_events_memory_id_memories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_memory_events"),
    )
    op.create_index("ix_memory_events_memory_id", "memory_events", ["memory_id"], unique=False)
    op.create_table(
        "memory_sources",
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["memory_id"], ["memories.id"], name="fk_memory_sources_memory_id_memories", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_memory_sources_message_id_messages", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("memory_id", "message_id", name="pk_memory_sources"),
    )
    op.create_index("ix_memory_sources_message_id", "memory_sources", ["message_id"], unique=False)
    op.create_table(
        "recalls",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("memory_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("in_view", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["memory_id"], ["memories.id"], name="fk_recalls_memory_id_memories", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_recalls_message_id_messages", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "memory_id", name="pk_recalls"),
    )
    op.create_index("ix_recalls_memory_id", "recalls", ["memory_id"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("user_message_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column(
            "params",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.CheckConstraint("state IN ('running', 'done', 'stopped', 'failed', 'interrupted')", name="ck_runs_state"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_runs_session_id_sessions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_runs_user_id_users", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_message_id"], ["messages.id"], name="fk_runs_user_message_id_messages", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index(
        "ix_runs_heartbeat_at_running",
        "runs",
        ["heartbeat_at"],
        unique=False,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index("ix_runs_session_id_created_at", "runs", ["session_id", "created_at"], unique=False)
    op.create_index("ix_runs_user_message_id", "runs", ["user_message_id"], unique=False)
    op.create_index(
        "uq_runs_session_id_running",
        "runs",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    # The one user of an installation without sign-in: app.db.ids.LOCAL_USER_ID.
    op.execute("INSERT INTO users (id, name) VALUES ('00000000-0000-7000-8000-000000000001', 'local')")


def downgrade() -> None:
    op.drop_constraint("fk_sessions_head_id_messages", "sessions", type_="foreignkey")
    for table in (
        "runs",
        "recalls",
        "memory_sources",
        "memory_events",
        "usage",
        "messages",
        "memories",
        "sessions",
        "users",
    ):
        op.drop_table(table)
