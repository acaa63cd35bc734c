"""Shopping lists: what was ticked, items of one's own, notes, the order of aisles, and links to a list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SPAN = "last_day BETWEEN first_day AND first_day + 27"


def upgrade() -> None:
    """Goes forward."""
    op.create_table(
        "shopping_items",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_span(),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(SPAN, name=op.f("ck_shopping_items_span_is_days")),
        sa.CheckConstraint("char_length(text) BETWEEN 1 AND 200", name=op.f("ck_shopping_items_text_short")),
        _owner("shopping_items"),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_shopping_items")),
    )
    op.create_table(
        "shopping_ticks",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_span(),
        sa.Column("food_id", sa.String(), nullable=True),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("grams", sa.Float(), nullable=True),
        sa.Column("replaces", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(SPAN, name=op.f("ck_shopping_ticks_span_is_days")),
        sa.CheckConstraint(
            "state IN ('bought', 'elsewhere', 'later', 'open')", name=op.f("ck_shopping_ticks_state_known")
        ),
        sa.CheckConstraint("num_nonnulls(food_id, item_id) = 1", name=op.f("ck_shopping_ticks_one_subject")),
        sa.CheckConstraint(
            "(grams IS NOT NULL) = (food_id IS NOT NULL AND state IN ('bought', 'elsewhere'))",
            name=op.f("ck_shopping_ticks_grams_of_bought"),
        ),
        sa.CheckConstraint("grams > 0 AND grams <= 1000000", name=op.f("ck_shopping_ticks_grams_in_range")),
        _owner("shopping_ticks"),
        sa.ForeignKeyConstraint(
            ["user_id", "item_id"],
            ["shopping_items.user_id", "shopping_items.id"],
            name=op.f("fk_shopping_ticks_user_id_item_id_shopping_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_shopping_ticks")),
    )
    op.create_index("ix_shopping_ticks_user_id_last_day", "shopping_ticks", ["user_id", "last_day"])
    op.create_index("ix_shopping_ticks_user_id_item_id", "shopping_ticks", ["user_id", "item_id"])
    op.create_table(
        "shopping_baselines",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *_span(),
        sa.Column("needs", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(SPAN, name=op.f("ck_shopping_baselines_span_is_days")),
        _owner("shopping_baselines"),
        sa.PrimaryKeyConstraint("user_id", "first_day", "last_day", name=op.f("pk_shopping_baselines")),
    )
    op.create_table(
        "shopping_notes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("food_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("char_length(text) BETWEEN 1 AND 200", name=op.f("ck_shopping_notes_text_short")),
        _owner("shopping_notes"),
        sa.PrimaryKeyConstraint("user_id", "food_id", name=op.f("pk_shopping_notes")),
    )
    op.create_table(
        "shopping_habits",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("aisles", postgresql.JSONB(), nullable=False),
        _owner("shopping_habits"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_shopping_habits")),
    )
    op.create_table(
        "shopping_shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        *_span(),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(SPAN, name=op.f("ck_shopping_shares_span_is_days")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_shopping_shares_expires_later")),
        _owner("shopping_shares"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shopping_shares")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_shopping_shares_token_hash")),
    )
    op.create_index("ix_shopping_shares_user_id", "shopping_shares", ["user_id"])


def downgrade() -> None:
    """Goes back."""
    for name in ("shares", "habits", "notes", "baselines", "ticks", "items"):
        op.drop_table(f"shopping_{name}")


def _span() -> tuple[sa.Column[object], sa.Column[object]]:
    return sa.Column("first_day", sa.Date(), nullable=False), sa.Column("last_day", sa.Date(), nullable=False)


def _owner(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_user_id_users")
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=name, ondelete="CASCADE")
