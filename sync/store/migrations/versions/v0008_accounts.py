"""Which account of the identity provider is whom; that an anonymous answer was given, without telling by whom; who typed."""

import sqlalchemy as sa
from alembic import op

from sync.store.models import Instant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("issuer", sa.String(length=400), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("bound_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject"),
        sa.UniqueConstraint("issuer", "person_id", name="account_person"),
    )
    op.create_table(
        "answer_mark",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("cycle_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("mark"),
    )
    op.create_index("answer_mark_cycle", "answer_mark", ["cycle_id", "person_id"])
    op.add_column("audit", sa.Column("operator", sa.String(length=120), nullable=False, server_default=""))
    with op.batch_alter_table("audit") as batch_op:
        batch_op.alter_column("operator", server_default=None)
