"""What is prepared for a dish the day before, for how many it is made, and how long the rest keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.add_column("recipes", sa.Column("day_before", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("recipes", sa.Column("makes", sa.SmallInteger(), server_default=sa.text("1"), nullable=False))
    op.add_column("recipes", sa.Column("keeps_days", sa.SmallInteger(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint(op.f("ck_recipes_makes_positive"), "recipes", "makes > 0")
    op.create_check_constraint(op.f("ck_recipes_keeps_days_not_negative"), "recipes", "keeps_days >= 0")


def downgrade() -> None:
    """Goes back."""
    for name in ("keeps_days", "makes", "day_before"):
        op.drop_column("recipes", name)
