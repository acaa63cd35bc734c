"""Menus and their meals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.create_table(
        "menus",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("preferences", postgresql.JSONB(), nullable=False),
        sa.Column("targets", postgresql.JSONB(), nullable=False),
        sa.Column("planner_version", sa.String(), nullable=True),
        sa.Column("catalogue_version", sa.String(), nullable=True),
        sa.Column("token", sa.Uuid(), nullable=True),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("steps", sa.SmallInteger(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("warnings", postgresql.JSONB(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source IN ('auto', 'catalogue', 'model')", name=op.f("ck_menus_source_known")),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'ready', 'failed', 'cancelled')", name=op.f("ck_menus_status_known")
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 28", name=op.f("ck_menus_days_in_range")),
        sa.CheckConstraint("step BETWEEN 0 AND steps", name=op.f("ck_menus_step_within_steps")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_menus_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menus")),
        sa.UniqueConstraint("user_id", "idempotency_key", name=op.f("uq_menus_user_id_idempotency_key")),
    )
    op.create_index(
        "ix_menus_user_id_created_at", "menus", ["user_id", sa.literal_column("created_at DESC")], unique=False
    )
    op.create_index(
        "uq_menus_one_in_flight",
        "menus",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_table(
        "meals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("menu_id", sa.Uuid(), nullable=False),
        sa.Column("recipe_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("time", sa.Time(), nullable=False),
        sa.Column("portion", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.Column("servings", sa.SmallInteger(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("kcal", sa.Double(), nullable=False),
        sa.Column("protein_g", sa.Double(), nullable=False),
        sa.Column("carbohydrate_g", sa.Double(), nullable=False),
        sa.Column("fat_g", sa.Double(), nullable=False),
        sa.CheckConstraint("slot IN ('breakfast', 'lunch', 'dinner', 'snack')", name=op.f("ck_meals_slot_known")),
        sa.CheckConstraint("day >= 0", name=op.f("ck_meals_day_not_negative")),
        sa.CheckConstraint("portion > 0", name=op.f("ck_meals_portion_positive")),
        sa.CheckConstraint("servings > 0", name=op.f("ck_meals_servings_positive")),
        sa.ForeignKeyConstraint(["menu_id"], ["menus.id"], name=op.f("fk_meals_menu_id_menus"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["recipe_id"], ["recipes.id"], name=op.f("fk_meals_recipe_id_recipes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meals")),
        sa.UniqueConstraint(
            "menu_id",
            "day",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_meals_menu_id_day_position"),
        ),
    )
    op.create_index(op.f("ix_meals_recipe_id"), "meals", ["recipe_id"], unique=False)


def downgrade() -> None:
    """Goes back."""
    op.drop_table("meals")
    op.drop_table("menus")
