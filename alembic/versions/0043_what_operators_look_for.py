"""Mails that failed, and accounts by how their address begins, for the pages of operators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0036"
branch_labels = None
depends_on = None
optional = True


def upgrade() -> None:
    """Goes forward."""
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_mails_failed",
            "mails",
            ["created_at"],
            postgresql_where=sa.text("status IN ('failed', 'unknown')"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.create_index(
            "ix_users_email_key_begins",
            "users",
            ["email_key"],
            postgresql_ops={"email_key": "text_pattern_ops"},
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Goes back."""
    op.drop_index("ix_users_email_key_begins", table_name="users")
    op.drop_index("ix_mails_failed", table_name="mails")
