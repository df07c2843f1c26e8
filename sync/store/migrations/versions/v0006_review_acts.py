"""What became of a push or a release that was asked for in the console; each writer leaves entries out for themself alone."""

import sqlalchemy as sa
from alembic import op

from sync.store.models import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "review_act",
        sa.Column("cycle_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("writer_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("job_id", sa.String(length=80), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("refusals", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", "writer_id", "kind"),
    )
    op.rename_table("exclusion", "exclusion_before")
    op.create_table(
        "exclusion",
        sa.Column("cycle_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", "entry_id", "by", name="exclusion_by_writer"),
    )
    op.execute(
        'INSERT INTO exclusion ("cycle_id", "person_id", "entry_id", "by", "at") '
        'SELECT "cycle_id", "person_id", "entry_id", "by", "at" FROM exclusion_before'
    )
    op.drop_table("exclusion_before")
