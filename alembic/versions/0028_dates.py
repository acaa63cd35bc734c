"""How a person writes dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.add_column("users", sa.Column("dates", sa.String(), server_default=sa.text("'day-first'"), nullable=False))
    op.create_check_constraint(op.f("ck_users_dates_known"), "users", "dates IN ('day-first', 'month-first')")


def downgrade() -> None:
    """Goes back."""
    op.drop_constraint(op.f("ck_users_dates_known"), "users")
    op.drop_column("users", "dates")
