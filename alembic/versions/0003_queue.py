"""The schema of the queue, as the installed library wants it."""

from __future__ import annotations

from alembic import op

from mealplanner.jobs.schema import bring_up_to_date

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DROP_EVERYTHING = """
DO $$
DECLARE thing record;
BEGIN
    FOR thing IN SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'r' AND relname LIKE 'procrastinate\\_%' AND relnamespace = current_schema()::regnamespace
    LOOP EXECUTE format('DROP TABLE %s CASCADE', thing.name); END LOOP;
    FOR thing IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = current_schema()::regnamespace
    LOOP EXECUTE format('DROP FUNCTION %s CASCADE', thing.name); END LOOP;
    FOR thing IN SELECT oid::regtype AS name FROM pg_type
        WHERE typname LIKE 'procrastinate\\_%' AND typtype IN ('e', 'c')
        AND typnamespace = current_schema()::regnamespace
    LOOP EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', thing.name); END LOOP;
END $$
"""


def upgrade() -> None:
    """Goes forward."""
    bring_up_to_date(op.get_bind())


def downgrade() -> None:
    """Goes back."""
    op.execute(DROP_EVERYTHING)
