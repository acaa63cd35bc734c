"""How much fibre, salt, sugars and saturated fat a day should have, where that is not what is recommended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0045"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    limits = sa.Column("day_limits", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False)
    op.add_column("user_profiles", limits)


def downgrade() -> None:
    """Goes back."""
    op.drop_column("user_profiles", "day_limits")
