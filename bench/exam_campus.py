"""The exam's course and its students, straight into the database; and afterwards what the database says of what they were told is saved."""

import random
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, tokens
from lms_app.crypto import key_ring
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.answers import opened
from lms_app.domain.assessments.grading_rules import grade_response
from lms_app.domain.assessments.types.kind import question_seed
from lms_app.domain.content.rich_text import from_markdown
from lms_app.domain.courses import access, authoring, importing
from lms_app.domain.people.registration import create_person
from lms_app.ids import uuid7
from lms_app.interchange import neutral
from lms_app.models import Answer, Assessment, Attempt, Enrollment, Login, Progress, QuestionRevision, QuestionScore
from lms_app.words import AttemptStatus, CompletionRule, QuestionType, Role
from tests.support.campus import RIGHT, WRONG, five_questions, quiz_block, text_block

TITLE = "Final exam"
QUESTIONS = 20
LOGIN_LIFE = timedelta(hours=2)
STEM = """
A core of *{number}* metres was drawn below the old town. The driller wrote down what he met: made ground, peat, grey clay with shells, and gravel.

Which statement agrees with his notes, if the density is $\\rho = \\frac{{m}}{{V}}$ and the depth $d_{{{number}}}$?
"""


@dataclass(frozen=True)
class Minted:
    """A student's account with a login, and what the browser sends of it."""

    person_id: UUID
    cookie: str


@dataclass(frozen=True)
class Acknowledged:
    """The newest answer to a question that the server has said is saved."""

    sequence: int
    response: dict[str, Any]


def furnish(students: int) -> tuple[UUID, list[Minted]]:
    """Makes the course with its exam and enrols this many students. Gives the exam's id."""
    with transaction() as session:
        teacher = create_person(session, name="Instructor", email="exam@example.org", password_hash=None, can_teach=True)
        instructor = Actor(person_id=teacher.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR}))
        course = importing.store_course(session, instructor, _source(), store=_keep_nothing)
        authoring.publish_course(session, instructor, course.id)
        run = access.current_run(session, course.id)
        exam = session.exec(select(Assessment).where(Assessment.course_id == course.id)).one()
        now = clock.now()
        minted, logins, enrollments, progress = [], [], [], []
        for number in range(students):
            person = create_person(session, name=f"Student {number}", email=f"exam{number}@example.org", password_hash=None)
            login = Login(person_id=person.id, created_at=now, last_seen_at=now, expires_at=now + LOGIN_LIFE)
            logins.append(login.model_dump())
            enrollment = Enrollment(id=uuid7(), run_id=run.id, course_id=course.id, person_id=person.id, enrolled_at=now)
            enrollments.append(enrollment.model_dump())
            progress.append(Progress(enrollment_id=enrollment.id, done=0, total=2, updated_at=now).model_dump())
            token = tokens.sign(login_id=login.id, person_id=person.id, life=LOGIN_LIFE)
            minted.append(Minted(person.id, f"{tokens.cookie_name()}={token}"))
        session.flush()
        for table, rows in ((Login, logins), (Enrollment, enrollments), (Progress, progress)):
            session.execute(insert(table), rows)
        return exam.id, minted


def response_to(question: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Some answer to a question as its sheet shows it: right or wrong, or any of the choices."""
    type_ = QuestionType(question["type"])
    choices = [choice["id"] for choice in question["choices"]]
    if type_ is QuestionType.SINGLE_CHOICE:
        return {"choice": chance.choice(choices)}
    if type_ is QuestionType.MULTIPLE_CHOICE:
        return {"choices": chance.sample(choices, chance.randint(1, len(choices)))}
    return chance.choice((RIGHT, WRONG))[type_]


def count_lost(session: Session, told: dict[tuple[UUID, UUID], Acknowledged]) -> int:
    """How many of these acknowledged answers, by attempt and question, are not in a graded attempt exactly as they were given, with the score that
    they earn."""
    attempt_ids = {attempt_id for attempt_id, _ in told}
    attempts = {row.id: row for row in session.exec(select(Attempt).where(col(Attempt.id).in_(attempt_ids))).all()}
    answers = {(row.attempt_id, row.question_id): row for row in session.exec(select(Answer).where(col(Answer.attempt_id).in_(attempt_ids))).all()}
    key_ring.load(session, {attempt.person_id for attempt in attempts.values()})
    scores = {
        (row.attempt_id, row.question_id): row
        for row in session.exec(select(QuestionScore).where(col(QuestionScore.attempt_id).in_(attempt_ids))).all()
    }
    revision_ids = {score.question_revision_id for score in scores.values()}
    revisions = {row.id: row for row in session.exec(select(QuestionRevision).where(col(QuestionRevision.id).in_(revision_ids))).all()}
    earned: dict[tuple[UUID, UUID, str], Decimal] = {}

    def is_kept(place: tuple[UUID, UUID], answer: Acknowledged) -> bool:
        attempt, row, score = attempts.get(place[0]), answers.get(place), scores.get(place)
        if attempt is None or row is None or score is None or attempt.status == AttemptStatus.OPEN:
            return False
        key = score.question_revision_id, place[1], repr(answer.response)
        if key not in earned:
            revision, seed = revisions[score.question_revision_id], question_seed(attempt.seed, place[1])
            earned[key] = max(Decimal(0), grade_response(QuestionType(revision.type), revision.body, answer.response, seed=seed).fraction)
        read = opened(session, row, attempt.person_id)
        return (read.sequence, read.response, score.fraction) == (answer.sequence, answer.response, earned[key])

    return sum(not is_kept(place, answer) for place, answer in told.items())


def _source() -> neutral.Course:
    """A page to mark by hand, so that nobody completes the course by the exam alone, and an exam of four questions of each of five types."""
    questions = tuple(
        neutral.Question(ref=question.ref, type=question.type, title=question.title, body={**question.body, "stem": _stem(number)})
        for number, question in enumerate(question for group in range(QUESTIONS // 5) for question in five_questions(f"q{group}"))
    )
    exam = neutral.Assessment(
        ref="exam",
        title=TITLE,
        practice=False,
        questions=questions,
        settings={"pass_mark": "0.5", "time_limit": 7200, "shuffle_questions": True},
    )
    pages = (
        neutral.Page(ref="p1", title="Before you begin", blocks=(text_block("Read this."),), rule=CompletionRule.MANUAL),
        neutral.Page(ref="p2", title=TITLE, blocks=(quiz_block("exam"),), rule=CompletionRule.NONE),
    )
    lesson = neutral.Lesson(ref="l1", title="Exam", graded=True, category="Exams", pages=pages)
    module = neutral.Module(ref="m1", title="The end", lessons=(lesson,))
    return neutral.Course(title="Drilling", summary="", slug="drilling", language="en", modules=(module,), assessments=(exam,))


def _stem(number: int) -> dict[str, Any]:
    content = from_markdown(STEM.format(number=number))
    return {"schema_version": 1, "blocks": [{"id": f"stem{number:08}", "type": "rich_text", "content": content}]}


def _keep_nothing(data: bytes, *, key: bytes) -> str:
    return f"{len(data)}-{len(key)}"
