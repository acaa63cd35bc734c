"""What was computed to help a menu that is not all that was asked for, as changes of the preferences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.add_column(
        "menus",
        sa.Column("remedies", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )


def downgrade() -> None:
    """Goes back."""
    op.drop_column("menus", "remedies")
