"""The rest of a menu being planned again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.create_table(
        "rebalancings",
        sa.Column("menu_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=True),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("steps", sa.SmallInteger(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'changed', 'failed', 'cancelled')",
            name=op.f("ck_rebalancings_status_known"),
        ),
        sa.CheckConstraint("step BETWEEN 0 AND steps", name=op.f("ck_rebalancings_step_within_steps")),
        sa.ForeignKeyConstraint(
            ["menu_id"], ["menus.id"], name=op.f("fk_rebalancings_menu_id_menus"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("menu_id", name=op.f("pk_rebalancings")),
    )


def downgrade() -> None:
    """Goes back."""
    op.drop_table("rebalancings")
