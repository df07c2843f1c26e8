"""What platforms tell by themselves: deliveries, secrets and channels; connections that are being made or need mending."""

import sqlalchemy as sa
from alembic import op

from sync.store.models import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("connection", sa.Column("trouble", sa.String(length=20), nullable=False, server_default=""))
    op.create_table(
        "connecting",
        sa.Column("workspace", sa.String(length=40), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("workspace"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("heard_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_delivery_heard_at", "delivery", ["heard_at"])
    op.create_table(
        "hook_secret",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("hook", sa.String(length=20), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("resource", sa.String(length=200), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("heard_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "glance",
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
