"""Which menu each planned day of a person belongs to; of two that serve a day, the newest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BACKFILL = """
    INSERT INTO planned_days (user_id, date, menu_id)
    SELECT DISTINCT ON (menus.user_id, menus.start_date + meals.day)
           menus.user_id, menus.start_date + meals.day, menus.id
    FROM menus JOIN meals ON meals.menu_id = menus.id
    WHERE menus.status = 'ready'
    ORDER BY menus.user_id, menus.start_date + meals.day, menus.created_at DESC, menus.id
"""


def upgrade() -> None:
    """Goes forward."""
    op.create_table(
        "planned_days",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("menu_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_planned_days_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["menu_id"], ["menus.id"], name=op.f("fk_planned_days_menu_id_menus"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "date", name=op.f("pk_planned_days")),
    )
    op.create_index(op.f("ix_planned_days_menu_id"), "planned_days", ["menu_id"])
    op.execute(BACKFILL)
    op.add_column("menus", sa.Column("overlap", sa.String(), nullable=True))
    op.create_check_constraint(op.f("ck_menus_overlap_known"), "menus", "overlap IN ('replace', 'gaps')")


def downgrade() -> None:
    """Goes back."""
    op.drop_constraint(op.f("ck_menus_overlap_known"), "menus")
    op.drop_column("menus", "overlap")
    op.drop_table("planned_days")
