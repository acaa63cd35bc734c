"""What people have in the house, and what put it there or took it out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0026"
branch_labels = None
depends_on = None

GRAMS = sa.Numeric(9, 3)


def upgrade() -> None:
    """Goes forward."""
    op.create_table(
        "larder_items",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("food_id", sa.String(), nullable=False),
        sa.Column("grams", GRAMS, nullable=False),
        sa.Column("best_before", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("grams > 0 AND grams <= 100000", name=op.f("ck_larder_items_grams_plausible")),
        _person("larder_items"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_larder_items")),
        sa.UniqueConstraint(
            "user_id",
            "food_id",
            "best_before",
            name=op.f("uq_larder_items_user_id_food_id_best_before"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "larder_moves",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("food_id", sa.String(), nullable=False),
        sa.Column("grams", GRAMS, nullable=False),
        sa.Column("best_before", sa.Date(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("grams <> 0", name=op.f("ck_larder_moves_grams_moved")),
        _person("larder_moves"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_larder_moves")),
        sa.UniqueConstraint(
            "user_id",
            "cause",
            "food_id",
            "best_before",
            name=op.f("uq_larder_moves_user_id_cause_food_id_best_before"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "larder_always_there",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("food_id", sa.String(), nullable=False),
        _person("larder_always_there"),
        sa.PrimaryKeyConstraint("user_id", "food_id", name=op.f("pk_larder_always_there")),
    )
    op.create_table(
        "larder_settings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Boolean(), server_default=sa.true() if default else sa.false(), nullable=False)
            for name, default in {"subtract": 1, "fill": 0, "empty": 1, "staples": 0, "use_soon": 0}.items()
        ),
        _person("larder_settings"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_larder_settings")),
    )


def downgrade() -> None:
    """Goes back."""
    for table in ("larder_settings", "larder_always_there", "larder_moves", "larder_items"):
        op.drop_table(table)


def _person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users"), ondelete="CASCADE"
    )
