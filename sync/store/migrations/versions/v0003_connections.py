"""Connected workspaces, who confirmed their access rules, and the quotas that processes share."""

import sqlalchemy as sa
from alembic import op

from sync.store.models import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "connection",
        sa.Column("workspace", sa.String(length=40), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("layout", sa.LargeBinary(), nullable=False),
        sa.Column("connected_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("workspace"),
    )
    op.create_table(
        "confirmation",
        sa.Column("workspace", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "kind"),
    )
    op.create_table(
        "quota_pause",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "quota_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("units", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("quota_use", schema=None) as batch_op:
        batch_op.create_index("ix_quota_use_key_at", ["key", "at"], unique=False)


def downgrade() -> None:
    for table in ("quota_use", "quota_pause", "confirmation", "connection"):
        op.drop_table(table)
