"""Grading by hand: a grade set, excused, or given back to the quiz. Whoever changes one says which version they saw."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.score_rules import round_score
from lms_app.domain.certificates.following import followed
from lms_app.domain.courses import access
from lms_app.domain.gradebook import projection, reading
from lms_app.domain.gradebook.grade_rules import in_words
from lms_app.domain.gradebook.views import CellView, SavedGrade
from lms_app.domain.id_table import id_table, same_ids
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import Enrollment, Grade, GradeChange, GradeColumn, Run
from lms_app.words import EnrollmentStatus, GradeAct, StaffRole

GRADERS = (StaffRole.OWNER, StaffRole.EDITOR, StaffRole.GRADER)
LONGEST_REASON = 500
CHUNK = 2_000
"""Grades locked by one statement."""


class GradeMoved(Conflict):
    """Somebody else, or the quiz, changed this grade first. `theirs` is what stands now."""

    def __init__(self, theirs: CellView) -> None:
        now = theirs.text or "empty"
        super().__init__(f"This grade changed while you were at it. It is {now} now; yours is still here.")
        self.theirs = theirs


def graded_run(session: Session, actor: Actor, course_id: UUID) -> Run:
    """The present run of a course that the actor may grade. Raises NotFound."""
    return access.current_run(session, access.staffed_course(session, actor, course_id, GRADERS).id)


def write_grade(
    session: Session,
    actor: Actor,
    course_id: UUID,
    enrollment_id: UUID,
    column_id: UUID,
    *,
    act: Literal["set", "excuse", "reset"],
    points: str = "",
    reason: str = "",
    version: int | None = None,
) -> SavedGrade:
    """Does one of the three things that can be done to a grade. Raises NotFound, Invalid, GradeMoved."""
    place = (session, actor, course_id, enrollment_id, column_id)
    match act:
        case "set":
            return set_grade(*place, points=points, reason=reason, version=version)
        case "excuse":
            return excuse(*place, reason=reason, version=version)
        case "reset":
            return reset(*place, reason=reason, version=version)


def set_grade(
    session: Session,
    actor: Actor,
    course_id: UUID,
    enrollment_id: UUID,
    column_id: UUID,
    *,
    points: str,
    reason: str = "",
    version: int | None = None,
) -> SavedGrade:
    """Sets a grade by hand, in points. Where a quiz has made one, the reason why this replaces it is asked for.

    `version` is that of the grade the actor saw; None sets it whatever stands there. Raises NotFound, Invalid, GradeMoved.
    """
    run = graded_run(session, actor, course_id)
    column, grade, enrollment = _locked(session, run, enrollment_id, column_id)
    given = read_points(points, column.points)
    _refuse_if_moved(session, run, grade, version)
    if grade.fraction is not None and not reason.strip():
        said = "Say why this replaces the quiz’s score. The student reads it too."
        raise Invalid(said, fields={"reason": said})
    with followed(session, [enrollment.id]):
        change(session, actor, grade, enrollment, GradeAct.SET, given=given, excused=False, reason=reason)
    return _saved(session, run, grade)


def excuse(
    session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID, column_id: UUID, *, reason: str = "", version: int | None = None
) -> SavedGrade:
    """Leaves a column out for somebody. What stands in it is kept, and counts again once it is reset."""
    run = graded_run(session, actor, course_id)
    _, grade, enrollment = _locked(session, run, enrollment_id, column_id)
    _refuse_if_moved(session, run, grade, version)
    with followed(session, [enrollment.id]):
        change(session, actor, grade, enrollment, GradeAct.EXCUSED, given=grade.given, excused=True, reason=reason)
    return _saved(session, run, grade)


def reset(
    session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID, column_id: UUID, *, reason: str = "", version: int | None = None
) -> SavedGrade:
    """Takes back what was set by hand: an excused grade counts again as it was; any other is the quiz's again, or empty."""
    run = graded_run(session, actor, course_id)
    _, grade, enrollment = _locked(session, run, enrollment_id, column_id)
    _refuse_if_moved(session, run, grade, version)
    with followed(session, [enrollment.id]):
        if grade.excused:
            change(session, actor, grade, enrollment, GradeAct.INCLUDED, given=grade.given, excused=False, reason=reason)
        elif grade.given is not None:
            change(session, actor, grade, enrollment, GradeAct.RESET, given=None, excused=False, reason=reason)
    return _saved(session, run, grade)


