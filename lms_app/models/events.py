"""Learning events and the roll-ups that the fold makes of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, BigInteger, Column, Index, event, text
from sqlmodel import Field, SQLModel

from lms_app.models.columns import Row, Xid8, document, moment, no_facts, primary_id, scored, word
from lms_app.words import NodeKind, Verb


class LearningEvent(Row, table=True):
    """Something a learner did. Append-only; the writer makes the id, so a repeat has the same one. Partitioned by range of id, which is time.

    `xid` is the writing transaction: the fold reads only below the snapshot's xmin, so it never passes by a row that commits late.
    """

    __tablename__ = "learning_events"
    __table_args__ = (
        Index("ix_learning_events_fold", "xid", "id"),
        Index("ix_learning_events_run", "run_id", "id"),
        {"postgresql_partition_by": "RANGE (id)"},
    )

    id: UUID = primary_id()
    xid: Any = Field(default=None, sa_column=Column("xid", Xid8(), nullable=False, server_default=text("pg_current_xact_id()")))
    occurred_at: datetime = moment()
    recorded_at: datetime = moment()
    course_id: UUID
    run_id: UUID
    person_id: UUID
    verb: Verb = word()
    object_kind: NodeKind = word()
    object_id: UUID
    revision_id: UUID | None = None
    attempt_id: UUID | None = None
    value: dict[str, Any] = document(default_factory=no_facts)
    schema_version: int = 1


class FoldCursor(Row, table=True):
    """How far the fold has read: every event up to (xid, event_id) is in the roll-ups."""

    __tablename__ = "fold_cursors"

    shard: int = Field(primary_key=True)
    xid: int = Field(default=0, sa_type=BigInteger)
    event_id: UUID = Field(default=UUID(int=0))
    folded_at: datetime = moment()


class RunFigures(Row, table=True):
    """Totals of a run. `version` grows with each fold that moved it."""

    __tablename__ = "run_figures"

    run_id: UUID = Field(primary_key=True)
    course_id: UUID = Field(index=True)
    enrolled: int = 0
    withdrawn: int = 0
    completed: int = 0
    certificates: int = 0
    version: int = Field(default=0, sa_type=BigInteger)
    folded_at: datetime = moment()


class RunDay(Row, table=True):
    """What happened in a run on one day of its time zone."""

    __tablename__ = "run_days"

    run_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    enrolled: int = 0
    withdrawn: int = 0
    active: int = 0
    completions: int = 0


class ActiveDay(Row, table=True):
    """That a person was active in a run on a day: what lets `RunDay.active` count each person once."""

    __tablename__ = "active_days"

    run_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)


class RunItem(Row, table=True):
    """How many people of a run have opened and completed a node."""

    __tablename__ = "run_items"

    run_id: UUID = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)
    object_kind: NodeKind = word()
    started: int = 0
    completed: int = 0


class ItemPerson(Row, table=True):
    """That a person has started or completed a node of a run: what lets `RunItem` count each person once."""

    __tablename__ = "item_people"

    run_id: UUID = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    started: bool = False
    completed: bool = False


class RunScores(Row, table=True):
    """Scores of a quiz in a run, in twenty bins of 5 %: how many attempts ended in each. Bin 19 holds 95 % to 100 %."""

    __tablename__ = "run_scores"

    run_id: UUID = Field(primary_key=True)
    assessment_id: UUID = Field(primary_key=True)
    bin: int = Field(primary_key=True)
    attempts: int = 0
    total: Decimal = scored(default=Decimal(0))


event.listen(
    SQLModel.metadata.tables["learning_events"],
    "after_create",
    DDL("CREATE TABLE IF NOT EXISTS learning_events_rest PARTITION OF learning_events DEFAULT"),
)
"""What falls in no month's partition lands here, so that no event is ever refused."""
