"""A small campus straight through the use cases: an instructor, a student, and a published course with a page, a practice quiz and a final quiz."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring, importing
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people.registration import create_person
from lms_app.interchange import neutral
from lms_app.models import Assessment, Course, Enrollment, Page
from lms_app.words import CompletionRule, QuestionType, Role
from tests.support.measuring import unmeasured
from tests.support.questions import choice_body, choice_id, numeric_body, rich, text_body, true_false_body
from tests.support.remembering import remembered

RIGHT = {
    QuestionType.SINGLE_CHOICE: {"choice": choice_id(0)},
    QuestionType.MULTIPLE_CHOICE: {"choices": [choice_id(0), choice_id(2)]},
    QuestionType.TRUE_FALSE: {"value": True},
    QuestionType.SHORT_TEXT: {"text": "Hypatia"},
    QuestionType.NUMERIC: {"text": "3.14"},
}
"""A right answer to each question of `five_questions`."""

WRONG = {
    QuestionType.SINGLE_CHOICE: {"choice": choice_id(1)},
    QuestionType.MULTIPLE_CHOICE: {"choices": [choice_id(1)]},
    QuestionType.TRUE_FALSE: {"value": False},
    QuestionType.SHORT_TEXT: {"text": "Nobody"},
    QuestionType.NUMERIC: {"text": "2"},
}


def text_block(text: str, number: int = 0) -> dict[str, Any]:
    """A rich text block of one paragraph."""
    return {"id": f"block{number:07}", "type": "rich_text", "content": rich(text)}


def quiz_block(ref: str, number: int = 9) -> dict[str, Any]:
    """A block that places a quiz."""
    return {"id": f"block{number:07}", "type": "quiz", "assessment": ref}


def five_questions(prefix: str = "q") -> tuple[neutral.Question, ...]:
    """One question of each type."""
    tolerance = {"kind": "absolute", "margin": "0.01"}
    bodies = {
        QuestionType.SINGLE_CHOICE: choice_body("1", "0", "0"),
        QuestionType.MULTIPLE_CHOICE: choice_body("0.5", "-0.5", "0.5"),
        QuestionType.TRUE_FALSE: true_false_body(True),
        QuestionType.SHORT_TEXT: text_body("Hypatia"),
        QuestionType.NUMERIC: numeric_body({"value": "3.14", "tolerance": tolerance}),
    }
    return tuple(neutral.Question(ref=f"{prefix}-{type_}", type=type_, title=type_, body=body) for type_, body in bodies.items())


def neutral_course(slug: str = "stones", **final: Any) -> neutral.Course:
    """Two lessons: reading with a practice quiz, a page to mark by hand, and a final quiz to pass. `final` are settings of the final quiz."""
    practice = neutral.Assessment(ref="practice", title="Try it", practice=True, questions=five_questions("p"))
    settings = {"pass_mark": "0.6", "behaviour": "deferred", **final}
    last = neutral.Assessment(ref="final", title="Final quiz", practice=False, questions=five_questions("f"), settings=settings)
    reading = neutral.Lesson(
        ref="l1",
        title="Reading",
        pages=(
            neutral.Page(ref="p1", title="Stones", blocks=(text_block("Stones are old."), quiz_block("practice"))),
            neutral.Page(ref="p2", title="Sand", blocks=(text_block("Sand is young."),), rule=CompletionRule.MANUAL),
        ),
    )
    ending = neutral.Lesson(
        ref="l2",
        title="Final",
        graded=True,
        category="Quizzes",
        pages=(neutral.Page(ref="p3", title="Final quiz", blocks=(quiz_block("final"),), rule=CompletionRule.NONE),),
    )
    module = neutral.Module(ref="m1", title="Ground", lessons=(reading, ending))
    return neutral.Course(
        title="Stones and sand", summary="What lies under us", slug=slug, language="en", modules=(module,), assessments=(practice, last)
    )


@dataclass
class Campus:
    """What a test needs to hand."""

    session: Session
    instructor: Actor
    student: Actor
    course: Course

    @property
    def slug(self) -> str:
        return self.course.slug

    def page(self, title: str) -> Page:
        """The page of this title."""
        return self.session.exec(select(Page).where(Page.course_id == self.course.id, Page.title == title)).one()

    def quiz(self, title: str) -> Assessment:
        """The quiz of this title."""
        return self.session.exec(select(Assessment).where(Assessment.course_id == self.course.id, Assessment.title == title)).one()

    def enroll(self, actor: Actor | None = None) -> Enrollment:
        """The student's enrolment, or another's."""
        return self.session.get_one(Enrollment, enrollments.enroll(self.session, actor or self.student, self.slug))

    def person(self, name: str = "Another Student", **may: bool) -> Actor:
        """One more account."""
        return new_actor(self.session, name, **may)


_made = 0


def new_actor(session: Session, name: str, *, teaches: bool = False) -> Actor:
    """An account that may learn, and teach if it says so."""
    global _made
    _made += 1
    person = create_person(session, name=name, email=f"person{_made}@example.org", password_hash=None, can_teach=teaches)
    return Actor(person_id=person.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR} if teaches else {Role.STUDENT}))


@unmeasured()
def new_campus(session: Session, source: neutral.Course | None = None, *, publish: bool = True) -> Campus:
    """A campus with one course, published unless said otherwise."""
    instructor, student = new_actor(session, "Ines Teacher", teaches=True), new_actor(session, "Ada Learner")
    wanted = source or neutral_course()

    def make() -> Course:
        course = importing.store_course(session, instructor, wanted, store=_keep_nothing)
        if publish:
            authoring.publish_course(session, instructor, course.id)
        return course

    course = make() if wanted.assets else remembered(session, instructor, wanted.slug, f"{publish} {wanted!r}", make)
    return Campus(session=session, instructor=instructor, student=student, course=course)


def _keep_nothing(data: bytes, *, key: bytes) -> str:
    return f"{len(data)}-{len(key)}"
