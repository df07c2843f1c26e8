"""The tables. SQLite and PostgreSQL alike; nothing outside `sync.store` knows them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Instant(TypeDecorator[datetime]):
    """A timezone-aware UTC instant, stored without its zone so that both databases compare it alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware instant to naive UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Naive UTC to aware instant."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData()

setting = Table(
    "setting",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("hr_id", String(80), nullable=False, default=""),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False, index=True),
    Column("role", String(120), nullable=False, default=""),
    Column("team", String(120), nullable=False, default=""),
    Column("location", String(120), nullable=False, default=""),
    Column("work_mode", String(10), nullable=False, default="office"),
    Column("timezone", String(64), nullable=False, default="UTC"),
    Column("access", String(12), nullable=False, default="none"),
    Column("start", Date),
    Column("end", Date),
    Column("takes_part", Boolean, nullable=False, default=True),
)

former_email = Table(
    "former_email",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", String(16), nullable=False, index=True),
    Column("email", String(254), nullable=False),
    Column("until", Date),
)

reporting = Table(
    "reporting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", String(16), nullable=False, index=True),
    Column("manager_id", String(16), nullable=False, index=True),
    Column("since", Date),
    Column("until", Date),
)

leave = Table(
    "leave",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", String(16), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
)

pair = Table(
    "pair",
    metadata,
    Column("cycle_id", String(40), primary_key=True),
    Column("giver_id", String(16), primary_key=True),
    Column("person_id", String(16), primary_key=True),
)

cycle = Table(
    "cycle",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("label", String(80), nullable=False),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("review_on", Date, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("pack_name", String(80), nullable=False),
    Column("pack_version", String(12), nullable=False),
    Column("pack_sources", LargeBinary, nullable=False),
    Column("locked", Boolean, nullable=False, default=False),
)

cadence = Table(
    "cadence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cycle_id", String(40), nullable=False, index=True),
    Column("scope", String(10), nullable=False),
    Column("value", String(120), nullable=False, default=""),
    Column("cadence", String(12), nullable=False),
    Column("since", Date, nullable=False),
)

artifact = Table(
    "artifact",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("cycle_id", String(40), nullable=False),
    Column("person_id", String(16), nullable=False, index=True),
    Column("other_id", String(16), nullable=False, default=""),
    Column("due", Date),
    Column("place", String(12), nullable=False),
    Column("title", String(300), nullable=False),
    Column("workspace", String(40), nullable=False),
    Column("ref", Text, nullable=False),
    Column("version", String(80), nullable=False),
    Column("state", String(10), nullable=False),
    Column("writers", JSON, nullable=False),
    Column("readers", JSON, nullable=False),
    Column("ground", LargeBinary, nullable=False),
    Index("artifact_ref", "workspace", "ref"),
    Index("artifact_of_cycle", "cycle_id", "person_id"),
)

