"""A quiz of many questions with many attempts at it, written straight into the tables: grading them one by one would take minutes."""

import random
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, authoring, importing
from lms_app.domain.people.registration import create_person
from lms_app.ids import uuid7
from lms_app.interchange import neutral
from lms_app.models import Assessment, AssessmentSection, Attempt, Course, Enrollment, QuestionScore, SectionQuestion
from lms_app.words import AttemptStatus, CompletionRule, Outcome, QuestionType
from tests.support.campus import quiz_block
from tests.support.questions import choice_body, choice_id, rich, stem

ASKED = (
    "Which of these stones is the oldest?",
    "What does a borehole log say of the ground under a town, and in which order are its layers written down by those who drilled it?",
    "Which map would you take along?",
)


def exam_course(session: Session, instructor: Actor, slug: str, questions: int) -> Course:
    """A published course with one quiz, "The exam", of single choice questions."""
    bodies = [choice_body("1", "0", "0", "0") for _ in range(questions)]
    for number, body in enumerate(bodies):
        body["stem"] = stem(f"{ASKED[number % len(ASKED)]} ({number + 1})")
        for choice, words in zip(body["choices"], ("Slate from the old quarry", "Chalk", "Flint, which lies in chalk", "None of these"), strict=True):
            choice["content"] = rich(words)
    kind = QuestionType.SINGLE_CHOICE
    asked = tuple(neutral.Question(ref=f"e{number}", type=kind, title=f"Question {number}", body=body) for number, body in enumerate(bodies))
    quiz = neutral.Assessment(ref="exam", title="The exam", practice=False, questions=asked, settings={"pass_mark": "0.6"})
    page = neutral.Page(ref="p1", title="The exam", blocks=(quiz_block("exam"),), rule=CompletionRule.NONE)
    module = neutral.Module(ref="m1", title="Ground", lessons=(neutral.Lesson(ref="l1", title="The exam", pages=(page,)),))
    source = neutral.Course(title="Exam hall", summary="One exam", slug=slug, language="en", modules=(module,), assessments=(quiz,))
    course = importing.store_course(session, instructor, source, store=lambda data, *, key: str(len(data)))
    authoring.publish_course(session, instructor, course.id)
    return course


def fill_hall(session: Session, course: Course, people: int, *, seed: int = 7, blanks: float = 0.0) -> Assessment:
    """Attempts of as many new people at the exam: some people are better, some questions harder, one nobody gets right and one goes the wrong way."""
    chance = random.Random(seed)
    run = access.current_run(session, course.id)
    quiz = session.exec(select(Assessment).where(Assessment.course_id == course.id)).one()
    questions = session.exec(
        select(SectionQuestion)
        .join(AssessmentSection, col(AssessmentSection.id) == col(SectionQuestion.section_id))
        .where(AssessmentSection.assessment_revision_id == quiz.published_revision_id)
        .order_by(col(SectionQuestion.number))
    ).all()
    now, someone = clock.now(), create_person(session, name="Somebody", email=f"hall-{uuid7()}@example.org", password_hash=None)
    enrolled, sat, scores = [], [], []
    for number in range(people):
        # Each person of their own: one person cannot be enrolled twice in a run.
        person = someone if number == 0 else create_person(session, name="Somebody", email=f"hall-{uuid7()}@example.org", password_hash=None)
        enrollment, attempt, skill = uuid7(), uuid7(), chance.gauss(0, 1)
        enrolled.append({"id": enrollment, "run_id": run.id, "course_id": course.id, "person_id": person.id, "status": "active", "enrolled_at": now})
        marks = [_mark(chance, skill, place, len(questions), blanks) for place in range(len(questions))]
        earned = sum(mark is True for mark in marks)
        sat.append(
            {
                "id": attempt,
                "run_id": run.id,
                "course_id": course.id,
                "enrollment_id": enrollment,
                "person_id": person.id,
                "assessment_id": quiz.id,
                "assessment_revision_id": quiz.published_revision_id,
                "number": 1,
                "status": AttemptStatus.SUBMITTED,
                "seed": 1,
                "layout": [],
                "overrides": {},
                "started_at": now,
                "submitted_at": now,
                "score": earned,
                "max_score": len(questions),
                "fraction": Decimal(earned) / len(questions),
            }
        )
        scores += [_score(attempt, question, mark, chance) for question, mark in zip(questions, marks, strict=True)]
    for table, rows in ((Enrollment, enrolled), (Attempt, sat), (QuestionScore, scores)):
        session.flush()
        session.execute(table.__table__.insert(), rows)
    return quiz


def _mark(chance: random.Random, skill: float, place: int, questions: int, blanks: float) -> bool | None:
    if chance.random() < blanks:
        return None
    if place == questions - 1:
        return False
    pull = -0.8 if place == questions - 2 else 1.0
    return chance.random() < 1 / (1 + 2.718 ** -(pull * skill + 1.5 - 3 * place / questions))


def _score(attempt: UUID, question: SectionQuestion, mark: bool | None, chance: random.Random) -> dict[str, object]:
    chosen = 0 if mark else chance.choice((1, 1, 2))
    return {
        "attempt_id": attempt,
        "question_id": question.question_id,
        "question_revision_id": question.question_revision_id,
        "points": question.points,
        "fraction": int(mark is True),
        "score": question.points if mark else 0,
        "outcome": Outcome.BLANK if mark is None else Outcome.CORRECT if mark else Outcome.INCORRECT,
        "tally": [] if mark is None else [["choice", choice_id(chosen)]],
        "graded_at": clock.now(),
    }
