"""Enrolments, the completion ledger and its projection."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, UniqueConstraint, Uuid, text
from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, document, moment, no_facts, primary_id, refers, scored, word
from lms_app.words import CompletionRule, EnrollmentStatus, NodeKind


class Enrollment(Row, table=True):
    """A person takes a run. Withdrawing keeps the row and its history; enrolling again wakes it. `time_factor` times the time is theirs in every
    timed activity of the run, 1 or more, where the course's authors have set it."""

    __tablename__ = "enrollments"
    __table_args__ = (UniqueConstraint("run_id", "person_id"), Index("ix_enrollments_enrolled_at", "enrolled_at"))

    id: UUID = primary_id()
    run_id: UUID = refers("runs.id", index=False)
    course_id: UUID = refers("courses.id")
    person_id: UUID = refers("people.id")
    status: EnrollmentStatus = word(default=EnrollmentStatus.ACTIVE)
    enrolled_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None)
    last_page_id: UUID | None = None
    last_active_at: datetime | None = moment(default=None)
    completed_at: datetime | None = moment(default=None)
    time_factor: Decimal | None = scored(default=None)


class Group(Row, table=True):
    """Some of those who take a run."""

    __tablename__ = "groups"
    __table_args__ = (UniqueConstraint("run_id", "name"),)

    id: UUID = primary_id()
    run_id: UUID = refers("runs.id", index=False)
    name: str
    created_at: datetime = moment()


class GroupMember(Row, table=True):
    """That an enrolment belongs to a group of its run."""

    __tablename__ = "group_members"

    group_id: UUID = Field(foreign_key="groups.id", primary_key=True)
    enrollment_id: UUID = Field(foreign_key="enrollments.id", primary_key=True, index=True)


class WaitingEntry(Row, table=True):
    """That somebody waits for a seat in a run, until `ended_at`. Who waits longest comes first: ids grow with time."""

    __tablename__ = "waiting_entries"
    __table_args__ = (
        Index("uq_waiting_entries_open", "run_id", "person_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_waiting_entries_run_id", "run_id", "id"),
    )

    id: UUID = primary_id()
    run_id: UUID = refers("runs.id", index=False)
    person_id: UUID = refers("people.id")
    group_id: UUID | None = refers("groups.id", default=None)
    joined_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    ended_because: str | None = None


class InvitationLink(Row, table=True):
    """A link that lets whoever has it into a run. Only its digest is kept. `uses_allowed` is without limit where there is None."""

    __tablename__ = "invitation_links"

    id: UUID = primary_id()
    run_id: UUID = refers("runs.id")
    digest: bytes = ciphertext(unique=True)
    label: str = ""
    created_by: UUID = refers("people.id")
    created_at: datetime = moment()
    expires_at: datetime = moment()
    uses: int = 0
    uses_allowed: int | None = None
    revoked_at: datetime | None = moment(default=None)


class AddressInvitation(Row, table=True):
    """That whoever gets an account with this e-mail address is enrolled in a run. `person_id` is nobody's: the key under which the row is sealed,
    which goes with it. Until `expires_at` it holds a seat, where there was one."""

    __tablename__ = "address_invitations"
    __table_args__ = (UniqueConstraint("run_id", "email_index"),)

    id: UUID = primary_id()
    run_id: UUID = refers("runs.id", index=False)
    person_id: UUID = Field(unique=True)
    email_index: bytes = ciphertext(index=True)
    email_sealed: bytes | None = ciphertext(default=None)
    name_sealed: bytes | None = ciphertext(default=None)
    group_id: UUID | None = refers("groups.id", default=None)
    holds_seat: bool = True
    invited_by: UUID = refers("people.id")
    created_at: datetime = moment()
    expires_at: datetime = moment()

    email = sealed("email_sealed")
    name = sealed("name_sealed")


class Completion(Row, table=True):
    """The ledger: this enrolment completed this node under this version of its rule. Rows are only added.

    `occasion` counts completions of the same node under the same rule: there is a second one only after the first was withdrawn.
    """

    __tablename__ = "completions"
    __table_args__ = (UniqueConstraint("enrollment_id", "node_id", "rule_version", "occasion"),)

    id: UUID = primary_id()
    enrollment_id: UUID = refers("enrollments.id", index=False)
    node_kind: NodeKind = word()
    node_id: UUID = Field(index=True)
    rule: CompletionRule = word()
    rule_version: int
    occasion: int = 1
    completed_at: datetime = moment()
    evidence: dict[str, Any] = document(default_factory=no_facts)


class CompletionWithdrawal(Row, table=True):
    """That a completion does not stand, and why, until `restored_at`: a correction of marks took it, and may give it back."""

    __tablename__ = "completion_withdrawals"
    __table_args__ = (Index("uq_completion_withdrawals_open", "completion_id", unique=True, postgresql_where=text("restored_at IS NULL")),)

    id: UUID = primary_id()
    completion_id: UUID = refers("completions.id")
    evidence: dict[str, Any] = document(default_factory=no_facts)
    withdrawn_at: datetime = moment()
    restored_at: datetime | None = moment(default=None)


class Progress(Row, table=True):
    """A projection of the ledger: required items done and in all. Can be rebuilt and must come out equal. `version` grows with each move."""

    __tablename__ = "progress"

    enrollment_id: UUID = Field(foreign_key="enrollments.id", primary_key=True)
    done: int = 0
    total: int = 0
    fraction: Decimal = scored(default=Decimal(0))
    version: int = Field(default=0, sa_type=BigInteger)
    updated_at: datetime = moment()


class PageView(Row, table=True):
    """That a page was opened: when first and last, and the seconds it was on screen, told by heartbeats."""

    __tablename__ = "page_views"

    enrollment_id: UUID = Field(foreign_key="enrollments.id", primary_key=True)
    page_id: UUID = Field(foreign_key="pages.id", primary_key=True)
    first_at: datetime = moment()
    last_at: datetime = moment()
    seconds: int = 0
    reached_end: bool = False


class LastBeat(Row, table=True):
    """When a tab of a person last told that they are there: no more seconds can have passed since. By `recent`, the newest first, a repeat is known;
    `counted` are the seconds that the last one counted for."""

    __tablename__ = "last_beats"
    __table_args__ = ({"postgresql_with": {"fillfactor": "50"}},)

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    at: datetime = moment()
    recent: list[UUID] = Field(sa_type=ARRAY(Uuid))  # pyright: ignore[reportArgumentType]
    counted: int = 0


class FilmPlace(Row, table=True):
    """Where somebody has left a film or recording of a page, in seconds from its beginning."""

    __tablename__ = "film_places"

    enrollment_id: UUID = Field(foreign_key="enrollments.id", primary_key=True)
    block: str = Field(primary_key=True)
    page_id: UUID = refers("pages.id", index=False)
    position: int
    at: datetime = moment()
