"""For how long menus are kept, and since when a dish is there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.add_column("users", sa.Column("keep_menu_months", sa.SmallInteger(), nullable=True))
    op.create_check_constraint("keep_menu_months_positive", "users", "keep_menu_months > 0")
    now = sa.func.now()
    op.add_column("recipes", sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False))


def downgrade() -> None:
    """Goes back."""
    op.drop_column("recipes", "created_at")
    op.drop_constraint("ck_users_keep_menu_months_positive", "users")
    op.drop_column("users", "keep_menu_months")
