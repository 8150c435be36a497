"""A page, lesson or module once more."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.domain.assessments import quiz_authoring, rubrics
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.content.document import QuizBlock, parse_document
from lms_app.domain.courses import authored_outline, authoring, duplicating
from lms_app.errors import Conflict, NotFound
from lms_app.models import Assessment, AssessmentRevision, GradeColumn, Lesson, Page, PageRevision, Question, QuestionRevision, Rubric
from lms_app.words import Status
from tests.support.campus import Campus, new_actor, new_campus

RUBRIC: dict[str, Any] = {
    "criteria": [{"title": "Style", "description": "", "levels": [{"title": "Weak", "points": "0"}, {"title": "Good", "points": "5"}]}]
}


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def duplicate(campus: Campus, kind: str, node: UUID) -> UUID:
    made = duplicating.duplicate(campus.session, campus.instructor, kind, node)
    campus.session.flush()
    return made


def outline(campus: Campus) -> list[authored_outline.AuthoredModule]:
    return authored_outline.authored_outline(campus.session, campus.instructor, campus.course.id).modules


def ids_in(session: Session) -> set[str]:
    """The ids of all rows that a course's content is made of."""
    tables = ("modules", "lessons", "pages", "page_revisions", "assessments", "assessment_revisions", "assessment_sections", "section_questions")
    tables += ("questions", "question_revisions")
    return {str(one) for table in tables for one in session.execute(text(f"SELECT id FROM {table}")).scalars()}


def test_a_copied_page_is_a_draft_right_behind_with_new_blocks_and_a_quiz_of_its_own(campus: Campus) -> None:
    session, stones, quiz = campus.session, campus.page("Stones"), campus.quiz("Try it")
    copy = session.get_one(Page, duplicate(campus, "page", stones.id))
    assert [page.title for page in outline(campus)[0].lessons[0].pages] == ["Stones", "Stones (copy)", "Sand"]
    assert (copy.status, copy.published_revision_id, copy.completion_rule) == (Status.DRAFT, None, stones.completion_rule)
    before, after = (parse_document(session.get_one(PageRevision, page.draft_revision_id).document) for page in (stones, copy))
    assert [block.type for block in before.blocks] == [block.type for block in after.blocks]
    assert before.blocks[0].model_dump(exclude={"id"}) == after.blocks[0].model_dump(exclude={"id"})
    assert not {block.id for block in before.blocks} & {block.id for block in after.blocks}
    placed = after.blocks[1]
    assert isinstance(placed, QuizBlock)
    twin = session.get_one(Assessment, UUID(placed.assessment))
    assert (twin.id != quiz.id, twin.title, twin.practice, twin.page_id, twin.status) == (True, "Try it", True, copy.id, Status.DRAFT)


def test_a_copied_quiz_asks_the_same_by_questions_of_its_own(campus: Campus) -> None:
    session, quiz = campus.session, campus.quiz("Final quiz")
    first = quiz_authoring.lines_of(session, quiz)[0].question_id
    rubrics.write(session, campus.instructor, first, RUBRIC, 0)
    page = session.get_one(Page, duplicate(campus, "page", campus.page("Final quiz").id))
    twin = session.exec(select(Assessment).where(Assessment.page_id == page.id)).one()

    def asked(one: Assessment) -> list[tuple[object, ...]]:
        found = []
        for line in quiz_authoring.lines_of(session, one):
            question = session.get_one(Question, line.question_id)
            found.append((question.type, question.title, question.tags, line.points, session.get_one(QuestionRevision, line.revision_id).body))
        return found

    def settings(one: Assessment) -> QuizSettings:
        return QuizSettings.model_validate(session.get_one(AssessmentRevision, one.draft_revision_id).settings)

    assert len(asked(twin)) == 5
    assert asked(twin) == asked(quiz)
    assert settings(twin) == settings(quiz)
    questions = [{line.question_id for line in quiz_authoring.lines_of(session, one)} for one in (quiz, twin)]
    assert not questions[0] & questions[1]
    copied = session.get_one(Rubric, quiz_authoring.lines_of(session, twin)[0].question_id)
    assert (copied.body, copied.version) == (session.get_one(Rubric, first).body, 1)


def test_a_change_of_the_copy_leaves_what_was_copied_as_it_was(campus: Campus) -> None:
    session, quiz = campus.session, campus.quiz("Final quiz")
    before = quiz_authoring.lines_of(session, quiz)
    page = duplicate(campus, "page", campus.page("Final quiz").id)
    twin = session.exec(select(Assessment).where(Assessment.page_id == page)).one()
    quiz_authoring.remove_question(session, campus.instructor, twin.id, quiz_authoring.lines_of(session, twin)[0].question_id)
    assert (len(quiz_authoring.lines_of(session, twin)), quiz_authoring.lines_of(session, quiz)) == (4, before)


@pytest.mark.parametrize("kind", ["lesson", "module"])
def test_a_copied_lesson_or_module_holds_copies_of_everything_that_is_not_archived(campus: Campus, kind: str) -> None:
    session = campus.session
    authoring.archive(session, campus.instructor, "page", campus.page("Sand").id)
    lesson = session.get_one(Lesson, campus.page("Stones").lesson_id)
    session.flush()
    known = ids_in(session)
    made = duplicate(campus, kind, lesson.id if kind == "lesson" else lesson.module_id)
    assert str(made) not in known
    modules = outline(campus)
    if kind == "lesson":
        assert [one.title for one in modules[0].lessons] == ["Reading", "Reading (copy)", "Final"]
        assert [page.title for page in modules[0].lessons[1].pages] == ["Stones"]
    else:
        assert [(module.title, module.state) for module in modules] == [("Ground", "published"), ("Ground (copy)", "draft")]
        assert [[page.title for page in one.pages] for one in modules[1].lessons] == [["Stones"], ["Final quiz"]]
        assert modules[1].lessons[1].category == "Quizzes"
    copied = modules[1] if kind == "module" else modules[0].lessons[1]
    lessons = copied.lessons if isinstance(copied, authored_outline.AuthoredModule) else [copied]
    inside = {str(one.id) for each in lessons for page in each.pages for one in (each, page, *page.quizzes)}
    assert not inside & known


def test_students_see_a_copy_once_it_is_published_and_its_quiz_has_a_column_then(campus: Campus) -> None:
    session = campus.session
    lesson = session.exec(select(Lesson).where(Lesson.course_id == campus.course.id, Lesson.title == "Final")).one()
    made = duplicate(campus, "lesson", lesson.id)

    def columns() -> int:
        return len(session.exec(select(GradeColumn.id)).all())

    assert columns() == 1
    assert authoring.publish(session, campus.instructor, "lesson", made) == 1
    assert columns() == 2


def test_a_long_title_keeps_its_limit(campus: Campus) -> None:
    sand = campus.page("Sand")
    authoring.rename(campus.session, campus.instructor, "page", sand.id, "x" * 200)
    title = campus.session.get_one(Page, duplicate(campus, "page", sand.id)).title
    assert (len(title), title.endswith("x (copy)")) == (200, True)


def test_neither_what_is_archived_nor_what_is_anothers_is_copied(campus: Campus) -> None:
    sand = campus.page("Sand")
    with pytest.raises(NotFound):
        duplicating.duplicate(campus.session, new_actor(campus.session, "Otto Other", teaches=True), "page", sand.id)
    authoring.archive(campus.session, campus.instructor, "page", sand.id)
    with pytest.raises(Conflict):
        duplicate(campus, "page", sand.id)
