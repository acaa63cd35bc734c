"""How a person reads the time, and which questions about their dislikes they have answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.add_column("users", sa.Column("hours", sa.String(), server_default=sa.text("'24h'"), nullable=False))
    op.create_check_constraint(op.f("ck_users_hours_known"), "users", "hours IN ('12h', '24h')")
    settled = sa.Column("settled_dislikes", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False)
    op.add_column("user_profiles", settled)


def downgrade() -> None:
    """Goes back."""
    op.drop_column("user_profiles", "settled_dislikes")
    op.drop_constraint(op.f("ck_users_hours_known"), "users")
    op.drop_column("users", "hours")
