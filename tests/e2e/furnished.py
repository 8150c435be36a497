"""A campus with something on every page: a course with every kind of block, a student half-way through one course and done with another."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from lms_app.adapters import clock, passwords, storage
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts
from lms_app.domain.certificates import issuing
from lms_app.domain.content.rich_text import from_markdown
from lms_app.domain.courses import access, authoring, importing
from lms_app.domain.enrollments import address_invitations, enrollments, invitation_links, learning, prerequisites, runs, seats
from lms_app.domain.enrollments.runs import RunForm
from lms_app.domain.notifications import deliveries, inbox
from lms_app.domain.people.registration import create_person
from lms_app.domain.reports import reports, schedules
from lms_app.domain.reports.sources import Asked
from lms_app.domain.talk import announcements, discussion
from lms_app.errors import Undelivered
from lms_app.interchange import neutral
from lms_app.models import Answer, Assessment, Certificate, Course, NotificationDelivery, Page, Person, Question
from lms_app.words import CompletionRule, EnrollmentPolicy, NotificationKind, QuestionType, ReportFormat, ReportKind, ReportRhythm, Role
from tests.e2e.conftest import PASSWORD
from tests.support.campus import RIGHT, WRONG, five_questions, neutral_course, quiz_block, text_block

STUDENT = "mara.pages@example.org"
INSTRUCTOR = "ines.pages@example.org"
ADMIN = "root.pages@example.org"
LONG_TITLE = "Reading the ground under a town: maps, boreholes, old wells and what the people who dug them wrote down"

PROSE = """
A paragraph with *stress*, `code` and [a link](https://example.org).

## A first heading

- one
- two

1. first
2. second

> Somebody said so.

### A smaller heading

| Stone | Age in million years |
| --- | --- |
| Slate | 450 |
| Chalk | 80 |

## A second heading

The end.
"""

EVERY_BLOCK: tuple[dict[str, Any], ...] = (
    {"type": "rich_text", "content": from_markdown(PROSE)},
    {"type": "image", "file": "", "alt": "A quarry seen from above"},
    {"type": "callout", "tone": "note", "content": from_markdown("A note.")},
    {"type": "callout", "tone": "tip", "content": from_markdown("A tip.")},
    {"type": "callout", "tone": "careful", "content": from_markdown("Take care.")},
    {
        "type": "code",
        "language": "python",
        "text": "for stone in quarry:\n    print(stone, " + '"a line that is longer than any phone is wide", ' * 3 + ")",
    },
    {"type": "maths", "tex": r"\rho = \frac{m}{V} + a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v + w"},
    {"type": "embed", "url": "https://example.org/map", "title": "A map"},
    {"type": "file", "file": "", "title": "Field notes"},
    {"type": "html", "html": "<p>From elsewhere: <em>kept as it was</em>.</p>"},
)


@dataclass(frozen=True, kw_only=True)
class Furnished:
    """Where to find what was put there. Ids and codes as they stand in addresses."""

    slug: str
    course_id: str
    page_id: str
    open_quiz: str
    submitted_quiz: str
    submitted_question: str
    final_quiz: str
    certificate: str
    invitation: str
    """What stands in an invitation link into the course."""
    thread: str
    enrollment: str


def furnish() -> Furnished:
    """Puts it there by the use cases, straight into the database that the running installation uses."""
    with transaction() as session:
        instructor = _new_actor(session, "Ines Okafor", INSTRUCTOR, teaches=True)
        student = _new_actor(session, "Mara Lindqvist", STUDENT)
        _administer(session, _new_actor(session, "Rosa Root", ADMIN))
        finished = _new_course(session, instructor, neutral_course("pages-finished"))
        current = _new_course(session, instructor, _course_of_everything())
        for course in (finished, current):
            enrollments.enroll(session, student, course.slug)
        _finish(session, student, finished)
        certificate = session.get_one(Certificate, issuing.award(session, enrollments.enroll(session, student, finished.slug)))
        page = _page(session, current, LONG_TITLE)
        learning.open_page(session, student, page)
        _reports(session, instructor, current.id)
        practice = _quiz(session, current, "Try it")
        sheet = attempts.start(session, student, practice)
        _answer(session, sheet.id, [(q.id, q.type) for q in sheet.questions][:2], WRONG)
        attempts.check(session, student, UUID(sheet.id), UUID(sheet.questions[0].id))
        return Furnished(
            slug=current.slug,
            course_id=str(current.id),
            page_id=str(page),
            open_quiz=str(practice),
            submitted_quiz=str(_quiz(session, finished, "Final quiz")),
            submitted_question=str(session.exec(select(Question.id).where(Question.course_id == finished.id, Question.title == "numeric")).all()[-1]),
            final_quiz=str(_quiz(session, current, "Final quiz")),
            certificate=certificate.code,
            invitation=_enrolment(session, instructor, current, finished),
            enrollment=str(enrollments.enroll(session, student, current.slug)),
            thread=_talk(session, instructor, student, current.id, page),
        )


def _course_of_everything() -> neutral.Course:
    blocks = tuple(block | {"id": f"every{number:07}"} for number, block in enumerate(EVERY_BLOCK))
    practice = neutral.Assessment(ref="practice", title="Try it", practice=True, questions=five_questions("p"), settings={"behaviour": "immediate"})
    final = neutral.Assessment(
        ref="final", title="Final quiz", practice=False, questions=five_questions("f"), settings={"pass_mark": "0.6", "time_limit": 1800}
    )
    everything = neutral.Page(ref="p1", title=LONG_TITLE, blocks=(*blocks, quiz_block("practice")))
    by_hand = neutral.Page(ref="p2", title="Sand", blocks=(text_block("Sand is young."),), rule=CompletionRule.MANUAL)
    last = neutral.Page(ref="p3", title="Final quiz", blocks=(quiz_block("final"),), rule=CompletionRule.NONE)
    reading = neutral.Lesson(ref="l1", title="Reading", pages=(everything, by_hand))
    ending = neutral.Lesson(ref="l2", title="Final", graded=True, category="Quizzes", pages=(last,))
    module = neutral.Module(ref="m1", title="Ground", lessons=(reading, ending))
    return neutral.Course(
        title=LONG_TITLE, summary="Everything at once.", slug="pages-current", language="en", modules=(module,), assessments=(practice, final)
    )


def _enrolment(session: Session, teacher: Actor, course: Course, before: Course) -> str:
    """Lets the course be full and by code, with somebody waiting, one invited, and another course before it. Gives what is in an invitation link."""
    runs.set_up(session, teacher, course.id, RunForm(time_zone="Europe/Berlin", seats="1", policy=EnrollmentPolicy.CODE))
    waiter = _new_actor(session, "Wanda Waiting", "wanda.pages@example.org")
    run = access.current_run(session, course.id)
    seats.queue(session, run, waiter.person_id)
    address_invitations.invite(session, teacher, run, [address_invitations.Invitee(email="invited.pages@example.org", name="Nia", holds_seat=False)])
    prerequisites.require(session, teacher, course.id, before.id)
    runs.create_run(session, teacher, course.id, title="Autumn 2036", opens_on="2036-10-01")
    return invitation_links.make(session, teacher, course.id, label="Autumn flyer").address.rpartition("/")[2]


def _talk(session: Session, teacher: Actor, student: Actor, course_id: UUID, page_id: UUID) -> str:
    """A thread with an answer, one that waits, one that was reported, and an announcement. Gives the first."""
    thread = discussion.ask(session, student, page_id, "Which map is the oldest?", "The *first* one, or the one after it?\n\n- one\n- two")
    discussion.accept(session, student, thread, discussion.reply(session, teacher, thread, "The first, @Mara Lindqvist. See `legend.txt`."))
    rude = discussion.ask(session, student, page_id, LONG_TITLE, "This is " + "so " * 80 + "long.")
    discussion.report(session, student, discussion.reply(session, teacher, rude, "It is."), "It is short.")
    discussion.ask(session, student, page_id, "Who drew it?", "Nobody says.")
    announcements.write(session, teacher, course_id, "No class on Friday", "We meet again **on Monday**.")
    return str(thread)


def _reports(session: Session, teacher: Actor, course_id: UUID) -> None:
    """One that is made, one that could not be, and a schedule that rests."""
    reports.order(session, teacher, course_id, Asked(kind=ReportKind.STUDENTS), ReportFormat.CSV)
    failed = reports.order(session, teacher, course_id, Asked(kind=ReportKind.ACTIVITY), ReportFormat.PDF)
    reports.refuse(session, failed, "The group is gone.")
    wish = schedules.Wish(
        kind=ReportKind.GRADEBOOK, format=ReportFormat.XLSX, rhythm=ReportRhythm.MONTHLY, day=31, zone="Europe/Berlin", recipients=[teacher.person_id]
    )
    schedules.pause(session, teacher, schedules.create(session, teacher, course_id, wish))
    schedules.create(session, teacher, course_id, wish)


def _new_actor(session: Session, name: str, email: str, *, teaches: bool = False) -> Actor:
    person = create_person(session, name=name, email=email, password_hash=passwords.hash_password(PASSWORD), can_teach=teaches)
    return Actor(person_id=person.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR} if teaches else {Role.STUDENT}))


def _administer(session: Session, admin: Actor) -> None:
    """Lets somebody administer, and a mail to them be refused."""

    def refused(*_: object, **__: object) -> None:
        raise Undelivered("The mail server refuses the address (550).", for_good=True, gone=True)

    person = session.get_one(Person, admin.person_id)
    person.can_administer = True
    session.add(person)
    inbox.deliver(session, admin.person_id, NotificationKind.IMPORT_FAILED, unique_key=f"refused:{admin.person_id}")
    for delivery_id in session.exec(select(NotificationDelivery.id).where(NotificationDelivery.person_id == admin.person_id)).all():
        deliveries.send(session, delivery_id, mail=refused, push=refused)


def _new_course(session: Session, instructor: Actor, source: neutral.Course) -> Course:
    course = importing.store_course(session, instructor, source, store=storage.put)
    authoring.publish_course(session, instructor, course.id)
    return course


def _finish(session: Session, student: Actor, course: Course) -> None:
    stones, sand = _page(session, course, "Stones"), _page(session, course, "Sand")
    with clock.moved_to(clock.now() - timedelta(minutes=2)):
        learning.open_page(session, student, stones)
    learning.heartbeat(session, student, stones, seconds=30, reached_end=True)
    learning.mark_complete(session, student, sand)
    sheet = attempts.start(session, student, _quiz(session, course, "Final quiz"))
    questions = [(question.id, question.type) for question in sheet.questions]
    _answer(session, sheet.id, questions[:1], WRONG)
    _answer(session, sheet.id, questions[1:], RIGHT)
    attempts.submit(session, student, UUID(sheet.id))


def _answer(session: Session, attempt_id: str, questions: list[tuple[str, str]], responses: dict[QuestionType, Any]) -> None:
    for question_id, type_ in questions:
        response = responses[QuestionType(type_)]
        session.add(Answer(attempt_id=UUID(attempt_id), question_id=UUID(question_id), response=response, sequence=1, saved_at=clock.now()))
    session.flush()


def _page(session: Session, course: Course, title: str) -> UUID:
    return session.exec(select(Page.id).where(Page.course_id == course.id, Page.title == title)).one()


def _quiz(session: Session, course: Course, title: str) -> UUID:
    return session.exec(select(Assessment.id).where(Assessment.course_id == course.id, Assessment.title == title)).one()
