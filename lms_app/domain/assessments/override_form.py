"""The exceptions of a quiz as its staff reads and writes them: words, and a plain form in the run's zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from math import ceil
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.assessments.override_words import override_in_words, rules_in_words
from lms_app.domain.assessments.question_forms.fields import plain
from lms_app.domain.courses import access
from lms_app.domain.enrollments import roster
from lms_app.errors import Invalid, NotFound
from lms_app.models import Assessment, AssessmentOverride, Attempt, Course, Group, GroupMember, Run
from lms_app.words import AttemptStatus

Kind = Literal["run", "group", "student"]
PER_PAGE = 50
MOST_FOUND = 8


@dataclass(frozen=True, kw_only=True)
class ExceptionLine:
    """An exception in words. `who` is a name, or "Everybody"."""

    id: str
    kind: Kind
    who: str
    words: str


@dataclass(frozen=True, kw_only=True)
class QuizExceptions:
    """One page of a quiz's exceptions: everybody's first, then groups and students by name. `standard` says what holds without any; `zone` is
    the run's; `timed` and `limited` say whether there is a time limit and a number of attempts to change at all."""

    quiz_id: str
    quiz: str
    course_id: str
    course: str
    zone: str
    may_edit: bool
    standard: str
    timed: bool
    limited: bool
    lines: list[ExceptionLine]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class ExceptionSheet:
    """The form of an exception. `id` is empty for a new one. Dates as `2026-11-25T14:00` in the run's zone, `more` in percent, `extra` in minutes."""

    id: str = ""
    kind: Kind = "student"
    who: str = ""
    opens_at: str = ""
    closes_at: str = ""
    more: str = ""
    extra: str = ""
    attempts_allowed: str = ""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """An exception that was saved. `under_way`: how many attempts are open that it would concern and that keep their rules."""

    id: str
    who: str
    under_way: int


def exceptions(session: Session, actor: Actor, assessment_id: UUID, page: int = 1) -> QuizExceptions:
    """A page of the exceptions of a quiz in its course's present run, for its staff. Raises NotFound."""
    quiz = access.staffed_assessment(session, actor, assessment_id)
    course, run = session.get_one(Course, quiz.course_id), access.current_run(session, quiz.course_id)
    zone, year = _zone(run), _this_year(run)
    rows = session.exec(select(AssessmentOverride).where(AssessmentOverride.assessment_id == quiz.id, AssessmentOverride.run_id == run.id)).all()
    names = _Names(session, run)
    told: list[tuple[Kind, str, AssessmentOverride]] = [(_kind(row), names.of(row), row) for row in rows]
    told.sort(key=lambda one: (_ORDER[one[0]], one[1].casefold(), one[2].id))
    pages = max(1, ceil(len(told) / PER_PAGE))
    page = min(max(page, 1), pages)
    standard = overrides.standard_rules(session, quiz)
    return QuizExceptions(
        quiz_id=str(quiz.id),
        quiz=quiz.title,
        course_id=str(course.id),
        course=course.title,
        zone=run.time_zone.replace("_", " "),
        may_edit=access.role_in(session, actor, course.id) in access.AUTHORS,
        standard=rules_in_words(standard, zone, year),
        timed=standard.time_limit is not None,
        limited=standard.attempts_allowed is not None,
        lines=[
            ExceptionLine(id=str(row.id), kind=kind, who=who, words=override_in_words(overrides.override_of(row), zone, year))
            for kind, who, row in told[(page - 1) * PER_PAGE : page * PER_PAGE]
        ],
        total=len(told),
        page=page,
        pages=pages,
    )


def exception_sheet(session: Session, actor: Actor, assessment_id: UUID, override_id: UUID) -> ExceptionSheet:
    """The form of an exception. Raises NotFound."""
    _quiz, run, row = _editable(session, actor, assessment_id, override_id)
    zone = _zone(run)
    return ExceptionSheet(
        id=str(row.id),
        kind=_kind(row),
        who=_Names(session, run).of(row),
        opens_at=_local(row.opens_at, zone),
        closes_at=_local(row.closes_at, zone),
        more=plain((row.time_factor - 1) * 100) if row.time_factor is not None else "",
        extra=plain(round(Decimal(row.extra_seconds) / 60, 4)) if row.extra_seconds is not None else "",
        attempts_allowed=str(row.attempts_allowed or ""),
    )


