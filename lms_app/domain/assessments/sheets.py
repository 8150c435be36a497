"""Making what a student sees of an attempt: sheets while it is open, results when it is over. What may not be seen yet does not leave here."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, or_
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.assessments import answers, grading, handed_in, marks, overrides, settling
from lms_app.domain.assessments.answers import Given
from lms_app.domain.assessments.grading_rules import Circumstances, StoredBody, behaved, drawn_body, grade_response
from lms_app.domain.assessments.handed_in import FileSheet
from lms_app.domain.assessments.quiz_settings import NOTHING, QuizSettings, Shown
from lms_app.domain.assessments.revisions import Section, contents_of, revision_of
from lms_app.domain.assessments.score_rules import counted_fraction, points_in_words, question_score
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.gaps import place_gaps
from lms_app.domain.assessments.types.kind import Grade
from lms_app.domain.assessments.views import (
    AnswerFeedback,
    AttemptResult,
    AttemptSheet,
    ChoiceFeedback,
    ChoiceSheet,
    Message,
    PartFeedback,
    QuestionSheet,
)
from lms_app.domain.content.kept_html import html_of_document, html_of_rich_text, inline_html_of_rich_text
from lms_app.domain.content.rendering import Resolver
from lms_app.domain.content.rich_text import from_markdown
from lms_app.domain.courses.addresses import resolver
from lms_app.domain.notifications.queries import when_in_words
from lms_app.errors import NotFound
from lms_app.models import (
    AnswerTry,
    Assessment,
    Attempt,
    AttemptMessage,
    Course,
    Enrollment,
    Mark,
    Person,
    QuestionScore,
)
from lms_app.words import AttemptStatus, Behaviour, Navigation, OnExpiry, Outcome, QuestionType


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What every part of a sheet needs to know of its attempt."""

    attempt: Attempt
    settings: QuizSettings
    sections: dict[int, Section]
    resolve: Resolver
    files: dict[UUID, list[FileSheet]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Score:
    """What is stored of how a question did."""

    revision: UUID
    fraction: Decimal
    outcome: Outcome
    grade: Grade | None = None


def attempt_sheet(session: Session, attempt: Attempt, *, begun: bool = False) -> AttemptSheet:
    """An open attempt: its questions in the order drawn, what is saved, and feedback on what was checked. Nothing is saved and nobody has said
    anything yet where it has just `begun`."""
    revision = revision_of(session, attempt.assessment_revision_id)
    settings = revision.settings
    assessment = session.get_one(Assessment, attempt.assessment_id)
    course = session.get_one(Course, attempt.course_id)
    bodies = grading.revisions_of(session, attempt)
    given = {} if begun else answers.given(session, attempt)
    tries = answers.tries(session, attempt.id) if settings.behaviour == Behaviour.INTERACTIVE and not begun else {}
    scene = _scene(session, attempt, settings, course)
    questions: list[QuestionSheet] = []
    for entry in attempt.layout:
        if attempt.one_way and entry["page"] != attempt.page:
            continue
        question = UUID(entry["question"])
        body = bodies[UUID(entry["revision"])]
        answer = given.get(question)
        made = tries.get(question, [])
        feedback = _told(scene, entry, body, answer, made) if answer else None
        questions.append(question_sheet(scene, entry, body, answer, feedback, hints=_hints(scene, body, len(made)), tries=len(made)))
    grace = attempt.submit_by if settings.on_expiry == OnExpiry.GRACE else None
    return AttemptSheet(
        id=str(attempt.id),
        number=attempt.number,
        assessment_id=str(attempt.assessment_id),
        title=revision.title,
        course=course.title,
        slug=course.slug,
        page_id=str(assessment.page_id or ""),
        behaviour=settings.behaviour,
        navigation=Navigation.ONE_WAY if attempt.one_way else Navigation.FREE,
        page=attempt.page if attempt.one_way else 1,
        pages=page_count(attempt),
        total=sum(1 for entry in attempt.layout if entry["number"]),
        deadline_at=attempt.deadline_at.isoformat() if attempt.deadline_at else "",
        grace_until=grace.isoformat() if grace else "",
        server_time=clock.now().isoformat(),
        messages=[] if begun else messages(session, attempt),
        questions=questions,
    )


def _scene(session: Session, attempt: Attempt, settings: QuizSettings, course: Course) -> Scene:
    return Scene(
        attempt=attempt,
        settings=settings,
        sections=contents_of(session, attempt.assessment_revision_id).sections,
        resolve=resolver(course.slug),
        files=handed_in.sent(session, attempt),
    )


def feedback_on(session: Session, attempt: Attempt, settings: QuizSettings, question_id: UUID) -> AnswerFeedback:
    """How the checked answer to one question does against the revision that the attempt pinned. Raises NotFound for a question that is not in it."""
    entry = entry_of(attempt, question_id)
    body = grading.bodies_of(session, [UUID(entry["revision"])])[UUID(entry["revision"])]
    answer = answers.given(session, attempt)[question_id]
    made = answers.tries(session, attempt.id).get(question_id, [])
    course = session.get_one(Course, attempt.course_id)
    scene = Scene(attempt=attempt, settings=settings, sections={}, resolve=resolver(course.slug))
    told = _told(scene, entry, body, answer, made)
    if told is None:
        raise NotFound
    return told


def attempt_result(session: Session, attempt: Attempt, closing: settling.Closing | None = None) -> AttemptResult:
    """A submitted attempt with what its student may see of it now. `closing` spares reading and grading again what has just been graded."""
    revision = revision_of(session, attempt.assessment_revision_id)
    settings = revision.settings
    assessment = session.get_one(Assessment, attempt.assessment_id)
    course = session.get_one(Course, attempt.course_id)
    enrollment = session.get_one(Enrollment, attempt.enrollment_id)
    scene = _scene(session, attempt, settings, course)
    now, closes_at = clock.now(), overrides.closes_at(attempt.overrides)
    discarded = attempt.status == AttemptStatus.DISCARDED
    shown = NOTHING if discarded else settings.shown(now, closes_at=closes_at, released=attempt.released_at is not None)
    allowed = attempt.overrides.get("attempts_allowed", settings.attempts_allowed)
    return AttemptResult(
        id=str(attempt.id),
        number=attempt.number,
        assessment_id=str(attempt.assessment_id),
        title=revision.title,
        slug=course.slug,
        page_id=str(assessment.page_id or ""),
        score=points_in_words(attempt.score or Decimal(0)) if shown.marks else "",
        max_score=points_in_words(attempt.max_score),
        percent=whole_percent(attempt.fraction) if shown.marks else None,
        passed=attempt.passed if shown.marks else None,
        pass_percent=whole_percent(settings.pass_mark),
        late=attempt.status == AttemptStatus.EXPIRED,
        discarded=discarded,
        submitted_at=attempt.submitted_at.isoformat() if attempt.submitted_at else "",
        pending=attempt.pending if shown.marks else 0,
        band=settings.band(attempt.fraction or Decimal(0)) if shown.feedback and not attempt.pending else "",
        notice=_notice(session, settings, attempt, shown, closes_at, now),
        questions=_reviewed(session, scene, shown, closing),
        course_completed=enrollment.completed_at is not None,
        attempts_left=None if allowed is None else max(0, allowed - _begun(session, attempt)),
    )


def messages(session: Session, attempt: Attempt) -> list[Message]:
    """What the staff has told this attempt, or all of them, since it began."""
    rows = session.exec(
        select(AttemptMessage)
        .where(
            AttemptMessage.assessment_id == attempt.assessment_id,
            AttemptMessage.run_id == attempt.run_id,
            or_(col(AttemptMessage.attempt_id).is_(None), col(AttemptMessage.attempt_id) == attempt.id),
            AttemptMessage.at >= attempt.started_at,
        )
        .order_by(col(AttemptMessage.at))
        .limit(50)
    ).all()
    return [Message(id=str(row.id), text=row.text or "", at=row.at.isoformat()) for row in rows]


def page_count(attempt: Attempt) -> int:
    """How many pages an attempt has."""
    return max((entry.get("page", place) for place, entry in enumerate(attempt.layout, start=1)), default=1)


def entry_of(attempt: Attempt, question_id: UUID) -> dict[str, Any]:
    """A question's entry in the layout. Raises NotFound."""
    entry = next((entry for entry in attempt.layout if entry["question"] == str(question_id)), None)
    if entry is None:
        raise NotFound
    return entry


def plain_grade(session: Session, attempt: Attempt, question_id: UUID, response: dict[str, Any] | None) -> Grade:
    """How a response does as such: without tries, certainty or marks."""
    entry = entry_of(attempt, question_id)
    body = grading.bodies_of(session, [UUID(entry["revision"])])[UUID(entry["revision"])]
    return _graded(attempt, entry, body, response)


def whole_percent(fraction: Decimal | None) -> int | None:
    """A fraction as a whole percentage, rounded down, so that 100 means everything."""
    return None if fraction is None else int(fraction * 100)


def moment_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """`today at 14:32`, or `on 3 December, 14:32`."""
    words = when_in_words(moment, zone)
    return f"on {words}" if "," in words else f"today at {words}"


def _told(scene: Scene, entry: dict[str, Any], body: dict[str, Any], answer: Given, made: list[AnswerTry]) -> AnswerFeedback | None:
    """What may be said of an answer while the attempt is open: of one that was checked and stands, or of a try that was not right."""
    attempt, settings = scene.attempt, scene.settings
    failed = bool(made) and made[-1].sequence == answer.sequence and answer.checked_at is None
    if answer.checked_at is None and not failed:
        return None
    type_ = QuestionType(entry["type"])
    how = Circumstances(certainty=answer.certainty, earlier=answers.earlier_tries(made, answer.sequence))
    grade = behaved(type_, body, _graded(attempt, entry, body, answer.response), settings.behaviour, how)
    drawn = drawn_body(type_, body, seed=settling.seed_of(attempt, UUID(entry["question"])))
    solution, shown = TYPES[type_].solution(drawn), settings.review.during
    if failed:
        # What is said to everybody is said once the question is done: it often tells the answer.
        grade = replace(grade, feedback=tuple(text for text in grade.feedback if text != drawn.feedback))
        solution, shown = "", _without_solution(shown)
    said = feedback_of(scene, entry, grade, counted_fraction(grade.fraction, settings.floor), shown, solution=solution)
    if settings.behaviour != Behaviour.INTERACTIVE:
        return said
    return replace(said, final=not failed, tries_left=max(0, settings.tries - len(made)) if failed else 0, hints=_hints(scene, body, len(made)))


def _without_solution(shown: Shown) -> Shown:
    """What may be said of a try that was not right: nothing that gives the answer away."""
    return shown.model_copy(update={"solution": False})


def _reviewed(session: Session, scene: Scene, shown: Shown, closing: settling.Closing | None) -> list[QuestionSheet]:
    """The questions of a submitted attempt by their stored scores, each with what may be seen."""
    attempt = scene.attempt
    if closing is None:
        scores, given = _scores(session, attempt), answers.given(session, attempt)
    else:
        scores, given = _scores_of(closing, scene.settings.behaviour), closing.given
    pinned = {UUID(entry["question"]): UUID(entry["revision"]) for entry in attempt.layout}
    graded_by = {question: score.revision for question, score in scores.items()}
    bodies = grading.bodies_of(session, [*pinned.values(), *graded_by.values()])
    said = marks.newest(session, attempt.id) if shown.feedback and closing is None else {}
    questions: list[QuestionSheet] = []
    for entry in attempt.layout:
        question = UUID(entry["question"])
        body = bodies[graded_by.get(question, pinned[question])]
        answer, score = given.get(question), scores.get(question)
        feedback = _outcome(scene, entry, body, answer, score, shown) if score and entry["number"] and shown != NOTHING else None
        if feedback and question in said:
            feedback = _with_mark(feedback, said[question], shown)
        questions.append(question_sheet(scene, entry, body, answer, feedback, hints=[], tries=0))
    return questions


def _scores(session: Session, attempt: Attempt) -> dict[UUID, _Score]:
    """The stored scores by question."""
    # Columns instead of rows: a result is read by everybody at once when an exam ends.
    columns = select(col(QuestionScore.question_id), col(QuestionScore.question_revision_id), col(QuestionScore.fraction), col(QuestionScore.outcome))
    return {
        question: _Score(revision=revision, fraction=fraction, outcome=Outcome(outcome))
        for question, revision, fraction, outcome in session.exec(columns.where(QuestionScore.attempt_id == attempt.id)).all()
    }


def _scores_of(closing: settling.Closing, behaviour: Behaviour) -> dict[UUID, _Score]:
    """The same of what has just been stored. The grades of a quiz that a person marks hold less than what may be seen."""
    return {
        result.question.id: _Score(
            revision=result.question.revision_id,
            fraction=result.fraction,
            outcome=result.grade.outcome,
            grade=None if behaviour == Behaviour.MANUAL else result.grade,
        )
        for result in closing.graded.questions
    }


def _outcome(scene: Scene, entry: dict[str, Any], body: StoredBody, answer: Given | None, score: _Score, shown: Shown) -> AnswerFeedback:
    """What may be seen of a stored score: its marks are the ones that count; what was said of the answer is made anew."""
    type_, seed = QuestionType(entry["type"]), settling.seed_of(scene.attempt, UUID(entry["question"]))
    grade = replace(score.grade or _graded(scene.attempt, entry, body, answer.response if answer else None), outcome=score.outcome)
    solution = body.solution(type_, drawn_body(type_, body, seed=seed))
    return feedback_of(scene, entry, grade, score.fraction, shown, solution=solution)


def _with_mark(feedback: AnswerFeedback, mark: Mark, shown: Shown) -> AnswerFeedback:
    """What the marker wrote, and the rubric; the points of its criteria are marks."""
    lines = marks.lines_of(mark)
    return replace(
        feedback, comment=marks.comment_of(mark), rubric=lines if shown.marks else [replace(line, points="", most="") for line in lines if line.level]
    )


def _graded(attempt: Attempt, entry: dict[str, Any], body: dict[str, Any], response: dict[str, Any] | None) -> Grade:
    return grade_response(QuestionType(entry["type"]), body, response, seed=settling.seed_of(attempt, UUID(entry["question"])))


def question_sheet(
    scene: Scene,
    entry: dict[str, Any],
    body: dict[str, Any],
    answer: Given | None,
    feedback: AnswerFeedback | None,
    *,
    hints: list[str],
    tries: int,
) -> QuestionSheet:
    settings, resolve = scene.settings, scene.resolve
    type_, seed = QuestionType(entry["type"]), settling.seed_of(scene.attempt, UUID(entry["question"]))
    drawn = drawn_body(type_, body, seed=seed)
    if not settings.shuffle_choices and getattr(drawn, "shuffle", False):
        drawn = drawn.model_copy(update={"shuffle": False})
    sheet = TYPES[type_].sheet(drawn, seed)
    apart = {"type", "stem", "choices", "hints"}
    section = scene.sections.get(entry.get("section", 0))
    return QuestionSheet(
        id=entry["question"],
        number=entry["number"],
        type=entry["type"],
        points=points_in_words(Decimal(entry["points"])) if entry["number"] else "",
        html=place_gaps(html_of_document(sheet["stem"], resolve), sheet.get("gaps", [])),
        choices=[ChoiceSheet(id=choice["id"], html=inline_html_of_rich_text(choice["content"], resolve)) for choice in sheet.get("choices", [])],
        extras={name: _readable(value, resolve) for name, value in sheet.items() if name not in apart} | _given_files(scene, entry),
        hints=hints,
        response=answer.response if answer else None,
        sequence=answer.sequence if answer else 0,
        saved_at=answer.saved_at.isoformat() if answer else "",
        page=entry.get("page", entry["number"] or 1),
        section=section.title if section else "",
        section_introduction=html_of_rich_text(from_markdown(section.introduction), resolve) if section and section.introduction else "",
        certainty=answer.certainty if answer else None,
        tries_left=max(0, settings.tries - tries) if settings.behaviour == Behaviour.INTERACTIVE and entry["number"] else None,
        feedback=feedback,
    )


def _hints(scene: Scene, body: dict[str, Any], tries: int) -> list[str]:
    """The hints that may be shown: in a quiz that tells at once all of them, for the asking; with several tries one for each that was not right."""
    if scene.settings.behaviour == Behaviour.IMMEDIATE:
        shown = body.get("hints", [])
    elif scene.settings.behaviour == Behaviour.INTERACTIVE:
        shown = body.get("hints", [])[:tries]
    else:
        shown = []
    return [html_of_rich_text(hint, scene.resolve) for hint in shown]


def _given_files(scene: Scene, entry: dict[str, Any]) -> dict[str, Any]:
    """What was sent to a question that takes files."""
    if entry["type"] != QuestionType.FILE_UPLOAD:
        return {}
    return {"given": [asdict(file) for file in scene.files.get(UUID(entry["question"]), [])]}


def _readable(value: Any, resolve: Resolver) -> Any:
    """JSON values of a sheet with every rich text, which stands under `content`, as HTML under `html`."""
    if isinstance(value, dict):
        return {
            "html" if name == "content" else name: inline_html_of_rich_text(inner, resolve) if name == "content" else _readable(inner, resolve)
            for name, inner in value.items()
        }
    return [_readable(inner, resolve) for inner in value] if isinstance(value, list) else value


def feedback_of(scene: Scene, entry: dict[str, Any], grade: Grade, fraction: Decimal, shown: Shown, *, solution: str) -> AnswerFeedback:
    """What may be seen of a grade. Which choice would have been right is part of the solution; that a chosen one was, is correctness. Where that is
    hidden the solution stands in words, under right answers too: that it is missing would tell."""
    points = Decimal(entry["points"])
    return AnswerFeedback(
        outcome=grade.outcome if shown.correctness else "",
        score=points_in_words(question_score(points, fraction)) if shown.marks else "",
        points=points_in_words(points),
        html="".join(html_of_rich_text(text, scene.resolve) for text in grade.feedback) if shown.feedback else "",
        remark=grade.remark if shown.feedback else "",
        solution=solution if shown.solution and not (shown.correctness and (grade.choices or grade.outcome == Outcome.CORRECT)) else "",
        choices=[
            ChoiceFeedback(
                id=choice.id,
                chosen=choice.chosen,
                right=choice.right and (shown.solution or choice.chosen),
                html=html_of_rich_text(choice.feedback, scene.resolve)
                if choice.feedback and shown.feedback and (shown.solution or choice.chosen)
                else "",
            )
            for choice in grade.choices
        ]
        if shown.correctness
        else [],
        parts=[
            PartFeedback(
                id=part.id, outcome=part.outcome, html=html_of_rich_text(part.feedback, scene.resolve) if part.feedback and shown.feedback else ""
            )
            for part in grade.parts
        ]
        if shown.correctness
        else [],
    )


def _begun(session: Session, attempt: Attempt) -> int:
    """How many attempts at its quiz the student has begun."""
    return session.execute(_BEGUN, {"enrollment_id": attempt.enrollment_id, "assessment_id": attempt.assessment_id}).scalar_one()


_BEGUN = select(func.count()).where(Attempt.enrollment_id == bindparam("enrollment_id"), Attempt.assessment_id == bindparam("assessment_id"))


def _notice(session: Session, settings: QuizSettings, attempt: Attempt, shown: Shown, closes_at: datetime | None, now: datetime) -> str:
    """What is hidden, and until when."""
    if attempt.status == AttemptStatus.DISCARDED:
        return "The time ran out before you submitted, so this attempt does not count. What you answered is kept."
    if attempt.released_at is None:
        return "Your teacher has not released the marks yet."
    before_close = closes_at is not None and now < closes_at
    if before_close and shown != settings.review.closed and closes_at:
        zone = ZoneInfo(session.get_one(Person, attempt.person_id).time_zone)
        return f"More is shown when the quiz closes, {moment_in_words(closes_at, zone)}."
    return ""
