"""The schema of the queue, as the installed library wants it."""

from __future__ import annotations

from alembic import op

from mealplanner.jobs.schema import bring_up_to_date, remove

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    bring_up_to_date(op.get_bind())


def downgrade() -> None:
    """Goes back."""
    remove(op.get_bind())
