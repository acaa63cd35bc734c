"""Menus that can be edited: versions, the state of each meal, and the journal of every edit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0018"
branch_labels = None
depends_on = None

APPEND_ONLY = """
    CREATE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
    END $$
"""


def upgrade() -> None:
    """Goes forward."""
    op.add_column("menus", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("menus", sa.Column("undoable", sa.Integer(), nullable=True))
    op.add_column("menus", sa.Column("redoable", sa.Integer(), nullable=True))
    op.create_check_constraint(op.f("ck_menus_version_positive"), "menus", "version >= 1")
    op.add_column("meals", sa.Column("changed_in", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("meals", sa.Column("note", sa.String(), nullable=True))
    op.add_column("meals", sa.Column("skipped", sa.String(), nullable=True))
    op.add_column("meals", sa.Column("eaten_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("meals", sa.Column("cooked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_meals_skipped_known"), "meals", "skipped IN ('reserved', 'shared')")
    op.create_check_constraint(op.f("ck_meals_note_short"), "meals", "char_length(note) BETWEEN 1 AND 500")
    op.create_check_constraint(op.f("ck_meals_skipped_or_eaten"), "meals", "skipped IS NULL OR eaten_at IS NULL")
    op.add_column("users", sa.Column("skip_energy", sa.String(), nullable=True))
    op.create_check_constraint(op.f("ck_users_skip_energy_known"), "users", "skip_energy IN ('reserved', 'shared')")
    op.create_table(
        "menu_edits",
        sa.Column("menu_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("redoes", sa.Integer(), nullable=True),
        sa.CheckConstraint("version > 1", name=op.f("ck_menu_edits_version_after_first")),
        sa.CheckConstraint("(what = 'undo') = (undoes IS NOT NULL)", name=op.f("ck_menu_edits_undo_names_edit")),
        sa.CheckConstraint("(what = 'redo') = (redoes IS NOT NULL)", name=op.f("ck_menu_edits_redo_names_edit")),
        sa.CheckConstraint(
            "undoes < version AND redoes IS NULL OR redoes < version AND undoes IS NULL OR undoes IS NULL AND "
            "redoes IS NULL",
            name=op.f("ck_menu_edits_names_earlier_edit"),
        ),
        sa.ForeignKeyConstraint(
            ["menu_id"], ["menus.id"], name=op.f("fk_menu_edits_menu_id_menus"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("menu_id", "version", name=op.f("pk_menu_edits")),
    )
    op.execute(APPEND_ONLY)
    op.execute("CREATE TRIGGER append_only BEFORE UPDATE ON menu_edits FOR EACH ROW EXECUTE FUNCTION refuse_update()")


def downgrade() -> None:
    """Goes back."""
    op.drop_table("menu_edits")
    op.execute("DROP FUNCTION refuse_update()")
    op.drop_constraint(op.f("ck_users_skip_energy_known"), "users")
    op.drop_column("users", "skip_energy")
    for name in ("skipped_or_eaten", "note_short", "skipped_known"):
        op.drop_constraint(op.f(f"ck_meals_{name}"), "meals")
    for name in ("cooked_at", "eaten_at", "skipped", "note", "changed_in"):
        op.drop_column("meals", name)
    op.drop_constraint(op.f("ck_menus_version_positive"), "menus")
    for name in ("redoable", "undoable", "version"):
        op.drop_column("menus", name)