def find_subjects(session: Session, actor: Actor, assessment_id: UUID, kind: Kind, search: str) -> list[tuple[str, str]]:
    """Groups of the run, or those who take it, whose names have all the words of `search`: the first few by name, as pairs of id (a student's is
    the enrolment's) and name. Raises NotFound."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    run = access.current_run(session, quiz.course_id)
    if kind == "student":
        return [(str(one.enrollment_id), one.name) for one in roster.named(session, run.id, search)[:MOST_FOUND]]
    if kind == "run":
        return []
    words = search.casefold().split()
    rows = session.exec(select(Group.id, Group.name).where(Group.run_id == run.id)).all()
    found = [(group_id, name) for group_id, name in rows if all(word in name.casefold() for word in words)]
    return [(str(group_id), name) for group_id, name in sorted(found, key=lambda row: (row[1].casefold(), row[0]))[:MOST_FOUND]]


def add_exception(session: Session, actor: Actor, assessment_id: UUID, kind: Kind, subject: UUID | None, form: Mapping[str, str]) -> Saved:
    """A new exception for everybody, a group or a student (`subject`: its id, or the enrolment's). Raises NotFound, Invalid, also where there is
    one for them already."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    run = access.current_run(session, quiz.course_id)
    group_id, enrollment_id = (subject if kind == "group" else None), (subject if kind == "student" else None)
    wrong = _wrong_subject(session, quiz, run, kind, group_id, enrollment_id)
    try:
        override = _read(form, _zone(run))
    except Invalid as refusal:
        raise Invalid(refusal.sentence, fields={**wrong, **refusal.fields}) from None
    if wrong:
        raise Invalid("This exception cannot be set yet.", fields=wrong)
    override_id = _set(session, actor, quiz, override, group_id, enrollment_id)
    return _saved(session, run, session.get_one(AssessmentOverride, override_id))


def save_exception(session: Session, actor: Actor, assessment_id: UUID, override_id: UUID, form: Mapping[str, str]) -> Saved:
    """Changes an exception; for whom it is stays. What reads as it stood is kept to the second. Raises NotFound, Invalid."""
    quiz, run, row = _editable(session, actor, assessment_id, override_id)
    override = _read(form, _zone(run), standing=overrides.override_of(row))
    _set(session, actor, quiz, override, row.group_id, row.enrollment_id)
    return _saved(session, run, row)


def _editable(session: Session, actor: Actor, assessment_id: UUID, override_id: UUID) -> tuple[Assessment, Run, AssessmentOverride]:
    quiz = access.editable_assessment(session, actor, assessment_id)
    run = access.current_run(session, quiz.course_id)
    row = session.get(AssessmentOverride, override_id)
    if row is None or row.assessment_id != quiz.id or row.run_id != run.id:
        raise NotFound("There is no such exception.")
    return quiz, run, row


def _wrong_subject(session: Session, quiz: Assessment, run: Run, kind: Kind, group_id: UUID | None, enrollment_id: UUID | None) -> dict[str, str]:
    if kind != "run" and group_id is None and enrollment_id is None:
        return {"who": "Choose a group." if kind == "group" else "Find a student by name and choose one."}
    standing = session.exec(
        select(AssessmentOverride).where(
            AssessmentOverride.assessment_id == quiz.id,
            AssessmentOverride.run_id == run.id,
            col(AssessmentOverride.group_id).is_not_distinct_from(group_id),
            col(AssessmentOverride.enrollment_id).is_not_distinct_from(enrollment_id),
        )
    ).first()
    if standing is None:
        return {}
    return {"who": f"{_Names(session, run).of(standing)} has an exception to this quiz already. Edit that one."}


def _set(session: Session, actor: Actor, quiz: Assessment, override: Override, group_id: UUID | None, enrollment_id: UUID | None) -> UUID:
    try:
        return overrides.set_override(session, actor, quiz.id, override, group_id=group_id, enrollment_id=enrollment_id)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, fields={_NAMES.get(name, name): sentence for name, sentence in refusal.fields.items()}) from None


