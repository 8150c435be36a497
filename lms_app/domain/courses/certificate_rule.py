"""What the certificate of a course asks for: read, tried out on those who take the course, saved."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.certificates import award_rules, earning, following
from lms_app.domain.certificates.award_rules import MOST_QUIZZES, AwardRule, rule_of, stored
from lms_app.domain.courses import access, outline_changes
from lms_app.domain.courses.outline import Outline, OutlineItem, published_outline
from lms_app.domain.enrollments.progress_rules import course_sentence, percentage
from lms_app.domain.gradebook.grade_rules import in_words
from lms_app.errors import Invalid
from lms_app.models import Assessment, Certificate, Course, Enrollment, GradeColumn
from lms_app.words import EnrollmentStatus, NodeKind

NOBODY = "Nobody takes the course yet."
MOST_LOOKED_AT = 2_000
"""People whom a preview looks at; of more it says that there are."""


@dataclass(frozen=True, kw_only=True)
class QuizToPass:
    """A quiz that a certificate may ask to pass. `mark` says what it takes; `asked` that the certificate asks for it."""

    id: str
    title: str
    mark: str
    asked: bool


@dataclass(frozen=True, kw_only=True)
class CertificateRule:
    """What a course's certificate asks for, as a form says it: `least_grade` in percent, "" for none. `preview` says what it does today."""

    least_grade: str
    quizzes: list[QuizToPass]
    preview: "RulePreview"


@dataclass(frozen=True, kw_only=True)
class RulePreview:
    """Of all `students` of the course, how many `have` its certificate and how many would get it now. `words` is what students read, `sentence` sums
    it up, `never` says why nobody can reach it, "" where somebody can."""

    students: int
    have: int
    now: int
    words: str
    sentence: str
    never: str


def certificate_rule(session: Session, actor: Actor, course_id: UUID) -> CertificateRule:
    """The rule of a course's certificate, for its authors. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    outline, rule = published_outline(session, course.id), rule_of(course.certificate_rule)
    return CertificateRule(
        least_grade="" if rule.least_grade is None else in_words(rule.least_grade * 100),
        quizzes=[
            QuizToPass(id=str(quiz.id), title=quiz.title, mark=percentage(quiz.pass_mark), asked=quiz.id in rule.passed)
            for quiz in quizzes_to_pass(session, outline)
            if quiz.pass_mark is not None
        ],
        preview=_preview(session, course, outline, rule),
    )


def preview(session: Session, actor: Actor, course_id: UUID, *, least_grade: str, passed: Collection[UUID]) -> RulePreview:
    """Whom a rule would give a certificate today. Nothing is saved. Raises NotFound, Invalid."""
    course = access.editable_course(session, actor, course_id)
    outline = published_outline(session, course.id)
    return _preview(session, course, outline, _read(session, course, outline, least_grade, passed))


def save(session: Session, actor: Actor, course_id: UUID, *, least_grade: str, passed: Collection[UUID]) -> None:
    """Saves what a course's certificate asks for. Those that were given stay; a worker gives one to whoever fulfils the new rule. Raises NotFound,
    Invalid."""
    course = access.editable_course(session, actor, course_id)
    rule = _read(session, course, published_outline(session, course.id), least_grade, passed)
    if stored(rule) == course.certificate_rule:
        return
    course.certificate_rule = stored(rule)
    session.add(course)
    session.flush()
    if course.certificate_offered:
        following.ask(session, course.id)
    outline_changes.tell(session, course.id)


def quizzes_to_pass(session: Session, outline: Outline) -> list[OutlineItem]:
    """The quizzes of a course, as students see it, that count and can be passed or not."""
    marked = [item for item in outline.items() if item.kind == NodeKind.ASSESSMENT and item.pass_mark is not None]
    query = select(Assessment.id).where(col(Assessment.id).in_([item.id for item in marked]), col(Assessment.practice))
    practice = set(session.exec(query).all())
    return [item for item in marked if item.id not in practice]


def is_graded(session: Session, course_id: UUID) -> bool:
    """Whether anything counts towards the grade of a course's present run."""
    run = access.current_run(session, course_id)
    query = select(GradeColumn.id).where(GradeColumn.run_id == run.id, col(GradeColumn.counted), col(GradeColumn.archived_at).is_(None))
    return session.exec(query.limit(1)).first() is not None


