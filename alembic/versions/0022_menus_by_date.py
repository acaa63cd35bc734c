"""The menus of a person by their first day, for what was eaten in the weeks before another."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0017"
branch_labels = None
depends_on = None
optional = True


def upgrade() -> None:
    """Goes forward."""
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_menus_user_id_start_date",
            "menus",
            ["user_id", "start_date"],
            unique=False,
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    """Goes back."""
    op.drop_index("ix_menus_user_id_start_date", table_name="menus")
