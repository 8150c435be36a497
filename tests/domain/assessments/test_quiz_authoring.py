"""Making and changing a quiz by plain forms: revisions, places, points, and what students see of it."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.crypto import INSTALLATION
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, question_bank, quiz_authoring, quiz_editor, settings_form
from lms_app.domain.assessments.question_forms import empty_form, form_from_body
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.courses import authoring, page_editor
from lms_app.domain.courses.outline import published_outline
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.ids import uuid7
from lms_app.interchange import neutral
from lms_app.models import Assessment, AssessmentRevision, Page, Question, QuestionRevision, StoredFile
from lms_app.words import CompletionRule, QuestionType, Status
from tests.support import asked
from tests.support.campus import Campus, neutral_course, new_actor, new_campus
from tests.support.every_type import bodies
from tests.support.writing import markdown_of, write_markdown

CHOICES = {"stem": "Two and two?", "choices": [{"text": "Four", "right": "on"}, {"text": "Five"}]}
FORMS = {
    QuestionType.SINGLE_CHOICE: CHOICES,
    QuestionType.MULTIPLE_CHOICE: {**CHOICES, "credit": "all_or_nothing"},
    QuestionType.TRUE_FALSE: {"stem": "Water is wet.", "answer": "true"},
    QuestionType.SHORT_TEXT: {"stem": "Who?", "answers": [{"text": "Hypatia", "weight": "100"}]},
    QuestionType.NUMERIC: {"stem": "How many?", "answers": [{"value": "3", "tolerance": "absolute", "weight": "100"}]},
}


@pytest.fixture
def campus(session: Session) -> Campus:
    return new_campus(session)


def new_quiz(campus: Campus, *, practice: bool = False) -> Assessment:
    return quiz_authoring.add_quiz(campus.session, campus.instructor, campus.page("Sand").id, title="On sand", practice=practice)


def filled(campus: Campus, quiz: Assessment) -> None:
    for type_, form in FORMS.items():
        asked.add_question(campus.session, campus.instructor, quiz.id, type_, form, "1")


def titles(campus: Campus, quiz: Assessment) -> list[str]:
    return [line.title for line in quiz_editor.quiz_editor(campus.session, campus.instructor, quiz.id).questions]


def test_a_quiz_of_the_five_types_is_made_published_and_taken(campus: Campus) -> None:
    quiz = new_quiz(campus)
    filled(campus, quiz)
    editor = quiz_editor.quiz_editor(campus.session, campus.instructor, quiz.id)
    assert [line.type for line in editor.questions] == list(FORMS)
    assert (editor.state, editor.points) == ("draft", "5")
    authoring.publish_page(campus.session, campus.instructor, campus.page("Sand").id)
    campus.enroll()
    sheet = attempts.start(campus.session, campus.student, quiz.id)
    assert [question.type for question in sheet.questions] == list(FORMS)
    assert "Hypatia" not in json.dumps([vars(question) for question in sheet.questions], default=str)


def test_a_text_that_asks_nothing_counts_neither_as_a_question_nor_by_points(session: Session) -> None:
    read = neutral.Question(ref="read", type=QuestionType.DESCRIPTION, title="Read", body=bodies()[QuestionType.DESCRIPTION], points="3")
    source = neutral_course("texts")
    practice, final = source.assessments
    campus = new_campus(session, replace(source, assessments=(practice, replace(final, questions=(read, *final.questions)))))
    editor = quiz_editor.quiz_editor(session, campus.instructor, campus.quiz("Final quiz").id)
    assert (editor.total, editor.asked, editor.points) == (6, 5, "5")
    assert [line.points for line in editor.questions] == ["", "1", "1", "1", "1", "1"]


def test_a_new_quiz_stands_at_the_end_of_its_pages_text(campus: Campus) -> None:
    quiz = new_quiz(campus)
    text = markdown_of(campus.session, campus.instructor, campus.page("Sand"))
    assert text.endswith(f"::quiz({quiz.id})")


def test_students_see_a_change_when_it_is_published_and_attempts_keep_what_they_began_with(campus: Campus) -> None:
    quiz = campus.quiz("Final quiz")
    campus.enroll()
    sheet = attempts.start(campus.session, campus.student, quiz.id)
    first = quiz_editor.quiz_editor(campus.session, campus.instructor, quiz.id).questions[0]
    quiz_authoring.remove_question(campus.session, campus.instructor, quiz.id, _id(first))
    assert quiz_editor.quiz_editor(campus.session, campus.instructor, quiz.id).state == "changed"
    other = campus.person("Second Student")
    campus.enroll(other)
    assert len(attempts.start(campus.session, other, quiz.id).questions) == 5
    quiz_authoring.publish_quiz(campus.session, campus.instructor, quiz.id)
    third = campus.person("Third Student")
    campus.enroll(third)
    assert len(attempts.start(campus.session, third, quiz.id).questions) == 4
    assert len(attempts.submit(campus.session, campus.student, _uuid(sheet.id)).questions) == 5


def test_an_unchanged_question_gets_no_new_revision(campus: Campus) -> None:
    quiz = new_quiz(campus)
    filled(campus, quiz)
    before = len(campus.session.exec(select(QuestionRevision)).all())
    for line in quiz_editor.quiz_editor(campus.session, campus.instructor, quiz.id).questions:
        stored = campus.session.exec(select(QuestionRevision).where(QuestionRevision.question_id == _id(line))).one()
        form = form_from_body(QuestionType(line.type), stored.body)
        asked.save_question(campus.session, campus.instructor, _id(line), form)
    assert len(campus.session.exec(select(QuestionRevision)).all()) == before
    line = quiz_editor.quiz_editor(campus.session, campus.instructor, quiz.id).questions[2]
    asked.save_question(campus.session, campus.instructor, _id(line), {"stem": "Fire is hot.", "answer": "true"})
    quiz_authoring.set_points(campus.session, campus.instructor, quiz.id, _id(line), "2,5")
    changed = quiz_editor.quiz_editor(campus.session, campus.instructor, quiz.id).questions[2]
    assert (changed.title, changed.points) == ("Fire is hot.", "2.5")
    assert len(campus.session.exec(select(QuestionRevision)).all()) == before + 1


def test_questions_move_and_leave(campus: Campus) -> None:
    quiz = new_quiz(campus)
    filled(campus, quiz)
    first, second, *rest = titles(campus, quiz)
    lines = quiz_editor.quiz_editor(campus.session, campus.instructor, quiz.id).questions
    quiz_authoring.move_question(campus.session, campus.instructor, quiz.id, _id(lines[0]), 1)
    assert titles(campus, quiz) == [second, first, *rest]
    quiz_authoring.move_question(campus.session, campus.instructor, quiz.id, _id(lines[4]), 1)
    quiz_authoring.remove_question(campus.session, campus.instructor, quiz.id, _id(lines[4]))
    assert titles(campus, quiz) == [second, first, *rest[:2]]


def test_a_form_that_is_not_whole_is_refused_and_nothing_is_written(campus: Campus) -> None:
    quiz = new_quiz(campus)
    for type_ in TYPES:
        with pytest.raises(Invalid) as refusal:
            asked.add_question(campus.session, campus.instructor, quiz.id, type_, empty_form(type_), "1")
        assert "stem" in refusal.value.fields
    with pytest.raises(Invalid) as refusal:
        asked.add_question(campus.session, campus.instructor, quiz.id, QuestionType.TRUE_FALSE, FORMS[QuestionType.TRUE_FALSE], "many")
    assert "points" in refusal.value.fields
    assert titles(campus, quiz) == []


def test_settings_are_checked_field_by_field(campus: Campus) -> None:
    quiz = new_quiz(campus)
    settings = {"attempts_allowed": "0", "pass_mark": "two", "time_limit": 1, "behaviour": "immediate"}
    with pytest.raises(Invalid) as refusal:
        quiz_authoring.save_settings(campus.session, campus.instructor, quiz.id, title="On sand", settings=settings)
    assert set(refusal.value.fields) == {"attempts_allowed", "pass_mark", "time_limit"}
    good = {"attempts_allowed": "3", "pass_mark": quiz_authoring.fraction_of_percent("75 %"), "time_limit": quiz_authoring.seconds_of_minutes("1,5")}
    quiz_authoring.save_settings(campus.session, campus.instructor, quiz.id, title="On sand", settings=good)
    sheet = settings_form.settings_sheet(campus.session, campus.instructor, quiz.id)
    assert (sheet.attempts_allowed, sheet.pass_mark, sheet.time_limit) == ("3", "75", "1.5")


def test_the_rule_follows_the_pass_mark_when_it_is_published(campus: Campus) -> None:
    quiz = campus.quiz("Final quiz")
    version = quiz.rule_version
    quiz_authoring.save_settings(campus.session, campus.instructor, quiz.id, title=quiz.title, settings={"pass_mark": None})
    assert (quiz.completion_rule, quiz.rule_version) == (CompletionRule.PASSED, version)
    quiz_authoring.publish_quiz(campus.session, campus.instructor, quiz.id)
    assert (quiz.completion_rule, quiz.rule_version) == (CompletionRule.SUBMITTED, version + 1)


def test_a_quiz_without_questions_is_not_shown_and_holds_nobody_up(campus: Campus) -> None:
    quiz = new_quiz(campus)
    with pytest.raises(Invalid, match="no questions"):
        quiz_authoring.publish_quiz(campus.session, campus.instructor, quiz.id)
    authoring.publish_page(campus.session, campus.instructor, campus.page("Sand").id)
    assert quiz.id not in {item.id for item in published_outline(campus.session, campus.course.id).items()}


def test_a_quiz_whose_line_is_taken_out_leaves_the_page_and_counts_no_more(campus: Campus) -> None:
    page, quiz = campus.page("Stones"), campus.quiz("Try it")
    save(campus, page, "Only stones.")
    assert quiz.status == Status.PUBLISHED, "Students see the page as it was."
    authoring.publish_page(campus.session, campus.instructor, page.id)
    assert (quiz.page_id, quiz.status) == (None, Status.DRAFT)
    save(campus, page, f"Stones again.\n\n::quiz({quiz.id})")
    authoring.publish_page(campus.session, campus.instructor, page.id)
    assert (quiz.page_id, quiz.status) == (page.id, Status.PUBLISHED)


def test_another_courses_quiz_cannot_be_placed(campus: Campus) -> None:
    other = new_campus(campus.session, None)
    quiz = other.quiz("Try it")
    with pytest.raises(Invalid, match="no quiz"):
        save(campus, campus.page("Stones"), f"::quiz({quiz.id})")


def test_a_save_keeps_the_ids_of_blocks_and_loses_none(campus: Campus) -> None:
    page = campus.page("Stones")
    before = markdown_of(campus.session, campus.instructor, page)
    revision = page.draft_revision_id
    save(campus, page, before)
    assert page.draft_revision_id == revision, "Nothing changed, so nothing is written."


def test_none_of_it_is_open_to_others(campus: Campus) -> None:
    quiz, page = campus.quiz("Final quiz"), campus.page("Sand")
    line = quiz_editor.quiz_editor(campus.session, campus.instructor, quiz.id).questions[0]
    revisions = len(campus.session.exec(select(AssessmentRevision)).all())
    campus.enroll()
    for stranger in (campus.student, new_actor(campus.session, "Otto Other", teaches=True)):
        for call in calls(campus.session, stranger, quiz, page, line):
            with pytest.raises(NotFound):
                call()
    assert len(campus.session.exec(select(AssessmentRevision)).all()) == revisions


def calls(session: Session, actor: Actor, quiz: Assessment, page: Page, line: quiz_editor.QuestionLine):
    form = FORMS[QuestionType.TRUE_FALSE]
    return (
        lambda: quiz_authoring.add_quiz(session, actor, page.id, title="x", practice=True),
        lambda: quiz_authoring.save_settings(session, actor, quiz.id, title="x", settings={}),
        lambda: asked.add_question(session, actor, quiz.id, QuestionType.TRUE_FALSE, form, "1"),
        lambda: quiz_authoring.set_points(session, actor, quiz.id, _id(line), "1"),
        lambda: quiz_authoring.move_question(session, actor, quiz.id, _id(line), 1),
        lambda: quiz_authoring.remove_question(session, actor, quiz.id, _id(line)),
        lambda: quiz_authoring.publish_quiz(session, actor, quiz.id),
        lambda: quiz_editor.quiz_editor(session, actor, quiz.id),
        lambda: quiz_editor.asked(session, actor, quiz.id, _id(line)),
        lambda: page_editor.page_editor(session, actor, page.id),
    )


def save(campus: Campus, page: Page, markdown: str) -> None:
    write_markdown(campus.session, campus.instructor, page, markdown)


def _uuid(text: str):
    from uuid import UUID

    return UUID(text)


def _id(line: quiz_editor.QuestionLine):
    return _uuid(line.id)


def test_points_are_exact(campus: Campus) -> None:
    assert quiz_authoring.read_points(" 1,25 ") == Decimal("1.25")
    for wrong in ("-1", "1001", "NaN", "1.001", "x"):
        with pytest.raises(Invalid):
            quiz_authoring.read_points(wrong)


def picture_of(campus: Campus, media_type: str = "image/png") -> str:
    """A file of a course."""
    row = StoredFile(
        key_owner=INSTALLATION,
        course_id=campus.course.id,
        purpose="course",
        filename="map.png",
        media_type=media_type,
        size=1,
        storage_key="0" * 64,
        created_at=clock.now(),
    )
    campus.session.add(row)
    campus.session.flush()
    return str(row.id)


def test_a_question_on_a_picture_takes_a_picture_of_its_course_alone(campus: Campus, session: Session) -> None:
    quiz, other = new_quiz(campus), new_campus(session, neutral_course(slug="elsewhere"))
    form = {"stem": "Where is the sand?", "alt": "A map", "width": "200", "height": "100", "regions": [{"numbers": "50, 50, 10"}]}
    own, foreign = picture_of(campus), picture_of(other)

    def write(file: str) -> UUID:
        return asked.add_question(session, campus.instructor, quiz.id, QuestionType.HOTSPOT, {**form, "file": file}, "1")

    for wrong in (foreign, picture_of(campus, "application/pdf"), str(uuid7()), "map.png"):
        with pytest.raises(Invalid) as refusal:
            write(wrong)
        assert list(refusal.value.fields) == ["file"]
    question = write(own)
    with pytest.raises(Invalid):
        asked.save_question(session, campus.instructor, question, {**form, "file": foreign})
    asked.save_question(session, campus.instructor, question, {**form, "file": own, "stem": "Where?"})
    copied = question_bank.copy(session, campus.instructor, question, campus.course.id)
    assert session.get_one(Question, copied).type == QuestionType.HOTSPOT
    with pytest.raises(Invalid, match="file of its course"):
        question_bank.copy(session, campus.instructor, question, None)


def test_of_two_who_change_a_quiz_at_once_neither_loses_a_question(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session)
        author, quiz = campus.instructor, campus.quiz("Final quiz").id
    gate = Barrier(4)

    def add(number: int) -> str:
        gate.wait(10)
        try:
            with transaction() as session:
                asked.add_question(session, author, quiz, QuestionType.TRUE_FALSE, {"stem": f"Stone {number} sinks.", "answer": "true"}, "1")
        except Conflict:
            return "told"
        return f"Stone {number} sinks."

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(add, range(4)))
    with transaction() as session:
        kept = [line.title for line in quiz_editor.quiz_editor(session, author, quiz).questions][5:]
    assert sorted(kept) == sorted(title for title in said if title != "told")
    assert kept
