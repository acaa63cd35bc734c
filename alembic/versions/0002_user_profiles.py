"""How a person eats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.create_table(
        "user_profiles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("diet_type", sa.String(), nullable=False),
        sa.Column("dietary_restrictions", postgresql.JSONB(), nullable=False),
        sa.Column("disliked_ingredients", postgresql.JSONB(), nullable=False),
        sa.Column("recipe_type", postgresql.JSONB(), nullable=False),
        sa.Column("macro_protein", sa.Integer(), nullable=False),
        sa.Column("macro_carbs", sa.Integer(), nullable=False),
        sa.Column("macro_fat", sa.Integer(), nullable=False),
        sa.Column("calorie_goal", sa.Integer(), nullable=False),
        sa.Column("meal_times", postgresql.JSONB(), nullable=False),
        sa.Column("appliances", postgresql.JSONB(), nullable=False),
        sa.Column("prep_complexity", sa.Integer(), nullable=False),
        sa.Column("servings_per_meal", sa.Integer(), nullable=False),
        sa.Column("snacks_per_day", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("calorie_goal BETWEEN 800 AND 6000", name=op.f("ck_user_profiles_calorie_goal_in_range")),
        sa.CheckConstraint(
            "least(macro_protein, macro_carbs, macro_fat) >= 0", name=op.f("ck_user_profiles_macros_not_negative")
        ),
        sa.CheckConstraint(
            "macro_protein + macro_carbs + macro_fat = 100", name=op.f("ck_user_profiles_macros_sum_to_100")
        ),
        sa.CheckConstraint("prep_complexity BETWEEN 0 AND 100", name=op.f("ck_user_profiles_prep_complexity_in_range")),
        sa.CheckConstraint(
            "servings_per_meal BETWEEN 1 AND 12", name=op.f("ck_user_profiles_servings_per_meal_in_range")
        ),
        sa.CheckConstraint("snacks_per_day BETWEEN 0 AND 4", name=op.f("ck_user_profiles_snacks_per_day_in_range")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_profiles_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_profiles")),
    )


def downgrade() -> None:
    """Goes back."""
    op.drop_table("user_profiles")
