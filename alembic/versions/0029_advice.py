"""Which of a menu's notices are about the meals that were planned, and which meals these were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    advice = sa.Column("advice", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False)
    op.add_column("menus", advice)
    op.add_column("menus", sa.Column("as_planned", sa.String(), nullable=True))


def downgrade() -> None:
    """Goes back."""
    op.drop_column("menus", "as_planned")
    op.drop_column("menus", "advice")
