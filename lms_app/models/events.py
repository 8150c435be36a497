"""Learning events and the roll-ups that the fold makes of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, BigInteger, Column, Index, SmallInteger, event, text
from sqlmodel import Field, SQLModel

from lms_app.models.columns import Row, Xid8, document, moment, no_entries, no_facts, primary_id, scored, word
from lms_app.words import NodeKind, Verb


class LearningEvent(Row, table=True):
    """Something a learner did. Append-only; the writer makes the id, so a repeat has the same one. Partitioned by range of id, which is time.

    `xid` is the writing transaction: the fold reads only below the snapshot's xmin, so it never passes by a row that commits late. `value` holds,
    by verb: `fraction`, `before` and `number` (submitted, graded), `fraction` and `assessment` (answered), `seconds` (progressed, paused), and of
    a film `block` and `position` in seconds. All numbers but counts are text, so that they stay exact.
    """

    __tablename__ = "learning_events"
    __table_args__ = (
        Index("ix_learning_events_fold", "xid", "id"),
        Index("ix_learning_events_run", "run_id", "id"),
        Index("ix_learning_events_person", "person_id", "id"),
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
    """How far the fold has read: every event up to (xid, event_id) is in the roll-ups. `version` says by which rules they were made, and `left_at`
    at which event code of that version left off: where it is another than `event_id`, code that knows no version has folded since."""

    __tablename__ = "fold_cursors"

    shard: int = Field(primary_key=True)
    xid: int = Field(default=0, sa_type=BigInteger)
    event_id: UUID = Field(default=UUID(int=0))
    folded_at: datetime = moment()
    version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    left_at: UUID = Field(default=UUID(int=0), sa_column_kwargs={"server_default": str(UUID(int=0))})


# Every roll-up below is made of sums, least and greatest values and counts of what was seen for the first time: the order in which events come does
# not matter. `domain/analytics/rollups.py` alone writes them. An act is an event that its person did: graded and uncompleted are not. Seconds are
# time by activity: a page or quiz in sight and in use, as its tab told.


class RunFigures(Row, table=True):
    """Totals of a run. `submissions` are submitted attempts. `version` grows with each fold that moved it."""

    __tablename__ = "run_figures"

    run_id: UUID = Field(primary_key=True)
    course_id: UUID = Field(index=True)
    enrolled: int = 0
    withdrawn: int = 0
    completed: int = 0
    certificates: int = 0
    submissions: int = 0
    seconds: int = Field(default=0, sa_type=BigInteger)
    version: int = Field(default=0, sa_type=BigInteger)
    folded_at: datetime = moment()


class RunDay(Row, table=True):
    """What happened in a run on one day of its time zone. `completions` are of pages and quizzes, `completed` of the whole course, less those taken
    back; `fractions` sums what the attempts submitted that day had earned when they were submitted."""

    __tablename__ = "run_days"

    run_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    enrolled: int = 0
    withdrawn: int = 0
    active: int = 0
    completions: int = 0
    completed: int = 0
    submissions: int = 0
    fractions: Decimal = scored(default=Decimal(0))
    seconds: int = Field(default=0, sa_type=BigInteger)


class RunHour(Row, table=True):
    """Acts and seconds of a run in one hour of one day of its time zone."""

    __tablename__ = "run_hours"

    run_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    hour: int = Field(primary_key=True, sa_type=SmallInteger)
    acts: int = 0
    seconds: int = 0


class ActiveDay(Row, table=True):
    """What a person did in a run on a day: what lets `RunDay.active` count each person once, and what a group's days are made of."""

    __tablename__ = "active_days"
    __table_args__ = (Index("ix_active_days_person", "person_id", "day"),)

    run_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    acts: int = 0
    seconds: int = 0


class LearningQuarter(Row, table=True):
    """What a person did to learn in a quarter of an hour of a run, and how long they were at it. No zone of today has midnight anywhere but between
    two quarters of UTC, so a person's own days and weeks are made of these in whatever zone they are. Only what was surely the person's own doing
    is here: no completion that a marker brought, and no submission because time was up."""

    __tablename__ = "learning_quarters"

    run_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    at: datetime = moment(primary_key=True)
    acts: int = 0
    seconds: int = 0


class ActiveHour(Row, table=True):
    """What a person did in a run in an hour of a day: what a group's hours are made of."""

    __tablename__ = "active_hours"

    run_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    hour: int = Field(primary_key=True, sa_type=SmallInteger)
    acts: int = 0
    seconds: int = 0


