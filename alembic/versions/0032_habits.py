"""How much it matters to a person how a week hangs together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0042"
branch_labels = None
depends_on = None

HABITS = ("use_up", "same_meals", "whole_units", "short_days")


def upgrade() -> None:
    """Goes forward."""
    for habit in HABITS:
        op.add_column("user_profiles", sa.Column(habit, sa.String(), server_default="medium", nullable=False))
        op.create_check_constraint(
            op.f(f"ck_user_profiles_{habit}_known"), "user_profiles", f"{habit} IN ('off', 'low', 'medium', 'high')"
        )


def downgrade() -> None:
    """Goes back."""
    for habit in HABITS:
        op.drop_column("user_profiles", habit)
