"""One normal form for each e-mail address, computed by the application and unique in the database."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TWICE = (
    "The accounts %s have the same e-mail address by the rules of this version, which count different letters of one "
    "shape as the same. Change or delete all but one of them first; nothing was changed."
)


def upgrade() -> None:
    """Goes forward."""
    op.add_column("users", sa.Column("email_key", sa.String(), nullable=True))
    connection = op.get_bind()
    users = connection.execute(sa.text("SELECT id, email FROM users")).all()
    accounts: dict[str, list[str]] = {}
    for _, email in users:
        accounts.setdefault(normal_form(email), []).append(email)
    if shared := [emails for emails in accounts.values() if len(emails) > 1]:
        raise RuntimeError(TWICE % " and ".join(shared[0]))
    store = sa.text("UPDATE users SET email_key = :key WHERE id = :id")
    if users:
        connection.execute(store, [{"id": id_, "key": normal_form(email)} for id_, email in users])
    op.alter_column("users", "email_key", nullable=False)
    op.create_index("uq_users_email_key", "users", ["email_key"], unique=True)
    op.drop_index("uq_users_email", "users")


def downgrade() -> None:
    """Goes back."""
    op.create_index("uq_users_email", "users", [sa.literal_column("lower(email)")], unique=True)
    op.drop_index("uq_users_email_key", "users")
    op.drop_column("users", "email_key")


def normal_form(address: str) -> str:
    """Return what `auth.addresses.normal_form` returned when this migration was written."""
    once = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", address).casefold())
    return unicodedata.normalize("NFKC", once.casefold())
