"""What those who take a course have made of it, as far as its certificate asks for more than completing it.

Marks are read from the attempts themselves, not as far as the gradebook's fold has come: a certificate is asked for the moment somebody hands in.
What students are told of it leaves out what a quiz does not show yet.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.domain.certificates.award_rules import AwardRule, Merit, is_met
from lms_app.domain.courses.outline import Outline, OutlineItem
from lms_app.domain.enrollments import progress
from lms_app.domain.gradebook import grade_rules, own_marks, projection, reading
from lms_app.domain.gradebook.grade_rules import UNKNOWN, Mark
from lms_app.domain.gradebook.projection import NOTHING, Counting
from lms_app.domain.gradebook.reading import Book
from lms_app.models import Completion, Enrollment
from lms_app.words import CompletionRule, GradeState, NodeKind


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What a quiz would make of somebody."""

    fraction: Decimal | None
    pending: bool


UNMOVED: Mapping[UUID, Moved] = {}


@dataclass(frozen=True, kw_only=True)
class Record:
    """What one person has made of a course. `marks` are by column, `apart` what quizzes without a column made, `passed` the quizzes that the ledger
    holds as passed; `quizzes` are those of the course as students see it."""

    book: Book
    marks: Mapping[str, Mark]
    apart: Mapping[UUID, Counting]
    passed: frozenset[UUID]
    quizzes: Mapping[UUID, OutlineItem]

    def merit(self, moved: Mapping[UUID, Moved] = UNMOVED) -> Merit:
        """What it makes, with what some quizzes made replaced."""
        book, marks = self.book, self._moved(moved)
        whole = grade_rules.total(book.columns, book.categories, marks, book.ruling, book.now)
        waits = any(
            column.counted and grade_rules.standing(column, marks.get(column.id, UNKNOWN), book.ruling, book.now).state == GradeState.PENDING
            for column in book.columns
        )
        columns = {quiz: column for column in book.columns if (quiz := book.quizzes[column.id]) is not None}
        passed = {quiz for quiz, item in self.quizzes.items() if self._has_passed(item, columns.get(quiz), marks, moved)}
        return Merit(grade=whole.fraction, waits=waits, passed=frozenset(passed))

    def meets(self, rule: AwardRule, moved: Mapping[UUID, Moved] = UNMOVED) -> bool:
        """Whether a rule is met, once the course is complete."""
        return not rule.asks_more or is_met(rule, self.merit(moved), self.quizzes)

    def _moved(self, moved: Mapping[UUID, Moved]) -> dict[str, Mark]:
        marks = dict(self.marks)
        for column, quiz in self.book.quizzes.items():
            if quiz is not None and (then := moved.get(quiz)) is not None:
                marks[column] = marks.get(column, UNKNOWN)._replace(fraction=then.fraction, pending=then.pending)
        return marks

    def _has_passed(self, quiz: OutlineItem, column: grade_rules.Column | None, marks: Mapping[str, Mark], moved: Mapping[UUID, Moved]) -> bool:
        """A grade set by hand stands before the quiz's, and who is excused need not pass."""
        mark = marks.get(column.id, UNKNOWN) if column else UNKNOWN
        if mark.excused:
            return True
        if mark.given is not None and column is not None:
            return _reaches(mark.given / column.points, quiz)
        if quiz.id in self.passed and quiz.id not in moved:
            return True
        made = mark if column else moved.get(quiz.id) or self.apart.get(quiz.id, NOTHING)
        return made.fraction is not None and not made.pending and _reaches(made.fraction, quiz)


def _reaches(fraction: Decimal, quiz: OutlineItem) -> bool:
    return quiz.pass_mark is None or fraction >= quiz.pass_mark


def records(
    session: Session, enrollments: Collection[Enrollment], outline: Outline, rules: Iterable[AwardRule], *, told: bool = False
) -> dict[UUID, Record]:
    """What these people have made of a course, by enrolment; nothing where no rule asks for more than completing it. `told`: only what each of them
    is told."""
    rules = [rule for rule in rules if rule.asks_more]
    if not rules or not enrollments:
        return {}
    ids = [enrollment.id for enrollment in enrollments]
    named = {quiz for rule in rules for quiz in rule.passed}
    quizzes = {item.id: item for item in outline.items() if item.id in named and item.kind == NodeKind.ASSESSMENT}
    books = reading.read_books(session, {enrollment.run_id for enrollment in enrollments})
    exceptions = {enrollment.id: books[enrollment.run_id].exceptions.get(enrollment.id, {}) for enrollment in enrollments}
    held = own_marks.as_told(session, ids, exceptions) if told else reading.read_marks(session, ids, exceptions)
    graded = {quiz for book in books.values() for quiz in book.quizzes.values() if quiz is not None}
    asked = quizzes.keys() - graded if told else quizzes.keys() | graded
    made = projection.counting_attempts(session, [(quiz, enrollment_id) for enrollment_id in ids for quiz in asked])
    passed = _passed(session, ids, quizzes)
    found: dict[UUID, Record] = {}
    for enrollment in enrollments:
        book, marks = books[enrollment.run_id], {name: one.mark for name, one in held.get(enrollment.id, {}).items()}
        if not told:
            for column, quiz in book.quizzes.items():
                if quiz is not None:
                    fresh = made.get((quiz, enrollment.id), NOTHING)
                    marks[column] = marks.get(column, UNKNOWN)._replace(fraction=fresh.fraction, pending=fresh.pending, at=fresh.handed_in_at)
        apart = {quiz: made[quiz, enrollment.id] for quiz in quizzes if (quiz, enrollment.id) in made}
        found[enrollment.id] = Record(book=book, marks=marks, apart=apart, passed=passed[enrollment.id], quizzes=quizzes)
    return found


def _passed(session: Session, enrollment_ids: Collection[UUID], quizzes: Collection[UUID]) -> Mapping[UUID, frozenset[UUID]]:
    """The quizzes that the ledger holds as passed, by enrolment."""
    found: dict[UUID, frozenset[UUID]] = defaultdict(frozenset)
    if quizzes:
        query = select(Completion.enrollment_id, Completion.node_id).where(
            col(Completion.enrollment_id).in_(enrollment_ids),
            col(Completion.node_id).in_(quizzes),
            Completion.rule == CompletionRule.PASSED,
            progress.stands(),
        )
        for enrollment_id, quiz in session.exec(query).all():
            found[enrollment_id] |= {quiz}
    return found
