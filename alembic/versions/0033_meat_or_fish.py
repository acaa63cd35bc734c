"""How often a person has meat or fish."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.add_column("user_profiles", sa.Column("meat_or_fish", sa.String(), server_default="any", nullable=False))
    op.create_check_constraint(
        op.f("ck_user_profiles_meat_or_fish_known"),
        "user_profiles",
        "meat_or_fish IN ('any', 'never', 'some', 'most')",
    )


def downgrade() -> None:
    """Goes back."""
    op.drop_column("user_profiles", "meat_or_fish")
