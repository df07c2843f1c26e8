"""Whose reviews somebody drafted, what a writer decided about one person, the documents of a team in a cycle, whether somebody
wrote into one: each is found without a look at every draft, decision, document or entry."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("draft_by_writer", "draft", ["cycle_id", "writer_id", "current", "person_id"])
    op.create_index("decision_about", "decision", ["person_id", "by"])
    op.create_index("acknowledgement_person", "acknowledgement", ["person_id"])
    op.create_index("artifact_of_cycle", "artifact", ["cycle_id", "person_id"])
    op.drop_index("ix_artifact_cycle_id", "artifact")
    op.create_index("entry_of_artifact", "entry", ["artifact_key", "current"])
    op.drop_index("ix_entry_artifact_key", "entry")