_NAMES = {"time_factor": "more", "extra_seconds": "extra"}


def _saved(session: Session, run: Run, row: AssessmentOverride) -> Saved:
    query = (
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.assessment_id == row.assessment_id, Attempt.run_id == run.id, Attempt.status == AttemptStatus.OPEN)
    )
    if row.enrollment_id is not None:
        query = query.where(Attempt.enrollment_id == row.enrollment_id)
    elif row.group_id is not None:
        members = select(GroupMember.enrollment_id).where(GroupMember.group_id == row.group_id)
        query = query.where(col(Attempt.enrollment_id).in_(members))
    return Saved(id=str(row.id), who=_Names(session, run).of(row), under_way=session.exec(query).one())


class _Names:
    """Whom exceptions are for, by name."""

    def __init__(self, session: Session, run: Run) -> None:
        self._students = {one.enrollment_id: one.name for one in roster.named(session, run.id)}
        self._groups = dict(session.exec(select(Group.id, Group.name).where(Group.run_id == run.id)).all())

    def of(self, row: AssessmentOverride) -> str:
        if row.group_id is not None:
            return self._groups[row.group_id]
        if row.enrollment_id is not None:
            return self._students.get(row.enrollment_id, "Somebody who has left the course")
        return "Everybody"


_ORDER: dict[Kind, int] = {"run": 0, "group": 1, "student": 2}


def _kind(row: AssessmentOverride) -> Kind:
    return "group" if row.group_id is not None else "student" if row.enrollment_id is not None else "run"


def _zone(run: Run) -> ZoneInfo:
    return ZoneInfo(run.time_zone)


def _this_year(run: Run) -> int:
    return clock.now().astimezone(_zone(run)).year


def _read(form: Mapping[str, str], zone: ZoneInfo, standing: Override | None = None) -> Override:
    """What is written, or Invalid with a sentence for each field that cannot be read."""
    wrong: dict[str, str] = {}

    def moment(name: str, stood: datetime | None) -> datetime | None:
        written = form[name].strip()
        if not written:
            return None
        if stood is not None and written == _local(stood, zone):
            return stood  # Of an hour that comes twice, too, the one that was meant.
        try:
            return datetime.fromisoformat(written).replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            wrong[name] = "A day and a time, such as 3 December 2026, 09:00."
            return None

    def number(name: str, words: str) -> Decimal | None:
        written = form[name].replace("%", "").replace("−", "-").replace(",", ".").strip()
        if not written:
            return None
        try:
            value = Decimal(written)
        except InvalidOperation:
            value = Decimal("nan")
        if not value.is_finite() or abs(value) > 1_000_000:
            wrong[name] = words
            return None
        return value

    more = number("more", "A number of percent, such as 25.")
    extra = number("extra", "A number of minutes, such as 10.")
    attempts = number("attempts_allowed", _ATTEMPTS)
    if attempts is not None and attempts != int(attempts):
        wrong["attempts_allowed"] = _ATTEMPTS
    override = Override(
        opens_at=moment("opens_at", standing.opens_at if standing else None),
        closes_at=moment("closes_at", standing.closes_at if standing else None),
        time_factor=1 + more / 100 if more is not None else None,
        extra_seconds=round(extra * 60) if extra is not None else None,
        attempts_allowed=int(attempts) if attempts is not None else None,
    )
    if wrong:
        raise Invalid("This exception cannot be set yet.", fields=wrong)
    return override


_ATTEMPTS = "A whole number from 1 to 100."


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    if moment is None:
        return ""
    there = moment.astimezone(zone)
    return there.strftime("%Y-%m-%dT%H:%M:%S" if there.second else "%Y-%m-%dT%H:%M")
