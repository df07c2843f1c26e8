"""Sessions and sign-in links, kept as hashes; what people say to a released review; feedback asked for in the console."""

import sqlalchemy as sa
from alembic import op

from sync.store.models import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "signin_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("artifact_key", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("artifact_key", "person_id"),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_person_id"), ["person_id"], unique=False)
    with op.batch_alter_table("signin_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signin_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "feedback_request",
        sa.Column("cycle_id", sa.String(length=40), nullable=False),
        sa.Column("giver_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "giver_id", "person_id"),
    )
    op.create_index("feedback_request_person", "feedback_request", ["cycle_id", "person_id"])
    op.create_table(
        "anonymous_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("cycle_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("anonymous_answer_person", "anonymous_answer", ["cycle_id", "person_id"])
