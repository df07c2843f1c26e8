"""What somebody asked for beside a document and a worker writes into it."""

import sqlalchemy as sa
from alembic import op

from sync.store.models import Instant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "document_edit",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("artifact_key", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("was", sa.Float(), nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("job_id", sa.String(length=80), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_document_edit_person_id", "document_edit", ["person_id"])
    op.create_index("ix_document_edit_by", "document_edit", ["by"])