def _read(session: Session, course: Course, outline: Outline, least_grade: str, passed: Collection[UUID]) -> AwardRule:
    """A rule out of what a form says. What the course asked for before stays asked for while its quiz is out of sight."""
    offered = {quiz.id for quiz in quizzes_to_pass(session, outline)}
    shown = {item.id for item in outline.items()}
    kept = [quiz for quiz in rule_of(course.certificate_rule).passed if quiz not in shown]
    if not set(passed) <= offered:
        raise Invalid("One of these quizzes cannot be passed any more. Load the page again.", fields={"passed": "A quiz is no longer there."})
    asked = [item.id for item in outline.items() if item.id in passed] + kept
    if len(asked) > MOST_QUIZZES:
        raise Invalid(f"A certificate asks for at most {MOST_QUIZZES} quizzes.", fields={"passed": f"At most {MOST_QUIZZES} quizzes."})
    return AwardRule(least_grade=_least(least_grade), passed=tuple(asked))


def _least(text: str) -> Decimal | None:
    plain = text.strip().rstrip("%").strip().replace(",", ".")
    if not plain:
        return None
    said = "A percentage above 0, at most 100, such as 70."
    try:
        percent = Decimal(plain) if plain.isascii() and len(plain) <= 10 else Decimal("NaN")
    except InvalidOperation:
        percent = Decimal("NaN")
    if not (percent.is_finite() and 0 < percent <= 100 and percent == round(percent, 2)):
        raise Invalid(said, fields={"least_grade": said})
    return percent / 100


def _preview(session: Session, course: Course, outline: Outline, rule: AwardRule) -> RulePreview:
    words = _words(outline, rule)
    never = "No item of the course counts towards a grade yet, so nobody can reach one."
    never = never if rule.least_grade is not None and not is_graded(session, course.id) else ""
    active = (Enrollment.course_id == course.id, Enrollment.status == EnrollmentStatus.ACTIVE)
    students = session.exec(select(func.count()).select_from(Enrollment).where(*active)).one()
    held = select(func.count()).select_from(Certificate).join(Enrollment, col(Enrollment.id) == col(Certificate.enrollment_id))
    have = session.exec(held.where(*active, col(Certificate.revoked_at).is_(None))).one()
    waiting = following.without_certificate(session, course.id, limit=MOST_LOOKED_AT + 1)
    more, waiting = len(waiting) > MOST_LOOKED_AT, waiting[:MOST_LOOKED_AT]
    now = 0
    for start in range(0, len(waiting), following.CHUNK):
        some = waiting[start : start + following.CHUNK]
        made = earning.records(session, some, outline, [rule])
        now += sum(not rule.asks_more or made[enrollment.id].meets(rule) for enrollment in some)
    return RulePreview(
        students=students,
        have=have,
        now=now if course.certificate_offered else 0,
        words=words,
        sentence=_sentence(students, have, now, more=more, offered=course.certificate_offered),
        never=never,
    )


def _words(outline: Outline, rule: AwardRule) -> str:
    items = list(outline.items())
    titles = {item.id: item.title for item in items}
    return f"{course_sentence(sum(item.required for item in items))} {award_rules.rule_sentence(rule, titles)}"


def _sentence(students: int, have: int, now: int, *, more: bool, offered: bool) -> str:
    if not students:
        return NOBODY
    has = "has" if have == 1 else "have"
    told = f"{have} of {students} {has} the certificate and keep{'s' if have == 1 else ''} it. " if have else f"Nobody of {students} has it yet. "
    if not offered:
        return f"{told}No certificate is offered now: nobody gets one until it is."
    least = "at least " if more else ""
    gets = f"{least}{now} more {'gets' if now == 1 else 'get'} it" if have else f"{least}{now} {'gets' if now == 1 else 'get'} it"
    return f"{told}With this rule {gets if now else 'nobody else gets it' if have else 'nobody gets it'} today."
