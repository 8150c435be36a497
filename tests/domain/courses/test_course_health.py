"""The health of a course: found with the save, and by a look at the whole; read in order; set aside until its node changes."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text, update
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.assessments import question_bank, quiz_authoring, quiz_sections
from lms_app.domain.content.document import parse_document
from lms_app.domain.content.markdown import markdown_of_document
from lms_app.domain.courses import authoring, course_health, duplicating, health, node_health, page_drafts
from lms_app.domain.courses.health import CourseHealth
from lms_app.domain.courses.health_rules import RULES_VERSION
from lms_app.errors import Invalid, NotFound
from lms_app.models import (
    Assessment,
    Course,
    CourseCheck,
    CourseFinding,
    Membership,
    Module,
    NodeReference,
    OutboxMessage,
    Page,
    PageRevision,
    QuestionRevision,
    StoredFile,
)  # fmt: skip
from lms_app.words import CompletionRule, QuestionType, Severity, StaffRole, Status
from tests.support import asked
from tests.support.campus import Campus, neutral_course, new_actor, new_campus, text_block
from tests.support.exam_hall import exam_course, fill_hall
from tests.support.large_course import large_course
from tests.support.writing import write_markdown

MOST_SECONDS = 0.4
"""Processor time of this process for a look at 1,000 pages and 3,000 questions: what is left of half a second is the database's. A clock on the wall
would tell how busy the machine is."""


@pytest.fixture
def campus(session: Session) -> Campus:
    return new_campus(session)


def large_campus(session: Session, pages: int, *, every: int = 10) -> Campus:
    """A published course of many pages, of which the session holds nothing."""
    campus = new_campus(session, large_course(pages, slug=f"course-of-{pages}", every=every), publish=False)
    for table in (Page, Assessment):
        here = update(table).where(col(table.course_id) == campus.course.id)
        session.execute(here.values(published_revision_id=col(table.draft_revision_id), status=Status.PUBLISHED))
    campus.course.status = Status.PUBLISHED
    session.flush()
    session.expunge_all()
    return campus


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    made: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        made.append(statement)

    event.listen(session.connection(), "before_cursor_execute", note)
    yield made
    event.remove(session.connection(), "before_cursor_execute", note)


def save(campus: Campus, title: str, markdown: str) -> Page:
    page = campus.page(title)
    write_markdown(campus.session, campus.instructor, page, markdown)
    return page


def write(campus: Campus, title: str, *blocks: dict[str, Any]) -> Page:
    page = campus.page(title)
    authoring.write_revision(campus.session, page, title, {"schema_version": 1, "blocks": list(blocks)}, campus.instructor.person_id)
    return page


def looked(campus: Campus, **filters: Any) -> CourseHealth:
    course_health.check(campus.session, campus.course.id)
    return read(campus, **filters)


def read(campus: Campus, **filters: Any) -> CourseHealth:
    return health.health(campus.session, campus.instructor, campus.course.id, **filters)


def codes(found: CourseHealth) -> list[str]:
    return [line.code for line in found.lines]


def test_what_is_to_mend_on_a_page_is_found_with_its_save_and_gone_with_the_next(campus: Campus) -> None:
    save(campus, "Sand", "Sand is young.\n\n![](01890a5d-ac96-774b-bcce-b302099a8057)")
    (line,) = read(campus).lines
    assert (line.code, line.title, line.place) == ("picture_without_description", "Sand", "Ground › Reading")
    assert line.address == f"/teach/pages/{campus.page('Sand').id}?block={line.block}"
    save(campus, "Sand", "Sand is young.")
    assert read(campus).lines == []


def test_a_question_is_looked_at_as_it_is_saved_and_leads_to_its_quiz(campus: Campus) -> None:
    quiz = campus.quiz("Try it")
    form = {"stem": "Which?", "choices": [{"text": "Slate", "right": True}, {"text": "slate"}, {"text": "Chalk"}]}
    question = asked.add_question(campus.session, campus.instructor, quiz.id, QuestionType.SINGLE_CHOICE, form, "1")
    (line,) = read(campus).lines
    assert (line.code, line.place) == ("choices_equal", "Ground › Reading › Stones › Try it")
    assert line.address == f"/teach/quizzes/{quiz.id}?question={question}"
    quiz_authoring.remove_question(campus.session, campus.instructor, quiz.id, question)
    (line,) = read(campus).lines
    assert line.address == f"/teach/questions/{question}"


def test_a_copy_has_to_be_told_what_its_original_has(campus: Campus) -> None:
    form = {"stem": "Which?", "choices": [{"text": "Slate", "right": True}, {"text": "slate"}, {"text": "Chalk"}]}
    asked.add_question(campus.session, campus.instructor, campus.quiz("Try it").id, QuestionType.SINGLE_CHOICE, form, "1")
    duplicating.duplicate(campus.session, campus.instructor, "page", campus.page("Stones").id)
    assert [line.code for line in read(campus).lines] == ["choices_equal", "choices_equal"]


def test_a_quiz_without_questions_says_so_until_it_has_one(campus: Campus) -> None:
    quiz = quiz_authoring.add_quiz(campus.session, campus.instructor, campus.page("Sand").id, title="Later", practice=False)
    assert codes(read(campus)) == ["quiz_without_questions"]
    asked.add_question(
        campus.session, campus.instructor, quiz.id, QuestionType.TRUE_FALSE, {"stem": "So?", "answer": "true"}, "1"
    )  # fmt: skip
    assert read(campus).lines == []


def test_an_import_is_looked_at_as_it_comes_in(session: Session) -> None:
    source = neutral_course()
    module = source.modules[0]
    first, second = module.lessons[0].pages
    lost = {"id": "block0000005", "type": "image", "file": "lost.png", "alt": "lost.png"}
    pages = (replace(first, blocks=(*first.blocks, lost)), second)
    source = replace(source, modules=(replace(module, lessons=(replace(module.lessons[0], pages=pages), module.lessons[1])),))
    campus = new_campus(session, source)
    assert codes(read(campus)) == ["description_is_a_file_name"]
    assert codes(looked(campus)) == ["file_missing", "description_is_a_file_name"], "the file is missed by a look at the whole"


def test_a_question_whose_type_asks_for_more_than_is_stored_stops_its_quiz(campus: Campus) -> None:
    quiz = campus.quiz("Final quiz")
    for line in quiz_authoring.lines_of(campus.session, quiz):
        campus.session.execute(
            update(QuestionRevision).where(col(QuestionRevision.id) == line.revision_id, col(QuestionRevision.type) != "numeric").values(body={})
        )
    campus.session.get_one(CourseCheck, campus.course.id, populate_existing=True).rules = RULES_VERSION - 1
    campus.session.flush()
    campus.session.expire_all()
    found = looked(campus)
    assert Counter(codes(found)) == {"question_without_key": 4, "pass_mark_unreachable": 1}
    assert next(line.sentence for line in found.lines if line.code == "pass_mark_unreachable") == (
        "To pass takes 60 %, and the best answers together earn 20 %."
    )


def test_a_course_in_good_health_has_nothing_to_mend(campus: Campus) -> None:
    found = looked(campus)
    assert (found.lines, found.errors, found.warnings, found.hints, found.total) == ([], 0, 0, 0, 0)
    assert found.checked


def test_links_between_pages_are_followed(campus: Campus) -> None:
    sand = campus.page("Sand")
    save(campus, "Stones", f"[On to sand](page:{sand.id}) and [nowhere](page:{uuid4()})")
    authoring.publish_page(campus.session, campus.instructor, campus.page("Stones").id)
    assert [line.code for line in looked(campus).lines if line.code.startswith("link")] == ["link_to_nothing"]
    authoring.archive(campus.session, campus.instructor, "page", sand.id)
    line = next(line for line in looked(campus).lines if line.code == "link_to_nothing")
    assert "1 more time" in line.sentence


def test_files_are_missed_where_the_course_does_not_have_them(campus: Campus) -> None:
    def stored(course_id: UUID) -> UUID:
        row = StoredFile(
            key_owner=UUID(int=0), course_id=course_id, purpose="course", filename="a.png", media_type="image/png", size=1, storage_key="x",
            created_at=clock.now(),
        )  # fmt: skip
        campus.session.add(row)
        campus.session.flush()
        return row.id

    other = authoring.create_course(campus.session, campus.instructor, title="Other")
    own, foreign = stored(campus.course.id), stored(other.id)
    picture = {"type": "image", "alt": "A stone"}
    write(campus, "Sand", {"id": "block0000001", **picture, "file": str(own)}, {"id": "block0000002", **picture, "file": str(foreign)})
    assert [(line.code, line.block) for line in looked(campus).lines] == [("file_missing", "block0000002")]


def test_what_stands_in_no_place_any_more_is_not_told_of(campus: Campus) -> None:
    write(campus, "Sand")
    assert codes(looked(campus)) == ["page_empty"]
    authoring.archive(campus.session, campus.instructor, "page", campus.page("Sand").id)
    assert looked(campus).lines == []


def test_an_empty_module_and_an_empty_lesson_lead_to_the_builder(campus: Campus) -> None:
    module = authoring.add_module(campus.session, campus.instructor, campus.course.id, "Sky")
    (line,) = looked(campus).lines
    assert (line.code, line.title, line.address) == ("module_empty", "Sky", f"/teach/courses/{campus.course.id}?module={module.id}")
    lesson = authoring.add_lesson(campus.session, campus.instructor, module.id, "Clouds")
    authoring.archive(campus.session, campus.instructor, "page", campus.page("Clouds").id)
    (line,) = looked(campus).lines
    assert (line.code, line.place, line.address) == ("lesson_empty", "Sky", f"/teach/courses/{campus.course.id}?lesson={lesson.id}")


def test_changes_that_wait_for_a_week_are_told_of(campus: Campus) -> None:
    save(campus, "Sand", "Sand is very young.")
    assert looked(campus).lines == []
    with clock.moved_by(timedelta(days=8)):
        assert codes(looked(campus)) == ["changes_wait"]
        authoring.publish_page(campus.session, campus.instructor, campus.page("Sand").id)
        assert looked(campus).lines == []


def test_a_pool_is_counted_as_it_is_drawn(campus: Campus) -> None:
    session, teacher, quiz = campus.session, campus.instructor, campus.quiz("Final quiz")
    top = question_bank.add_category(session, teacher, campus.course.id, "Rocks")
    below = question_bank.add_category(session, teacher, campus.course.id, "Slate", top)
    practice = quiz_authoring.lines_of(session, campus.quiz("Try it"))
    for line, category in zip(practice, (top, below), strict=False):
        question_bank.put_in_category(session, teacher, line.question_id, category)
    question_bank.put_in_category(session, teacher, quiz_authoring.lines_of(session, quiz)[0].question_id, top)
    quiz_sections.add_pool(session, teacher, quiz.id, 0, category_id=top, tags="", count="3", points="1")
    (line,) = looked(campus).lines
    assert line.sentence == "A pool asks for 3 questions and finds 2.", "what the quiz asks anyhow is not drawn again"
    question_bank.put_in_category(session, teacher, practice[2].question_id, below)
    assert looked(campus).lines == []


def test_questions_that_nobody_gets_right_or_the_wrong_people_do_are_told_of(session: Session) -> None:
    teacher = new_actor(session, "Ines Teacher", teaches=True)
    course = exam_course(session, teacher, "hall", 8)
    fill_hall(session, course, 60)
    fold_everything(session, course)
    course_health.check(session, course.id)
    found = {(line.code, line.title) for line in health.health(session, teacher, course.id).lines}
    assert ("nobody_right", "Question 7") in found
    assert ("better_students_do_worse", "Question 6") in found


def fold_everything(session: Session, course: Course) -> None:
    from lms_app.domain.analytics import statistics_fold

    statistics_fold.recount(session)


def test_findings_come_gravest_first_then_in_the_order_of_the_course(campus: Campus) -> None:
    write(campus, "Sand", {"id": "block0000001", "type": "html", "html": "<p>Old</p>"})
    write(
        campus, "Stones", {"id": "block0000001", "type": "html", "html": "<p>Old</p>"}, {"id": "block0000002", "type": "image", "file": "", "alt": ""}
    )
    found = looked(campus)
    assert [(line.severity, line.title) for line in found.lines] == [
        ("error", "Stones"), ("warning", "Stones"), ("hint", "Stones"), ("hint", "Sand"), ("hint", "Try it"),
    ][: len(found.lines)]  # fmt: skip
    assert (found.errors, found.warnings) == (1, 1)
    assert {line.severity for line in looked(campus, severity=Severity.HINT).lines} == {"hint"}


def test_a_finding_is_set_aside_with_a_reason_and_comes_back_when_its_node_changes(campus: Campus) -> None:
    html = {"id": "block0000001", "type": "html", "html": "<p>Old</p>"}
    write(campus, "Sand", html)
    (line,) = looked(campus).lines
    with pytest.raises(Invalid):
        health.dismiss(campus.session, campus.instructor, campus.course.id, UUID(line.id), "  ")
    health.dismiss(campus.session, campus.instructor, campus.course.id, UUID(line.id), "It is a  poem")
    found = looked(campus)
    assert (found.lines, found.hints, found.dismissed) == ([], 0, 1)
    assert [aside.reason for aside in read(campus, dismissed=True).lines] == ["It is a poem"]
    write(campus, "Sand", html, text_block("More."))
    assert codes(read(campus)) == ["html_left_over"]
    assert read(campus).dismissed == 0


def test_a_finding_of_the_whole_is_set_aside_until_what_it_is_about_changes(campus: Campus) -> None:
    module = authoring.add_module(campus.session, campus.instructor, campus.course.id, "Sky")
    (line,) = looked(campus).lines
    health.dismiss(campus.session, campus.instructor, campus.course.id, UUID(line.id), "Comes in May")
    save(campus, "Sand", "Sand is very young.")
    assert looked(campus).lines == [], "another node has changed"
    authoring.rename(campus.session, campus.instructor, "module", module.id, "The sky")
    assert codes(looked(campus)) == ["module_empty"]


def test_what_was_set_aside_can_be_taken_up_again(campus: Campus) -> None:
    write(campus, "Sand")
    (line,) = read(campus).lines
    health.dismiss(campus.session, campus.instructor, campus.course.id, UUID(line.id), "Later")
    health.dismiss(campus.session, campus.instructor, campus.course.id, UUID(line.id), "Much later")
    assert [aside.reason for aside in read(campus, dismissed=True).lines] == ["Much later"]
    health.restore(campus.session, campus.instructor, campus.course.id, UUID(line.id))
    assert codes(read(campus)) == ["page_empty"]


def test_errors_and_warnings_are_counted_for_the_tab(campus: Campus) -> None:
    write(campus, "Sand")
    write(campus, "Final quiz", {"id": "block0000001", "type": "html", "html": "<p>Old</p>"})
    assert health.to_mend(campus.session, campus.instructor, campus.course.id) == 1


def test_findings_are_read_fifty_at_a_time(session: Session) -> None:
    campus = large_campus(session, 60, every=1)
    first, last = read(campus), read(campus, page=2)
    assert (first.total, first.pages, len(first.lines), len(last.lines)) == (60, 2, 50, 10)
    assert read(campus, page=99).page == 2
    assert [line.title for line in (first.lines[0], last.lines[-1])] == ["Page 1", "Page 60"]


def test_only_who_authors_a_course_reads_or_sets_aside(campus: Campus) -> None:
    write(campus, "Sand")
    (line,) = read(campus).lines
    grader, other = (new_actor(campus.session, name, teaches=True) for name in ("Gil Grader", "Otto Other"))
    campus.session.add(Membership(course_id=campus.course.id, person_id=grader.person_id, role=StaffRole.GRADER, created_at=clock.now()))
    own = authoring.create_course(campus.session, other, title="Own")
    for stranger in (grader, other, campus.student):
        for attempt in (health.health, health.to_mend, health.freshen, health.check_now):
            with pytest.raises(NotFound):
                attempt(campus.session, stranger, campus.course.id)
        with pytest.raises(NotFound):
            health.dismiss(campus.session, stranger, campus.course.id, UUID(line.id), "Mine")
    with pytest.raises(NotFound):
        health.dismiss(campus.session, other, own.id, UUID(line.id), "By way of my own course")
    assert codes(read(campus)) == ["page_empty"]


def checks_asked(session: Session) -> int:
    return len(session.exec(select(OutboxMessage).where(OutboxMessage.job == node_health.CHECK)).all())


def test_many_saves_ask_for_one_look_and_the_first_after_it_began_for_another(campus: Campus) -> None:
    course_health.begin(campus.session, campus.course.id)
    before = checks_asked(campus.session)
    save(campus, "Sand", "One.")
    save(campus, "Sand", "Two.")
    authoring.add_module(campus.session, campus.instructor, campus.course.id, "Sky")
    assert checks_asked(campus.session) == before + 1
    assert read(campus).waiting
    course_health.begin(campus.session, campus.course.id)
    save(campus, "Sand", "Three.")
    assert checks_asked(campus.session) == before + 2


def test_another_rule_of_completion_asks_for_a_look(campus: Campus) -> None:
    course_health.begin(campus.session, campus.course.id)
    before = checks_asked(campus.session)
    page_drafts.set_rule(campus.session, campus.instructor, campus.page("Sand").id, rule=CompletionRule.NONE, required=False)
    assert checks_asked(campus.session) == before + 1


@pytest.mark.parametrize(
    "change",
    [
        lambda campus, node: authoring.publish_page(campus.session, campus.instructor, campus.page("Sand").id),
        lambda campus, node: authoring.archive(campus.session, campus.instructor, "page", campus.page("Sand").id),
        lambda campus, node: authoring.unpublish_course(campus.session, campus.instructor, campus.course.id),
        lambda campus, node: authoring.rename(campus.session, campus.instructor, "module", node, "Rocks"),
        lambda campus, node: quiz_authoring.save_settings(campus.session, campus.instructor, campus.quiz("Final quiz").id, title="Last", settings={}),
    ],
)
def test_whatever_changes_the_course_asks_for_a_look(campus: Campus, change: Any) -> None:
    course_health.begin(campus.session, campus.course.id)
    before = checks_asked(campus.session)
    change(campus, campus.session.exec(select(Module.id).where(Module.course_id == campus.course.id)).one())
    assert checks_asked(campus.session) == before + 1


def test_a_course_that_was_looked_through_long_ago_or_by_other_checks_is_again(campus: Campus) -> None:
    looked(campus)
    course_health.begin(campus.session, campus.course.id)
    before = checks_asked(campus.session)

    def asked_by_reading() -> int:
        health.freshen(campus.session, campus.instructor, campus.course.id)
        return checks_asked(campus.session) - before

    assert asked_by_reading() == 0
    with clock.moved_by(timedelta(hours=2)):
        assert asked_by_reading() == 1
        assert asked_by_reading() == 1, "that one waits"
    looked(campus)
    course_health.begin(campus.session, campus.course.id)
    campus.session.get_one(CourseCheck, campus.course.id, populate_existing=True).rules = 0
    assert asked_by_reading() == 2


def test_other_checks_look_at_every_node_anew_and_find_the_same(campus: Campus) -> None:
    write(
        campus, "Sand", {"id": "block0000001", "type": "html", "html": "<p>Old</p>"}, {"id": "block0000002", "type": "image", "file": "", "alt": ""}
    )
    quiz_authoring.add_quiz(campus.session, campus.instructor, campus.page("Final quiz").id, title="Later", practice=False)
    found = looked(campus)
    assert len(found.lines) == 4
    needed = len(campus.session.exec(select(NodeReference)).all())
    for table in (CourseFinding, NodeReference):
        for row in campus.session.exec(select(table)).all():
            campus.session.delete(row)
    campus.session.get_one(CourseCheck, campus.course.id, populate_existing=True).rules = 0
    campus.session.flush()
    assert looked(campus).lines == found.lines
    assert len(campus.session.exec(select(NodeReference)).all()) == needed


def test_a_look_at_1000_pages_and_3000_questions_takes_less_than_half_a_second(session: Session) -> None:
    campus = large_campus(session, 1000)
    quiz = campus.quiz("Quiz 1")
    quiz_sections.add_pool(session, campus.instructor, quiz.id, 0, category_id=None, tags="", count="5", points="1")
    # What autovacuum does within a minute of an import. It cannot here: nothing of this is committed, and what it knows is of an empty database.
    session.execute(text("ANALYZE"))
    course_health.check(session, campus.course.id)
    took: list[float] = []
    for _ in range(5):
        began = time.process_time()
        with statements(session) as made:
            course_health.check(session, campus.course.id)
        took.append(time.process_time() - began)
    assert min(took) < MOST_SECONDS, took
    assert len(made) < 25
    with statements(session) as made:
        assert read(campus).total > 100
    assert len(made) < 15


def test_a_save_costs_the_same_in_a_small_course_and_in_a_large_one(session: Session) -> None:
    counted: list[int] = []
    for pages in (10, 100):
        campus = large_campus(session, pages)
        page = campus.page("Page 2")
        text = markdown_of_document(parse_document(session.get_one(PageRevision, page.draft_revision_id).document))
        course_health.begin(session, campus.course.id)
        with statements(session) as made:
            save(campus, "Page 2", f"{text}\n\nOne more line.")
        counted.append(len(made))
    assert counted[0] == counted[1]
