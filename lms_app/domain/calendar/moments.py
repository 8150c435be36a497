"""What happens when in all the courses of one student: as it holds for them, with exceptions, the run's dates and what opens by date."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_
from sqlmodel import Session, col, select

from lms_app.domain.assessments.overrides import override_of
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.courses.availability_rules import Availability, closing_moment, opening_moment
from lms_app.domain.courses.outline import Outline, OutlineItem, published_outlines
from lms_app.domain.enrollments.due_times import Times, own_times
from lms_app.domain.enrollments.openings import availabilities
from lms_app.models import Assessment, AssessmentOverride, AssessmentRevision, Attempt, Course, Enrollment, GroupMember, Run
from lms_app.words import AttemptStatus, EnrollmentStatus, Status

MOST_COURSES = 200


class MomentKind(StrEnum):
    """What happens at a moment."""

    DUE = "due"
    OPENS = "opens"
    CLOSES = "closes"
    BEGINS = "begins"
    ENDS = "ends"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happens in a course. `node` is what it happens to, the run where that is the course. `done`: a quiz that was handed in."""

    kind: MomentKind
    at: datetime
    run_id: UUID
    node: UUID
    title: str
    course: str
    link: str
    done: bool = False
    note: str = ""


def moments_of(session: Session, person_id: UUID) -> list[Moment]:
    """Everything with a date in the courses that somebody takes, the earliest first: a constant number of statements, however many courses.

    A quiz is due when it closes for this student. One that has no date of its own closes with the run: the run's end says how many of those wait.
    """
    taken = _taken(session, person_id)
    if not taken:
        return []
    outlines = published_outlines(session, {course.id for _, course, _ in taken})
    rules = availabilities(session, outlines)
    quizzes = _settings(session, {quiz.id for outline in outlines.values() for page in outline.pages() for quiz in page.quizzes})
    exceptions = _exceptions(session, [enrollment for enrollment, _, _ in taken])
    sittings = _sittings(session, person_id)
    found: list[Moment] = []
    for enrollment, course, run in taken:
        standing = _Standing(
            enrollment, course, run, outlines[course.id], rules.get(course.id, {}), quizzes, exceptions[run.id], sittings[enrollment.id]
        )
        found.extend(standing.moments())
    return sorted(found, key=lambda each: (each.at, each.course, each.title, str(each.node)))


@dataclass(frozen=True)
class _Clocks:
    """What the dates of the parts that hold a node do to it. `sure` is False where one of them waits for more than the clock."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    sure: bool = True

    def within(self, availability: Availability | None, zone: ZoneInfo, enrolled_at: datetime) -> "_Clocks":
        if availability is None:
            return self
        opens, closes = opening_moment(availability, zone, enrolled_at), closing_moment(availability, zone)
        return _Clocks(
            opens_at=max(filter(None, (self.opens_at, opens)), default=None),
            closes_at=min(filter(None, (self.closes_at, closes)), default=None),
            sure=self.sure and (opens is not None or not availability.opening),
        )


class _Standing:
    """One enrolment, with everything that its dates are made of."""

    def __init__(
        self,
        enrollment: Enrollment,
        course: Course,
        run: Run,
        outline: Outline,
        rules: Mapping[UUID, Availability],
        quizzes: Mapping[UUID, tuple[bool, QuizSettings]],
        exceptions: Mapping[UUID, list[AssessmentOverride]],
        sittings: Mapping[UUID, list[Any]],
    ) -> None:
        self._enrollment, self._course, self._run, self._outline, self._rules = enrollment, course, run, outline, rules
        self._quizzes, self._exceptions, self._sittings = quizzes, exceptions, sittings
        self._zone = ZoneInfo(run.time_zone)
        self._waiting_for_the_end = 0

    def moments(self) -> Iterator[Moment]:
        """The run's beginning, its parts in the order of the course, its end."""
        run, home = self._run, f"/courses/{self._course.slug}"
        if run.opens_at is not None:
            yield self._moment(MomentKind.BEGINS, run.opens_at, run.id, self._course.title, home)
        for module in self._outline.modules:
            in_module = self._clocks(_Clocks(), module.id)
            yield from self._turns(_Clocks(), in_module, module.id, module.title, f"/learn/{self._course.slug}")
            for lesson in module.lessons:
                in_lesson = self._clocks(in_module, lesson.id)
                yield from self._turns(in_module, in_lesson, lesson.id, lesson.title, self._page(lesson.pages[0].id))
                for page in lesson.pages:
                    in_page = self._clocks(in_lesson, page.id)
                    yield from self._turns(in_lesson, in_page, page.id, page.item.title, self._page(page.id))
                    for quiz in page.quizzes:
                        yield from self._quiz(in_page, quiz)
        if run.closes_at is not None:
            left = self._waiting_for_the_end
            note = f"{left} {'quiz' if left == 1 else 'quizzes'} to hand in by then." if left else ""
            yield self._moment(MomentKind.ENDS, run.closes_at, run.id, self._course.title, home, note=note)

    def _clocks(self, around: _Clocks, node: UUID) -> _Clocks:
        return around.within(self._rules.get(node), self._zone, self._enrollment.enrolled_at)

    def _turns(self, around: _Clocks, inside: _Clocks, node: UUID, title: str, link: str) -> Iterator[Moment]:
        """When a part opens and closes, where it does so by itself and not with what holds it."""
        if inside.opens_at is not None and inside.opens_at != around.opens_at and inside.sure:
            yield self._moment(MomentKind.OPENS, inside.opens_at, node, title, link)
        if inside.closes_at is not None and inside.closes_at != around.closes_at:
            yield self._moment(MomentKind.CLOSES, inside.closes_at, node, title, link)

    def _quiz(self, around: _Clocks, quiz: OutlineItem) -> Iterator[Moment]:
        practice, settings = self._quizzes[quiz.id]
        inside = self._clocks(around, quiz.id)
        times = self._times(quiz.id, settings, inside.closes_at)
        sittings = self._sittings.get(quiz.id, [])
        done = any(each.submitted_at is not None for each in sittings)
        running = next((each.deadline_at for each in sittings if each.status == AttemptStatus.OPEN and each.deadline_at is not None), None)
        opens = max(filter(None, (times.opens_at, inside.opens_at)), default=None)
        link = f"/quiz/{quiz.id}"
        if opens is not None and opens != around.opens_at and inside.sure and not sittings:
            yield self._moment(MomentKind.OPENS, opens, quiz.id, quiz.title, link)
        due = running or times.due_at
        if due is None:
            self._waiting_for_the_end += not done and not practice
            return
        yield self._moment(MomentKind.DUE, due, quiz.id, quiz.title, link, done=done and running is None)

    def _times(self, quiz_id: UUID, settings: QuizSettings, shut_at: datetime | None) -> Times:
        rows = self._exceptions.get(quiz_id, [])
        return own_times(
            settings.opens_at,
            settings.closes_at,
            run_closes_at=self._run.closes_at,
            shut_at=shut_at,
            run=next((override_of(row) for row in rows if row.group_id is None and row.enrollment_id is None), None),
            groups=[override_of(row) for row in rows if row.group_id is not None],
            student=next((override_of(row) for row in rows if row.enrollment_id is not None), None),
        )

    def _page(self, page_id: UUID) -> str:
        return f"/learn/{self._course.slug}/{page_id}"

    def _moment(self, kind: MomentKind, at: datetime, node: UUID, title: str, link: str, *, done: bool = False, note: str = "") -> Moment:
        return Moment(kind=kind, at=at, run_id=self._run.id, node=node, title=title, course=self._course.title, link=link, done=done, note=note)


