"""What a model proposed for a menu, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes forward."""
    op.create_table(
        "proposals",
        sa.Column("menu_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("cuisine", sa.String(), nullable=False),
        sa.Column("main_protein", sa.String(), nullable=False),
        sa.Column("recipe_id", sa.Uuid(), nullable=True),
        sa.Column("dropped", sa.String(), nullable=True),
        sa.CheckConstraint("recipe_id IS NULL OR dropped IS NULL", name=op.f("ck_proposals_written_or_dropped")),
        sa.ForeignKeyConstraint(["menu_id"], ["menus.id"], name=op.f("fk_proposals_menu_id_menus"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["recipe_id"], ["recipes.id"], name=op.f("fk_proposals_recipe_id_recipes"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("menu_id", "position", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_recipe_id"), "proposals", ["recipe_id"], unique=False)


def downgrade() -> None:
    """Goes back."""
    op.drop_table("proposals")
