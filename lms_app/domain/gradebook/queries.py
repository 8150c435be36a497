"""Reading a gradebook: its staff by windows, a grade with its story, and students their own."""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.crypto import Unreadable, key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments.roster import Named, name_of, named
from lms_app.domain.gradebook import grade_rules as rules
from lms_app.domain.gradebook import own_marks, reading
from lms_app.domain.gradebook.gradebook import GRADERS
from lms_app.domain.gradebook.totals import totals
from lms_app.domain.gradebook.views import (
    CategoryResult,
    ChangeView,
    ConditionView,
    GradebookHead,
    GradebookTitle,
    GradeLine,
    GradeRow,
    GradesPage,
    GradeStory,
    GradeWindow,
    OwnGrades,
    OwnTotal,
)
from lms_app.domain.notifications.queries import when_in_words
from lms_app.errors import NotFound
from lms_app.models import Course, Enrollment, GradeChange, Person
from lms_app.words import Aggregation, EnrollmentStatus, GradeState, Missing, Status

MOST_ROWS, MOST_COLUMNS = 100, 100
PER_PAGE = 50


def head(session: Session, actor: Actor, course_id: UUID) -> GradebookHead:
    """What the gradebook of a course's present run is made of. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    book = reading.read_book(session, run.id)
    return GradebookHead(
        course_id=str(course.id),
        course=course.title,
        students=_students(session, run.id),
        may_grade=access.role_in(session, actor, course.id) in GRADERS,
        columns=book.column_views(),
        categories=book.category_views(),
        aggregation=book.settings.aggregation,
        scale=book.settings.scale,
    )


def title(session: Session, actor: Actor, course_id: UUID) -> GradebookTitle:
    """Whose gradebook a course's is. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run, role = access.current_run(session, course.id), access.role_in(session, actor, course.id)
    return GradebookTitle(
        course_id=str(course.id),
        course=course.title,
        run_id=str(run.id),
        students=_students(session, run.id),
        role=role,
        may_set_up=role in access.AUTHORS,
    )