def _taken(session: Session, person_id: UUID) -> list[tuple[Enrollment, Course, Run]]:
    query = (
        select(Enrollment, Course, Run)
        .join(Course, col(Course.id) == col(Enrollment.course_id))
        .join(Run, col(Run.id) == col(Enrollment.run_id))
        .where(Enrollment.person_id == person_id, Enrollment.status == EnrollmentStatus.ACTIVE, Course.status == Status.PUBLISHED)
        .order_by(col(Enrollment.id).desc())
        .limit(MOST_COURSES)
    )
    return [(enrollment, course, run) for enrollment, course, run in session.exec(query).all()]


def _settings(session: Session, quiz_ids: set[UUID]) -> dict[UUID, tuple[bool, QuizSettings]]:
    """Of each published quiz whether it is for practice, and its settings."""
    rows = session.exec(
        select(Assessment.id, Assessment.practice, AssessmentRevision.settings)
        .join(AssessmentRevision, col(AssessmentRevision.id) == col(Assessment.published_revision_id))
        .where(col(Assessment.id).in_(quiz_ids))
    ).all()
    return {quiz_id: (practice, QuizSettings.model_validate(settings)) for quiz_id, practice, settings in rows}


def _exceptions(session: Session, enrollments: list[Enrollment]) -> dict[UUID, dict[UUID, list[AssessmentOverride]]]:
    """By run and quiz the exceptions that are for everybody there, for a group of the student's, or for the student."""
    ids = [each.id for each in enrollments]
    rows = session.exec(
        select(AssessmentOverride).where(
            col(AssessmentOverride.run_id).in_([each.run_id for each in enrollments]),
            or_(col(AssessmentOverride.enrollment_id).is_(None), col(AssessmentOverride.enrollment_id).in_(ids)),
            or_(
                col(AssessmentOverride.group_id).is_(None),
                col(AssessmentOverride.group_id).in_(select(GroupMember.group_id).where(col(GroupMember.enrollment_id).in_(ids))),
            ),
        )
    ).all()
    found: dict[UUID, dict[UUID, list[AssessmentOverride]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.run_id][row.assessment_id].append(row)
    return found


def _sittings(session: Session, person_id: UUID) -> dict[UUID, dict[UUID, list[Any]]]:
    """The student's attempts by enrolment and quiz, without those that were discarded."""
    rows = session.exec(
        select(Attempt.enrollment_id, Attempt.assessment_id, Attempt.status, Attempt.deadline_at, Attempt.submitted_at).where(  # pyright: ignore[reportCallIssue, reportArgumentType]
            Attempt.person_id == person_id, Attempt.status != AttemptStatus.DISCARDED
        )
    ).all()
    found: dict[UUID, dict[UUID, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.enrollment_id][row.assessment_id].append(row)
    return found
