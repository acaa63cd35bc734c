"""The minutes that a meal may take on the weekdays that differ."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    minutes = sa.Column("minutes_by_weekday", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False)
    op.add_column("user_profiles", minutes)


def downgrade() -> None:
    """Goes back."""
    op.drop_column("user_profiles", "minutes_by_weekday")