def window(
    session: Session,
    actor: Actor,
    course_id: UUID,
    *,
    first: int = 0,
    rows: int = 50,
    first_column: int = 0,
    columns: int = 20,
    search: str = "",
) -> GradeWindow:
    """A part of the gradebook: people by name, each with the cells of some columns and the total of all. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    book = reading.read_book(session, run.id)
    everybody = named(session, run.id, search)
    shown = book.columns[first_column : first_column + min(columns, MOST_COLUMNS)]
    people = everybody[first : first + min(rows, MOST_ROWS)]
    return GradeWindow(students=len(everybody), first=first, columns=[column.id for column in shown], rows=_rows(session, book, people, shown))


def grades_page(session: Session, actor: Actor, course_id: UUID, page: int = 1) -> GradesPage:
    """Everybody's grades, so many people at a time. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    book = reading.read_book(session, access.current_run(session, course.id).id)
    everybody = named(session, book.run_id)
    pages = max(1, ceil(len(everybody) / PER_PAGE))
    page = min(max(page, 1), pages)
    people = everybody[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = _rows(session, book, people, book.columns)
    return GradesPage(columns=book.column_views(), students=len(everybody), page=page, pages=pages, rows=rows)


def story(session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID, column_id: UUID) -> GradeStory:
    """One grade, why it is what it is, and what was done to it. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    book = reading.read_book(session, run.id)
    column = next((column for column in book.columns if column.id == str(column_id)), None)
    found = session.exec(
        select(Enrollment, Person)
        .join(Person, col(Person.id) == col(Enrollment.person_id))
        .where(Enrollment.id == enrollment_id, Enrollment.run_id == run.id)
    ).first()
    if column is None or found is None:
        raise NotFound("There is no such grade in this course.")
    enrollment, person = found
    marks = reading.read_marks(session, [enrollment.id], book.exceptions).get(enrollment.id, {})
    held = marks.get(column.id, reading.NO_GRADE)
    line = next(line for line in book.breakdown(marks).lines if line.column.id == column.id)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    return GradeStory(
        cell=book.cell(column, held),
        name=name_of(person),
        column=column.title,
        max_points=rules.exact(column.points),
        why=line.why,
        quiz_points="" if held.mark.fraction is None else rules.in_words(held.mark.fraction * column.points),
        handed_in=when_in_words(held.mark.at, zone) if held.mark.at else "",
        changes=_changes(session, enrollment.id, column_id, zone),
    )


def own_grades(session: Session, actor: Actor, slug: str) -> OwnGrades:
    """The actor's own grades in a course, and why they make what they make. Raises NotFound."""
    course = access.published_course(session, slug)
    enrollment = access.own_enrollment(session, actor, course.id)
    book = reading.read_book(session, enrollment.run_id)
    marks = own_marks.as_told(session, [enrollment.id], book.exceptions).get(enrollment.id, {})
    whole = book.breakdown(marks)
    reasons = _own_reasons(session, enrollment.id)
    titles = {category.id: category.title for category in book.categories}
    return OwnGrades(
        course=course.title,
        slug=course.slug,
        total=reading.total_view(whole.total),
        rule=_rule_in_words(book),
        conditions=_conditions_in_words(book, whole),
        categories=[
            CategoryResult(
                title=line.category.title,
                text="" if line.fraction is None else f"{rules.percent(line.fraction)} %",
                share=_share_in_words(line.share),
                drops=_drops_in_words(line.category.drop_lowest),
            )
            for line in whole.categories
            if line.category is not None
        ],
        lines=[
            GradeLine(
                title=line.column.title,
                category=titles.get(line.column.category or "", ""),
                text=_made(line),
                points=rules.exact(line.column.points),
                state=line.standing.state,
                why=line.why,
                reason=reasons.get(line.column.id, "") if line.standing.state in _BY_HAND else "",
                share=_share_in_words(line.share),
                counts=bool(line.share),
            )
            for line in whole.lines
        ],
    )


def _made(line: rules.Line) -> str:
    cell = reading.cell_view(line.standing, 0)
    return f"{cell.text} of {rules.exact(line.column.points)}" if cell.points else cell.text


_BY_HAND = (GradeState.GIVEN, GradeState.REPLACED, GradeState.EXCUSED)


def own_totals(session: Session, actor: Actor) -> list[OwnTotal]:
    """Every course that the actor takes, with what its grades make."""
    taken = session.exec(
        select(Enrollment, Course)
        .join(Course, col(Course.id) == col(Enrollment.course_id))
        .where(Enrollment.person_id == actor.person_id, Enrollment.status == EnrollmentStatus.ACTIVE, Course.status == Status.PUBLISHED)
        .order_by(col(Enrollment.id).desc())
        .limit(50)
    ).all()
    books = reading.read_books(session, {enrollment.run_id for enrollment, _ in taken})
    exceptions = {enrollment.id: books[enrollment.run_id].exceptions.get(enrollment.id, {}) for enrollment, _ in taken}
    held = own_marks.as_told(session, [enrollment.id for enrollment, _ in taken], exceptions)
    found = []
    for enrollment, course in taken:
        book, marks = books[enrollment.run_id], held.get(enrollment.id, {})
        graded = sum(book.cell(column, mark).points != "" for column, mark in reading.in_order(book.columns, marks))
        found.append(OwnTotal(course=course.title, slug=course.slug, total=book.total(marks), graded=graded, columns=len(book.columns)))
    return found


def _students(session: Session, run_id: UUID) -> int:
    query = select(func.count()).select_from(Enrollment).where(Enrollment.run_id == run_id, col(Enrollment.status) == EnrollmentStatus.ACTIVE)
    return session.exec(query).one()


def _rows(session: Session, book: reading.Book, people: Sequence[Named], shown: Sequence[rules.Column]) -> list[GradeRow]:
    ids = [one.enrollment_id for one in people]
    held, made = reading.read_marks(session, ids, book.exceptions, shown), totals(session, book, ids)
    return [
        GradeRow(
            enrollment_id=str(one.enrollment_id),
            name=one.name,
            cells=[book.cell(column, mark) for column, mark in reading.in_order(shown, held.get(one.enrollment_id, {}))],
            total=made[one.enrollment_id],
        )
        for one in people
    ]


def _changes(session: Session, enrollment_id: UUID, column_id: UUID, zone: ZoneInfo) -> list[ChangeView]:
    rows = session.exec(
        select(GradeChange, Person)
        .join(Person, col(Person.id) == col(GradeChange.actor_id))
        .where(GradeChange.enrollment_id == enrollment_id, GradeChange.column_id == column_id)
        .order_by(col(GradeChange.version).desc())
        .limit(50)
    ).all()
    key_ring.load(session, {key for change, person in rows for key in (person.id, change.person_id)})
    return [
        ChangeView(
            who=name_of(person),
            act=change.act,
            before=_points_in_words(change.before),
            after=_points_in_words(change.after),
            reason=reason_of(change),
            when=when_in_words(change.at, zone),
        )
        for change, person in rows
    ]


def _own_reasons(session: Session, enrollment_id: UUID) -> dict[str, str]:
    """The reason of the newest change of each grade."""
    changes = session.exec(select(GradeChange).where(GradeChange.enrollment_id == enrollment_id).order_by(col(GradeChange.version))).all()
    return {str(change.column_id): reason_of(change) for change in changes}


def reason_of(change: GradeChange) -> str:
    """Why somebody changed a grade; "" where none was given, or the account is erased."""
    try:
        return change.reason or ""
    except Unreadable:
        return ""


def _rule_in_words(book: reading.Book) -> str:
    made = {
        Aggregation.WEIGHTED: "Each category counts by its weight, and within it each grade by its points.",
        Aggregation.POINTS: "Every grade counts by its points.",
        Aggregation.EQUAL: "Every grade counts the same.",
    }[book.settings.aggregation]
    missing = {Missing.LEFT_OUT: "What is not there yet is left out.", Missing.ZERO: "What is missing once it is due counts as 0."}[
        book.settings.missing
    ]
    late = ""
    if book.settings.late_per_day:
        floor = f", but takes nothing below {_percent(book.settings.late_floor)} %" if book.settings.late_floor else ""
        grace = f" after {_minutes(book.settings.late_grace)} of grace" if book.settings.late_grace else ""
        late = f" Each day late{grace} costs {_percent(book.settings.late_per_day)} % of the points{floor}."
    return f"{made} {missing}{late}"


def _conditions_in_words(book: reading.Book, whole: rules.Breakdown) -> list[ConditionView]:
    found = []
    if book.ruling.pass_mark is not None:
        reached = whole.total.fraction is not None and whole.total.fraction >= book.ruling.pass_mark
        found.append(ConditionView(sentence=f"At least {_percent(book.ruling.pass_mark)} % in all.", met=reached))
    for condition in whole.conditions:
        has = "excused" if condition.waived else "nothing yet" if condition.fraction is None else f"you have {rules.percent(condition.fraction)} %"
        found.append(ConditionView(sentence=f"At least {_percent(condition.required)} % in {condition.column.title}: {has}.", met=condition.met))
    return found


def _drops_in_words(count: int) -> str:
    return "" if not count else "The lowest is dropped" if count == 1 else f"The {count} lowest are dropped"


def _share_in_words(share: rules.Fraction) -> str:
    return f"{rules.in_words(Decimal(share.numerator) * 100 / share.denominator)} %" if share else ""


def _points_in_words(points: Decimal | None) -> str:
    return "" if points is None else rules.in_words(points)


def _minutes(seconds: int) -> str:
    return "1 minute" if seconds == 60 else f"{rules.in_words(Decimal(seconds) / 60)} minutes"


def _percent(fraction: Decimal) -> str:
    return rules.in_words(fraction * 100)