def change(
    session: Session, actor: Actor, grade: Grade, enrollment: Enrollment, act: GradeAct, *, given: Decimal | None, excused: bool, reason: str
) -> None:
    """Writes what somebody did to a grade, and that they did it. The caller has locked the row, and tells of it."""
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"A reason has at most {LONGEST_REASON} characters.", fields={"reason": f"At most {LONGEST_REASON} characters."})
    before = grade.given
    grade.given, grade.excused = given, excused
    grade.version, grade.moved_at = grade.version + 1, clock.now()
    session.add(grade)
    entry = GradeChange(
        enrollment_id=grade.enrollment_id,
        column_id=grade.column_id,
        person_id=enrollment.person_id,
        actor_id=actor.person_id,
        act=act,
        before=before,
        after=given,
        version=grade.version,
        at=clock.now(),
    )
    session.add(entry)
    entry.reason = reason or None


def read_points(text: str, most: Decimal) -> Decimal:
    """Points as somebody writes them: `12.5`, `12,5` or `80 %`. Raises Invalid."""
    plain = text.strip().replace(",", ".") if text.count(",") == 1 and "." not in text else text.strip()
    part = plain.endswith("%")
    try:
        value = Decimal(plain.rstrip("%").strip()) if plain.isascii() and len(plain) <= 20 else Decimal("NaN")
        points = round_score(value * most / 100 if part else value)
    except (InvalidOperation, ValueError):
        raise _not_points(most) from None
    if not 0 <= points <= most:
        raise _not_points(most)
    return points


def _not_points(most: Decimal) -> Invalid:
    said = f"A grade here is a number from 0 to {in_words(most)}."
    return Invalid(said, fields={"points": said})


def lock_grades(session: Session, places: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Grade]:
    """The rows of grades by enrolment and column, made where there were none, locked until the end of the transaction."""
    fresh = {"pending": False, "excused": False, "version": 0, "moved_at": clock.now()}
    found: dict[tuple[UUID, UUID], Grade] = {}
    for start in range(0, len(places), CHUNK):
        some = sorted(places[start : start + CHUNK])
        rows = [{"enrollment_id": enrollment_id, "column_id": column_id, **fresh} for enrollment_id, column_id in some]
        session.execute(insert(Grade).values(rows).on_conflict_do_nothing(index_elements=["enrollment_id", "column_id"]))
        wanted = id_table(some, "enrollment_id", "column_id")
        query = select(Grade).join(wanted, same_ids(Grade, wanted)).order_by(col(Grade.enrollment_id), col(Grade.column_id)).with_for_update(of=Grade)
        for grade in session.exec(query.execution_options(populate_existing=True)).all():
            found[grade.enrollment_id, grade.column_id] = grade
    return found


def _locked(session: Session, run: Run, enrollment_id: UUID, column_id: UUID) -> tuple[GradeColumn, Grade, Enrollment]:
    column = session.exec(
        select(GradeColumn).where(GradeColumn.id == column_id, GradeColumn.run_id == run.id, col(GradeColumn.archived_at).is_(None))
    ).first()
    enrollment = session.exec(
        select(Enrollment).where(Enrollment.id == enrollment_id, Enrollment.run_id == run.id, Enrollment.status == EnrollmentStatus.ACTIVE)
    ).first()
    if column is None or enrollment is None:
        raise NotFound("There is no such grade in this course.")
    return column, lock_grades(session, [(enrollment_id, column_id)])[enrollment_id, column_id], enrollment


def _refuse_if_moved(session: Session, run: Run, grade: Grade, version: int | None) -> None:
    if version is not None and version != grade.version:
        raise GradeMoved(_stands(session, run, grade).cell)


def _saved(session: Session, run: Run, grade: Grade) -> SavedGrade:
    session.flush()
    projection.tell(session, [grade.enrollment_id])
    return _stands(session, run, grade)


def _stands(session: Session, run: Run, grade: Grade) -> SavedGrade:
    """A grade as it is read now, and what all of its person's make."""
    book = reading.read_book(session, run.id)
    marks = reading.read_marks(session, [grade.enrollment_id], book.exceptions).get(grade.enrollment_id, {})
    column = next(column for column in book.columns if column.id == str(grade.column_id))
    return SavedGrade(cell=book.cell(column, marks.get(column.id, reading.NO_GRADE)), total=book.total(marks))
