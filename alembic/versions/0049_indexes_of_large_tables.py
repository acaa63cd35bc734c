"""Indexes for what reads a whole table without them: counters of an account, and its tokens."""

from __future__ import annotations

from alembic import op

revision = "0049"
down_revision = "0045"
branch_labels = None
depends_on = None
optional = True


def upgrade() -> None:
    """Goes forward."""
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_throttles_key",
            "throttles",
            ["key"],
            postgresql_ops={"key": "text_pattern_ops"},
            if_not_exists=True,
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_api_tokens_user_id", "api_tokens", ["user_id"], if_not_exists=True, postgresql_concurrently=True
        )


def downgrade() -> None:
    """Goes back."""
    op.drop_index("ix_api_tokens_user_id", table_name="api_tokens")
    op.drop_index("ix_throttles_key", table_name="throttles")