class LearnerFigures(Row, table=True):
    """Totals of a person in a run. A person is enrolled while `enrolments` is above 0, has completed the course while `completions` is.

    `enrolled_at` is the first enrolment, `completed_at` the last completion. Items are pages and quizzes. `attempts` are submitted ones, `marked`
    those with marks, whose fractions `fractions` sums. `last_item_id` is what was last opened or worked on. There is no index but the key: a row
    changes all the time, and ten thousand are sorted in a hundredth of a second.
    """

    __tablename__ = "learner_figures"
    __table_args__ = ({"postgresql_with": {"fillfactor": "70"}},)

    run_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    enrolments: int = 0
    completions: int = 0
    enrolled_at: datetime | None = moment(default=None)
    withdrawn_at: datetime | None = moment(default=None)
    completed_at: datetime | None = moment(default=None)
    first_at: datetime | None = moment(default=None)
    last_active_at: datetime | None = moment(default=None)
    last_item_at: datetime | None = moment(default=None)
    last_item_id: UUID | None = None
    active_days: int = 0
    seconds: int = 0
    items_started: int = 0
    items_completed: int = 0
    attempts: int = 0
    marked: int = 0
    fractions: Decimal = scored(default=Decimal(0))


class RunItem(Row, table=True):
    """How many people of a run have opened and completed a node, and how long they were at it."""

    __tablename__ = "run_items"

    run_id: UUID = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)
    object_kind: NodeKind = word()
    started: int = 0
    completed: int = 0
    seconds: int = Field(default=0, sa_type=BigInteger)


class ItemPerson(Row, table=True):
    """When a person first opened and first completed a node of a run, and for how long they were at it: what lets `RunItem` count each person once,
    and the cells of the matrix."""

    __tablename__ = "item_people"
    __table_args__ = (Index("ix_item_people_object", "run_id", "object_id"),)

    run_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)
    first_at: datetime | None = moment(default=None)
    completed_at: datetime | None = moment(default=None)
    seconds: int = 0


class RunScores(Row, table=True):
    """Scores of a quiz in a run, in twenty bins of 5 %: how many attempts ended in each. Bin 19 holds 95 % to 100 %."""

    __tablename__ = "run_scores"

    run_id: UUID = Field(primary_key=True)
    assessment_id: UUID = Field(primary_key=True)
    bin: int = Field(primary_key=True)
    attempts: int = 0
    total: Decimal = scored(default=Decimal(0))


class AttemptFigures(Row, table=True):
    """An attempt at a quiz: when it was begun and handed in, and what it earned: `earned` when it was handed in, `fraction` as
    it is marked now. `marked` is above 0 once it has marks."""

    __tablename__ = "attempt_figures"

    run_id: UUID = Field(primary_key=True)
    assessment_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    attempt_id: UUID = Field(primary_key=True)
    begun_at: datetime | None = moment(default=None)
    submitted_at: datetime | None = moment(default=None)
    earned: Decimal = scored(default=Decimal(0))
    marked: int = 0
    fraction: Decimal = scored(default=Decimal(0))


class RunFilm(Row, table=True):
    """A part of a film or recording on a page: how many people of a run have watched any of it, for how long, and how often it was stopped there.
    Parts are half minutes, counted from nought; part −1 is the whole film."""

    __tablename__ = "run_films"

    run_id: UUID = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)
    block: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    people: int = 0
    seconds: int = Field(default=0, sa_type=BigInteger)
    stops: int = 0


class FilmPerson(Row, table=True):
    """The same of one person: what lets `RunFilm` count each person once, and what a group's films are made of."""

    __tablename__ = "film_people"

    run_id: UUID = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)
    block: str = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    part: int = Field(primary_key=True)
    seconds: int = 0
    stops: int = 0


class FigureAudit(Row, table=True):
    """When the figures of a run were last counted again, and what had drifted: `[{"metric": name, "keys": number, "examples": [[key, rolled up,
    counted]]}]`."""

    __tablename__ = "figure_audits"

    run_id: UUID = Field(primary_key=True)
    at: datetime = moment()
    drifts: list[dict[str, Any]] = document(default_factory=no_entries)


event.listen(
    SQLModel.metadata.tables["learning_events"],
    "after_create",
    DDL("CREATE TABLE IF NOT EXISTS learning_events_rest PARTITION OF learning_events DEFAULT"),
)
"""What falls in no month's partition lands here, so that no event is ever refused."""
