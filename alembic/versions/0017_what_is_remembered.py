"""What people say of dishes besides rating them, and the dishes that they usually eat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.create_table(
        "opinions",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("opinion IN ('too-long', 'not-weekdays')", name=op.f("ck_opinions_opinion_known")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_opinions_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "slug", "opinion", name=op.f("pk_opinions")),
    )
    op.create_table(
        "usual_meals",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("slot IN ('breakfast', 'lunch', 'dinner', 'snack')", name=op.f("ck_usual_meals_slot_known")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_usual_meals_weekday_known")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_usual_meals_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "slot", "weekday", name=op.f("pk_usual_meals")),
    )


def downgrade() -> None:
    """Goes back."""
    op.drop_table("usual_meals")
    op.drop_table("opinions")
