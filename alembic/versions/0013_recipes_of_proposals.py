"""A dish that a model wrote for a menu stays while that menu is there: it may be retired, not deleted."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME = "fk_proposals_recipe_id_recipes"


def upgrade() -> None:
    """Goes forward."""
    op.drop_constraint(op.f(NAME), "proposals", type_="foreignkey")
    op.create_foreign_key(op.f(NAME), "proposals", "recipes", ["recipe_id"], ["id"])


def downgrade() -> None:
    """Goes back."""
    op.drop_constraint(op.f(NAME), "proposals", type_="foreignkey")
    op.create_foreign_key(op.f(NAME), "proposals", "recipes", ["recipe_id"], ["id"], ondelete="SET NULL")
