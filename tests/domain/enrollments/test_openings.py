"""What is locked stays shut wherever a student comes to it, says when it opens, and takes nothing from anybody."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.crypto import INSTALLATION
from lms_app.domain.assessments import attempts, regrading, settling
from lms_app.domain.assessments import queries as quizzes
from lms_app.domain.content.document import parse_document
from lms_app.domain.courses import authoring, availability_editing, files, searching
from lms_app.domain.enrollments import learning, queries, runs
from lms_app.domain.enrollments.openings import openings_of_many
from lms_app.domain.talk import announcements, discussion
from lms_app.errors import Locked, NotFound
from lms_app.models import Enrollment, Lesson, PageRevision, PageView, Person, QuestionRevision, Run, SectionQuestion, StoredFile
from lms_app.words import Hint, QuestionType
from tests.support.campus import Campus, neutral_course, new_campus
from tests.support.regrades import corrected, question_of, sit
from tests.support.statements import statements
from tests.support.writing import write_markdown

TOMORROW = "Opens on 4 May, 09:00."
NOON = datetime.fromisoformat("2026-05-03T12:00:00+00:00")


@pytest.fixture
def campus(session: Session, redis_url: str) -> Iterator[Campus]:
    with clock.moved_to(NOON):
        yield new_campus(session)


def from_(at: str) -> dict[str, Any]:
    return {"kind": "from", "at": at}


TOMORROW_AT_NINE = from_("2026-05-04T09:00")


def after(campus: Campus, title: str) -> dict[str, Any]:
    return {"kind": "after", "node_kind": "page", "node": str(campus.page(title).id)}


def lock(campus: Campus, kind: str, node_id: UUID, *conditions: dict[str, Any], match: str = "all") -> None:
    seen = availability_editing.availability_editor(campus.session, campus.instructor, campus.course.id, kind, node_id).version
    availability_editing.set_availability(
        campus.session, campus.instructor, campus.course.id, kind, node_id, {"match": match, "conditions": list(conditions)}, seen=seen
    )


def lesson(campus: Campus, title: str) -> Lesson:
    return campus.session.exec(select(Lesson).where(Lesson.course_id == campus.course.id, Lesson.title == title)).one()


def picture(campus: Campus) -> StoredFile:
    row = StoredFile(
        key_owner=INSTALLATION, course_id=campus.course.id, purpose="course", filename="a.png", media_type="image/png", size=1, storage_key="x",
        created_at=clock.now(),
    )  # fmt: skip
    campus.session.add(row)
    campus.session.flush()
    return row


def read(campus: Campus, title: str | None = None) -> queries.LearningPage:
    page_id = campus.page(title).id if title else None
    return queries.learning_page(campus.session, campus.student, campus.slug, page_id)


def test_a_locked_page_has_its_title_and_nothing_to_read_and_cannot_be_done(campus: Campus) -> None:
    enrollment = campus.enroll()
    lock(campus, "page", campus.page("Sand").id, TOMORROW_AT_NINE)
    page = read(campus, "Sand")
    assert (page.title, page.blocks, page.headings, page.quizzes, page.locked) == ("Sand", [], [], [], TOMORROW)
    for act in (
        lambda: learning.open_page(campus.session, campus.student, campus.page("Sand").id),
        lambda: learning.mark_complete(campus.session, campus.student, campus.page("Sand").id),
        lambda: learning.heartbeat(campus.session, campus.student, campus.page("Sand").id, seconds=9, reached_end=True),
    ):
        with pytest.raises(Locked, match="Opens on 4 May, 09:00"):
            act()
    assert campus.session.get(PageView, (enrollment.id, campus.page("Sand").id)) is None
    with clock.moved_to(NOON + timedelta(hours=21)):
        assert read(campus, "Sand").blocks
        learning.mark_complete(campus.session, campus.student, campus.page("Sand").id)


def test_the_outline_the_way_on_and_what_rest_reads_say_when(campus: Campus) -> None:
    campus.enroll()
    lock(campus, "page", campus.page("Sand").id, TOMORROW_AT_NINE)
    page = read(campus, "Stones")
    reading, final = page.modules[0].lessons
    assert [(line.title, line.mark, line.locked) for line in reading.pages] == [("Stones", "open", ""), ("Sand", "locked", TOMORROW)]
    assert (page.next_title, page.next_link, page.next_locked) == ("Sand", "", TOMORROW)
    assert page.onward_link == final.link, "the first page after it that is open"
    assert page.opens_again_at == "2026-05-04T09:00:00+00:00"
    marked = queries.marked_outline(campus.session, campus.student, campus.slug).modules[0].lessons[0].pages
    assert [(line.title, line.locked) for line in marked] == [("Stones", ""), ("Sand", TOMORROW)]
    why = queries.progress_view(campus.session, campus.student, campus.slug)
    assert {reason.title: reason.sentence for reason in why.reasons}["Sand"] == TOMORROW


def test_the_cover_of_a_quiz_that_keeps_somebody_out_says_when_to_ask_again(campus: Campus) -> None:
    campus.enroll()
    quiz = campus.quiz("Final quiz")

    def cover() -> tuple[bool, str]:
        shown = quizzes.quiz_cover(campus.session, campus.student, quiz.id)
        return bool(shown.refusal), shown.opens_again_at

    assert cover() == (False, "")
    lock(campus, "quiz", quiz.id, TOMORROW_AT_NINE)
    assert cover() == (True, "2026-05-04T09:00:00+00:00")
    with clock.moved_to(NOON + timedelta(hours=21)):
        assert cover() == (False, "")


def test_the_cover_of_a_quiz_tells_of_its_own_hours_too(session: Session, redis_url: str) -> None:
    campus = new_campus(session, neutral_course("hours", opens_at="2026-05-03T13:00:00Z", closes_at="2026-05-03T14:00:00Z"))
    campus.enroll()
    quiz = campus.quiz("Final quiz").id
    with clock.moved_to(NOON):
        assert quizzes.quiz_cover(session, campus.student, quiz).opens_again_at == "2026-05-03T13:00:00+00:00"
    with clock.moved_to(NOON + timedelta(minutes=90)):
        assert (quizzes.quiz_cover(session, campus.student, quiz).refusal, quizzes.quiz_cover(session, campus.student, quiz).opens_again_at) == (
            "",
            "",
        )
    with clock.moved_to(NOON + timedelta(hours=3)):
        shown = quizzes.quiz_cover(session, campus.student, quiz)
        assert (shown.refusal.startswith("This quiz closed"), shown.opens_again_at) == (True, "")


def test_a_locked_module_says_it_once_and_covers_everything_in_it(campus: Campus) -> None:
    campus.enroll()
    lock(campus, "module", lesson(campus, "Reading").module_id, TOMORROW_AT_NINE)
    page = read(campus)
    (module,) = page.modules
    assert (page.locked, module.locked) == (TOMORROW, TOMORROW)
    assert {(entry.mark, entry.locked) for entry in module.lessons} == {("locked", "")}
    assert {line.locked for entry in module.lessons for line in entry.pages} == {""}
    with pytest.raises(Locked, match=TOMORROW):
        attempts.start(campus.session, campus.student, campus.quiz("Final quiz").id)


def test_a_course_resumes_at_the_first_page_that_is_open(campus: Campus) -> None:
    campus.enroll()
    lock(campus, "lesson", lesson(campus, "Reading").id, TOMORROW_AT_NINE)
    assert read(campus).title == "Final quiz"


def test_a_page_opens_with_what_it_waits_for(campus: Campus) -> None:
    campus.enroll()
    lock(campus, "lesson", lesson(campus, "Final").id, after(campus, "Sand"))
    assert read(campus, "Final quiz").locked == "Opens when you have completed “Sand”."
    learning.mark_complete(campus.session, campus.student, campus.page("Sand").id)
    assert read(campus, "Final quiz").locked == ""


def test_a_page_opens_with_a_score_that_is_released(campus: Campus) -> None:
    campus.enroll()
    lock(campus, "page", campus.page("Sand").id, {"kind": "score", "quiz": str(campus.quiz("Final quiz").id), "percent": 80})
    sit(campus, campus.student, right=3)
    assert read(campus, "Sand").locked == "Opens when you have reached 80\N{NO-BREAK SPACE}% in “Final quiz”."
    sit(campus, campus.student, right=4)
    assert read(campus, "Sand").locked == ""


def test_a_quiz_is_locked_alone_and_an_attempt_that_was_begun_goes_on(campus: Campus) -> None:
    session, student, quiz = campus.session, campus.student, campus.quiz("Try it")
    campus.enroll()
    begun = attempts.start(session, student, quiz.id)
    lock(campus, "quiz", quiz.id, TOMORROW_AT_NINE)
    assert read(campus, "Stones").quizzes[0].locked == "", "who has begun it sees it"
    assert attempts.start(session, student, quiz.id).id == begun.id
    attempts.read(session, student, UUID(begun.id))
    attempts.submit(session, student, UUID(begun.id))
    attempts.result(session, student, UUID(begun.id))
    with pytest.raises(Locked, match=TOMORROW):
        attempts.start(session, student, quiz.id)
    assert quizzes.quiz_cover(session, student, quiz.id).refusal == TOMORROW
    late = campus.person()
    campus.enroll(late)
    assert queries.learning_page(session, late, campus.slug, campus.page("Stones").id).quizzes[0].locked == TOMORROW
    cover = quizzes.quiz_cover(session, late, quiz.id)
    assert (cover.title, cover.refusal, cover.introduction) == ("Try it", TOMORROW, "")
    with pytest.raises(Locked, match=TOMORROW):
        attempts.start(session, late, quiz.id)


def test_a_locked_quiz_keeps_its_introduction_until_it_opens(session: Session, redis_url: str) -> None:
    with clock.moved_to(NOON):
        campus = new_campus(session, neutral_course(introduction="Bring a hammer."))
        campus.enroll()
        quiz = campus.quiz("Final quiz").id
        assert quizzes.quiz_cover(session, campus.student, quiz).introduction == "Bring a hammer."
        lock(campus, "quiz", quiz, TOMORROW_AT_NINE)
        assert quizzes.quiz_cover(session, campus.student, quiz).introduction == ""


def test_what_was_opened_or_done_before_stays(campus: Campus) -> None:
    campus.enroll()
    learning.open_page(campus.session, campus.student, campus.page("Stones").id)
    learning.mark_complete(campus.session, campus.student, campus.page("Sand").id)
    before = queries.progress_view(campus.session, campus.student, campus.slug).done
    lock(campus, "module", lesson(campus, "Reading").module_id, TOMORROW_AT_NINE)
    assert [read(campus, title).locked for title in ("Stones", "Sand", "Final quiz")] == ["", "", TOMORROW]
    learning.heartbeat(campus.session, campus.student, campus.page("Stones").id, seconds=9, reached_end=True)
    assert queries.progress_view(campus.session, campus.student, campus.slug).done == before
    assert read(campus, "Stones").quizzes[0].locked == TOMORROW, "nothing new is begun in it"


def test_files_of_locked_pages_are_not_sent_to_students_and_are_to_staff(campus: Campus) -> None:
    session = campus.session
    enrolled = campus.enroll()
    row = picture(campus)
    for title in ("Sand", "Final quiz"):
        write_markdown(session, campus.instructor, campus.page(title), f"![A dune](file:{row.id})")
        authoring.publish_page(session, campus.instructor, campus.page(title).id)
    assert session.exec(select(PageRevision).where(PageRevision.id == campus.page("Sand").published_revision_id)).one().files == [row.id]
    lock(campus, "page", campus.page("Sand").id, TOMORROW_AT_NINE)
    assert files.course_file(session, campus.student, row.id).filename == "a.png", "it stands on another page, too"
    lock(campus, "lesson", lesson(campus, "Final").id, TOMORROW_AT_NINE)
    with pytest.raises(NotFound):
        files.course_file(session, campus.student, row.id)
    assert files.course_file(session, campus.instructor, row.id).filename == "a.png"
    session.add(PageView(enrollment_id=enrolled.id, page_id=campus.page("Sand").id, first_at=NOON, last_at=NOON))
    session.flush()
    assert files.course_file(session, campus.student, row.id).filename == "a.png", "a page that was opened keeps its pictures"


def test_a_questions_picture_comes_with_the_question_and_stays_with_whoever_was_asked(campus: Campus) -> None:
    session, row = campus.session, picture(campus)
    for actor in (other := campus.person(), campus.student):
        campus.enroll(actor)
    question = question_of(campus, QuestionType.TRUE_FALSE)
    body = session.get_one(QuestionRevision, question.published_revision_id).body
    stem = {"schema_version": 1, "blocks": [{"id": "picturestone", "type": "image", "file": str(row.id), "alt": "A stone"}]}
    drawn = corrected(campus, question, {**body, "stem": stem})
    session.execute(update(SectionQuestion).where(col(SectionQuestion.question_id) == question.id).values(question_revision_id=drawn))
    with pytest.raises(NotFound):
        files.course_file(session, campus.student, row.id)
    sit(campus, campus.student)
    assert files.course_file(session, campus.student, row.id).filename == "a.png"
    regrading.apply(session, campus.instructor, question.id, corrected(campus, question, body))
    assert files.course_file(session, campus.student, row.id).filename == "a.png", "the attempt keeps the question as it was asked"
    with pytest.raises(NotFound):
        files.course_file(session, other, row.id)
    runs.choose_run(session, campus.instructor, campus.course.id, runs.create_run(session, campus.instructor, campus.course.id, title="Again"))
    campus.enroll()
    assert files.course_file(session, campus.student, row.id).filename == "a.png", "the result of an earlier run is still looked at"


def test_a_file_that_an_announcement_links_to_is_sent_to_whom_it_is_for(campus: Campus) -> None:
    session, row, course_id = campus.session, picture(campus), campus.course.id
    for actor in (other := campus.person(), campus.student):
        campus.enroll(actor)
    page = campus.page("Sand").id
    with pytest.raises(NotFound):
        files.course_file(session, campus.student, row.id)
    discussion.ask(session, other, page, "A file", f"[See](/v/files/{row.id})")
    with pytest.raises(NotFound):
        files.course_file(session, other, row.id)
    elsewhere = runs.create_run(session, campus.instructor, course_id, title="Later")
    announcements.write(session, campus.instructor, course_id, "Not you", f"[The plan](/v/files/{row.id})", elsewhere)
    with pytest.raises(NotFound):
        files.course_file(session, campus.student, row.id)
    told = announcements.write(session, campus.instructor, course_id, "The plan", f"[The plan](/v/files/{row.id})")
    assert files.course_file(session, campus.student, row.id).filename == "a.png"
    announcements.remove(session, campus.instructor, told)
    with pytest.raises(NotFound):
        files.course_file(session, campus.student, row.id)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image", "file": "{}", "alt": "A stone"},
        {"type": "video", "file": "0190aaaa-0000-7000-8000-000000000000", "captions": [{"file": "{}", "language": "en"}]},
        {"type": "audio", "file": "{}"},
        {"type": "pdf", "file": "{}", "title": "A plan"},
        {"type": "file", "file": "{}", "title": "A plan"},
        {"type": "html", "html": '<a href="/v/files/{}">Here</a>'},
        {"type": "html", "html": '<a href="https://lyceum.example.org/v/files/{}?download=1">Here</a>'},
        {"type": "html", "html": '<img src="file:{}" alt="">'},
    ],
)
def test_whatever_shows_a_file_on_a_page_opens_it(campus: Campus, block: dict[str, Any]) -> None:
    row, page = picture(campus), campus.page("Sand")
    campus.enroll()
    filled = orjson.loads(orjson.dumps({"id": "block0000001", **block}).replace(b"{}", str(row.id).encode()))
    document = parse_document({"schema_version": 1, "blocks": [filled]}).dump()
    revision = PageRevision(page_id=page.id, number=9, title="Sand", document=document, created_at=clock.now())
    campus.session.add(revision)
    campus.session.flush()
    page.draft_revision_id = revision.id
    with pytest.raises(NotFound):
        files.course_file(campus.session, campus.student, row.id)
    authoring.publish_page(campus.session, campus.instructor, page.id)
    shown = read(campus, "Sand")
    assert str(row.id) in repr(shown), "the page leads there"
    assert files.course_file(campus.session, campus.student, row.id).filename == "a.png"


def test_a_search_says_that_a_page_is_locked(campus: Campus) -> None:
    campus.enroll()
    lock(campus, "page", campus.page("Sand").id, TOMORROW_AT_NINE)
    found = {entry.title: entry.kind for entry in searching.find(campus.session, campus.student, "s") if entry.href.startswith("/learn")}
    assert found == {"Sand": "Stones and sand · locked", "Stones": "Stones and sand"}


def test_dates_are_the_runs_and_are_read_in_the_students_zone(campus: Campus) -> None:
    enrollment = campus.enroll()
    campus.session.get_one(Run, enrollment.run_id).time_zone = "Europe/Berlin"
    campus.session.get_one(Person, campus.student.person_id).time_zone = "Asia/Tokyo"
    campus.session.flush()
    lock(campus, "page", campus.page("Sand").id, TOMORROW_AT_NINE)
    assert read(campus, "Sand").locked == "Opens on 4 May, 16:00."
    lock(campus, "page", campus.page("Sand").id, {"kind": "days", "days": 7})
    assert read(campus, "Sand").locked == "Opens 7 days after you enrolled: on 10 May, 07:00."


def test_a_course_costs_as_many_statements_however_much_of_it_is_locked(campus: Campus) -> None:
    campus.enroll()
    free = cost(campus)
    lock(campus, "page", campus.page("Sand").id, TOMORROW_AT_NINE)
    one = cost(campus)
    lock(campus, "lesson", lesson(campus, "Final").id, after(campus, "Sand"))
    for number in range(8):
        page = authoring.add_page(campus.session, campus.instructor, lesson(campus, "Reading").id, f"Layer {number}")
        authoring.publish_page(campus.session, campus.instructor, page.id)
        lock(campus, "page", page.id, after(campus, "Sand" if number % 2 else "Stones"))
    assert cost(campus) == one
    assert one - free == 4, "zones, ledger, pages and quizzes begun: once for the course"


def cost(campus: Campus) -> int:
    campus.session.expire_all()
    read(campus, "Stones")
    campus.session.expire_all()
    with statements(campus.session) as made:
        read(campus, "Stones")
    return len(made)


def test_many_students_are_looked_at_by_as_many_statements_as_one(campus: Campus) -> None:
    lock(campus, "page", campus.page("Sand").id, TOMORROW_AT_NINE)
    several: list[Enrollment] = [campus.enroll(campus.person()) for _ in range(4)]
    with statements(campus.session) as one:
        openings_of_many(campus.session, several[:1])
    with statements(campus.session) as many:
        found = openings_of_many(campus.session, several)
    assert len(many) == len(one)
    assert {each.lock(campus.page("Sand").id) for each in found.values()} == {TOMORROW}


def test_open_pages_hear_of_a_score_that_completes_nothing(campus: Campus, monkeypatch: pytest.MonkeyPatch) -> None:
    campus.enroll()
    sit(campus, campus.student, right=0)
    told: list[tuple[Hint, UUID]] = []
    monkeypatch.setattr(pubsub, "hint", lambda kind, subject, version=0: told.append((kind, subject)))
    monkeypatch.setattr(settling, "after_commit", lambda session, call, **_: call())
    sit(campus, campus.student, right=1)
    assert (Hint.PROGRESS, campus.student.person_id) in told