intent = Table(
    "intent",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("workspace", String(40), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
)

plan = Table(
    "plan",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("cycle_id", String(40), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("artifact_key", String(200), nullable=False),
    Column("ref", Text, nullable=False),
    Column("version", String(80), nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("modified_by", String(254), nullable=False, default=""),
    Column("modified_at", Instant),
    Column("body_hash", String(64), nullable=False),
    Index("snapshot_artifact", "artifact_key", "ref"),
)

body = Table(
    "body",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

entry = Table(
    "entry",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("about", String(16), nullable=False),
    Column("by", String(16), nullable=False, default=""),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("visibility", String(16), nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("artifact_key", String(200), nullable=False),
    Column("anchor", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("goal_id", String(40)),
    Column("column", String(20)),
    Column("value", Float),
    Column("unit", String(20)),
    Column("supersedes", String(16), nullable=False, default=""),
    Column("withdrawn", Boolean, nullable=False, default=False),
    Column("current", Boolean, nullable=False, default=True),
    Index("entry_about", "about", "current", "happened_on"),
    Index("entry_of_artifact", "artifact_key", "current"),
)

goal = Table(
    "goal",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person_id", String(16), nullable=False, index=True),
    Column("cycle_id", String(40), nullable=False),
    Column("artifact_key", String(200), nullable=False, index=True),
    Column("row_key", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("start", Float),
    Column("target", Float),
    Column("now", Float),
    Column("unit", String(40), nullable=False, default=""),
    Column("weight", Float),
    Column("due", Date),
    Column("status", Text, nullable=False, default=""),
    Column("category", Text, nullable=False, default=""),
    Column("commitment", Text, nullable=False, default=""),
    Column("parent", Text, nullable=False, default=""),
    Column("objective", Text, nullable=False, default=""),
    Column("updated", Date),
    Column("removed", Boolean, nullable=False, default=False),
    Column("written", Boolean, nullable=False, default=True),
    Column("extra", JSON, nullable=False),
)

goal_value = Table(
    "goal_value",
    metadata,
    Column("entry_id", String(16), primary_key=True),
    Column("goal_id", String(40), nullable=False, index=True),
    Column("day", Date, nullable=False),
    Column("value", Float, nullable=False),
)

action = Table(
    "action",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("person_id", String(16), nullable=False, index=True),
    Column("cycle_id", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("owner", Text, nullable=False, default=""),
    Column("due", Text, nullable=False, default=""),
    Column("opened_on", Date, nullable=False),
    Column("origin_key", String(200), nullable=False),
    Column("closed_on", Date),
    Column("closed_in", String(200), nullable=False, default=""),
)

exclusion = Table(
    "exclusion",
    metadata,
    Column("cycle_id", String(40), primary_key=True),
    Column("person_id", String(16), primary_key=True),
    Column("entry_id", String(16), primary_key=True),
    Column("by", String(16), primary_key=True),
    Column("at", Instant, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("cycle_id", String(40), nullable=False),
    Column("person_id", String(16), nullable=False, index=True),
    Column("writer_id", String(16), nullable=False),
    Column("reader_id", String(16), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("statements", Integer, nullable=False),
    Column("unsupported", Integer, nullable=False),
    Column("current", Boolean, nullable=False, default=True),
    Column("body", LargeBinary, nullable=False),
    Index("draft_by_writer", "cycle_id", "writer_id", "current", "person_id"),
)

release = Table(
    "release",
    metadata,
    Column("cycle_id", String(40), primary_key=True),
    Column("person_id", String(16), primary_key=True),
    Column("draft_id", String(40), nullable=False),
    Column("by", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("artifact_key", String(200), nullable=False),
    Column("text_hash", String(64), nullable=False),
)

correction = Table(
    "correction",
    metadata,
    Column("cycle_id", String(40), primary_key=True),
    Column("person_id", String(16), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("draft_id", String(40), nullable=False),
    Column("by", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("artifact_key", String(200), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("reason", Text, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("cycle_id", String(40), primary_key=True),
    Column("person_id", String(16), primary_key=True),
    Column("by", String(16), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("subject", String(16), primary_key=True),
    Column("other", String(16), primary_key=True),
    Column("day", Date),
    Column("at", Instant, nullable=False),
    Index("decision_about", "person_id", "by"),
)

review_act = Table(
    "review_act",
    metadata,
    Column("cycle_id", String(40), primary_key=True),
    Column("person_id", String(16), primary_key=True),
    Column("writer_id", String(16), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("job_id", String(80), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("result", String(12), nullable=False, default=""),
    Column("message", Text, nullable=False, default=""),
    Column("correction", Text, nullable=False, default=""),
    Column("section", String(40), nullable=False, default=""),
    Column("sentence", Text, nullable=False, default=""),
    Column("instead", Text, nullable=False, default=""),
    Column("refusals", JSON, nullable=False),
)

document_edit = Table(
    "document_edit",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("person_id", String(16), nullable=False, index=True),
    Column("by", String(16), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("artifact_key", String(200), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("value", Float),
    Column("was", Float),
    Column("asked_at", Instant, nullable=False),
    Column("job_id", String(80), nullable=False, default=""),
    Column("ended_at", Instant),
    Column("result", String(10), nullable=False, default=""),
    Column("message", Text, nullable=False, default=""),
)

finding = Table(
    "finding",
    metadata,
    Column("workspace", String(40), primary_key=True),
    Column("subject", String(400), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("message", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

dirty = Table(
    "dirty",
    metadata,
    Column("workspace", String(40), primary_key=True),
    Column("ref", String(400), primary_key=True),
)

cursor = Table(
    "cursor",
    metadata,
    Column("workspace", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(120), nullable=False),
    Column("until", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("operator", String(120), nullable=False, default=""),
)

job = Table(
    "job",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("name", String(20), nullable=False),
    Column("argument", String(80), nullable=False, default=""),
    Column("state", String(10), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("begun_at", Instant),
    Column("ended_at", Instant),
    Column("worker", String(120), nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("counts", JSON, nullable=False),
    Column("message", Text, nullable=False, default=""),
    Index("job_state", "state", "name"),
)

worker = Table(
    "worker",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("process", String(120), nullable=False),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

letter = Table(
    "letter",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("person_id", String(16), nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

reminder = Table(
    "reminder",
    metadata,
    Column("person_id", String(16), primary_key=True),
    Column("artifact_key", String(200), primary_key=True),
    Column("stage", String(20), primary_key=True),
    Column("letter_id", String(80), nullable=False),
)

preference = Table(
    "preference",
    metadata,
    Column("person_id", String(16), primary_key=True),
    Column("reminders", Boolean, nullable=False, default=True),
    Column("calendar", Integer, nullable=False, default=0),
)

tombstone = Table(
    "tombstone",
    metadata,
    Column("person_id", String(16), primary_key=True),
    Column("erased_at", Instant, nullable=False),
    Column("reason", String(20), nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", String(16), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)

signin_link = Table(
    "signin_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", String(16), nullable=False, index=True),
    Column("until", Instant, nullable=False),
)

account = Table(
    "account",
    metadata,
    Column("issuer", String(400), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("person_id", String(16), nullable=False),
    Column("bound_at", Instant, nullable=False),
    UniqueConstraint("issuer", "person_id", name="account_person"),
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("artifact_key", String(200), primary_key=True),
    Column("person_id", String(16), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("comment", Text, nullable=False, default=""),
    Index("acknowledgement_person", "person_id"),
)

feedback_request = Table(
    "feedback_request",
    metadata,
    Column("cycle_id", String(40), primary_key=True),
    Column("giver_id", String(16), primary_key=True),
    Column("person_id", String(16), primary_key=True),
    Column("form", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Index("feedback_request_person", "cycle_id", "person_id"),
)

anonymous_answer = Table(
    "anonymous_answer",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("cycle_id", String(40), nullable=False),
    Column("person_id", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Index("anonymous_answer_person", "cycle_id", "person_id"),
)

answer_mark = Table(
    "answer_mark",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("cycle_id", String(40), nullable=False),
    Column("person_id", String(16), nullable=False),
    Index("answer_mark_cycle", "cycle_id", "person_id"),
)

connection = Table(
    "connection",
    metadata,
    Column("workspace", String(40), primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("layout", LargeBinary, nullable=False),
    Column("connected_at", Instant, nullable=False),
    Column("trouble", String(20), nullable=False, server_default=""),
)

connecting = Table(
    "connecting",
    metadata,
    Column("workspace", String(40), primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("by", String(120), nullable=False),
    Column("asked_at", Instant, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("heard_at", Instant, nullable=False, index=True),
)

hook_secret = Table(
    "hook_secret",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("hook", String(20), nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("trusted", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
)

channel = Table(
    "channel",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("resource", String(200), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("heard_at", Instant),
)

glance = Table(
    "glance",
    metadata,
    Column("person_id", String(16), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("blocks", JSON, nullable=False),
)

confirmation = Table(
    "confirmation",
    metadata,
    Column("workspace", String(40), primary_key=True),
    Column("kind", String(24), primary_key=True),
    Column("by", String(120), nullable=False),
    Column("at", Instant, nullable=False),
)

quota_pause = Table(
    "quota_pause",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("until", Float, nullable=False),
)

quota_use = Table(
    "quota_use",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False),
    Column("at", Float, nullable=False),
    Column("units", Float, nullable=False),
    Index("ix_quota_use_key_at", "key", "at"),
)
