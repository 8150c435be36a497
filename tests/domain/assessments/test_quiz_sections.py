"""Sections and pools by plain verbs: made, named, moved between, taken away; and what an attempt then draws."""

from uuid import UUID

import pytest
from sqlmodel import Session

from lms_app.domain.assessments import attempts, question_bank, quiz_authoring, quiz_editor, quiz_sections
from lms_app.errors import Invalid, NotFound
from lms_app.models import Assessment
from tests.support.campus import Campus, new_actor, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


@pytest.fixture
def quiz(campus: Campus) -> Assessment:
    return campus.quiz("Final quiz")


def shape(campus: Campus, quiz: Assessment) -> list[tuple[str, int, int]]:
    """Each section: its words, its questions, its pools."""
    lines = quiz_sections.sections(campus.session, campus.instructor, quiz.id)
    return [(line.words, line.questions, len(line.pools)) for line in lines]


def ids(campus: Campus, quiz: Assessment) -> list[UUID]:
    return [UUID(line.id) for line in quiz_editor.quiz_editor(campus.session, campus.instructor, quiz.id).questions]


def test_a_section_is_added_named_introduced_and_keeps_what_it_says_when_questions_change(campus: Campus, quiz: Assessment) -> None:
    session, actor = campus.session, campus.instructor
    assert quiz_sections.add_section(session, actor, quiz.id, "Sand") == 1
    quiz_sections.save_section(session, actor, quiz.id, 1, title=" Sand  and dust ", introduction="Look *closely*.", shuffle=True)
    quiz_sections.move_to_section(session, actor, quiz.id, ids(campus, quiz)[0], 1)
    quiz_authoring.remove_question(session, actor, quiz.id, ids(campus, quiz)[0])
    quiz_authoring.save_settings(session, actor, quiz.id, title="Final quiz", settings={"tries": 4})
    assert shape(campus, quiz) == [("Section 1", 3, 0), ("Sand and dust", 1, 0)]
    last = quiz_sections.sections(session, actor, quiz.id)[1]
    assert (last.introduction, last.shuffle) == ("Look *closely*.", True)


def test_a_question_goes_to_the_end_of_another_section_and_the_quiz_is_taken_so(campus: Campus, quiz: Assessment) -> None:
    session, actor = campus.session, campus.instructor
    first, *others = ids(campus, quiz)
    quiz_sections.add_section(session, actor, quiz.id, "The second")
    quiz_sections.move_to_section(session, actor, quiz.id, others[-1], 1)
    quiz_sections.move_to_section(session, actor, quiz.id, first, 1)
    expected = [*others[:-1], others[-1], first]
    assert ids(campus, quiz) == expected
    quiz_authoring.publish_quiz(session, actor, quiz.id)
    campus.enroll()
    sheet = attempts.start(session, campus.student, quiz.id)
    assert [UUID(question.id) for question in sheet.questions] == expected
    assert [question.section for question in sheet.questions] == ["", "", "", "The second", "The second"]


@pytest.mark.parametrize("removed", [0, 1])
def test_a_section_that_goes_leaves_its_questions_and_pools_to_its_neighbour(campus: Campus, quiz: Assessment, removed: int) -> None:
    session, actor = campus.session, campus.instructor
    quiz_sections.add_section(session, actor, quiz.id, "The second")
    quiz_sections.move_to_section(session, actor, quiz.id, ids(campus, quiz)[4], 1)
    quiz_sections.add_pool(session, actor, quiz.id, 1, category_id=None, tags="", count="1", points="2")
    before = ids(campus, quiz)
    quiz_sections.remove_section(session, actor, quiz.id, removed)
    assert [(questions, pools) for _, questions, pools in shape(campus, quiz)] == [(5, 1)]
    assert ids(campus, quiz) == before
    with pytest.raises(Invalid):
        quiz_sections.remove_section(session, actor, quiz.id, 0)


def test_a_pool_says_what_it_finds_and_each_attempt_draws_from_it(campus: Campus, quiz: Assessment) -> None:
    session, actor = campus.session, campus.instructor
    old, *_, last = ids(campus, quiz)
    stones = question_bank.add_category(session, actor, campus.course.id, "Stones")
    slate = question_bank.add_category(session, actor, campus.course.id, "Slate", stones)
    question_bank.put_in_category(session, actor, old, slate)
    question_bank.tag(session, actor, old, "Hard, old ,hard")
    quiz_sections.add_section(session, actor, quiz.id, "Drawn")
    assert quiz_sections.finds(session, actor, quiz.id, stones, "") == 0
    quiz_authoring.remove_question(session, actor, quiz.id, old)
    quiz_authoring.remove_question(session, actor, quiz.id, last)
    assert quiz_sections.finds(session, actor, quiz.id, stones, "HARD") == 1
    assert quiz_sections.finds(session, actor, quiz.id, stones, "hard, new") == 0
    quiz_sections.add_pool(session, actor, quiz.id, 1, category_id=stones, tags="Hard", count="2", points="1,5")
    pool = quiz_sections.sections(session, actor, quiz.id)[1].pools[0]
    assert (pool.category, pool.tags, pool.count, pool.points, pool.finds, pool.enough) == ("Stones", "hard", 2, "1.5", 1, False)
    quiz_authoring.publish_quiz(session, actor, quiz.id)
    campus.enroll()
    sheet = attempts.start(session, campus.student, quiz.id)
    assert (UUID(sheet.questions[-1].id), sheet.questions[-1].points, len(sheet.questions)) == (old, "1.5", 4)
    quiz_sections.remove_pool(session, actor, quiz.id, UUID(quiz_sections.sections(session, actor, quiz.id)[1].pools[0].id))
    assert shape(campus, quiz) == [("Section 1", 3, 0), ("Drawn", 0, 0)]


def test_a_pool_that_makes_no_sense_is_refused_beside_its_fields(campus: Campus, quiz: Assessment) -> None:
    with pytest.raises(Invalid) as refusal:
        quiz_sections.add_pool(campus.session, campus.instructor, quiz.id, 0, category_id=None, tags="x" * 61, count="none", points="-1")
    assert set(refusal.value.fields) == {"tags", "count", "points"}
    with pytest.raises(NotFound):
        quiz_sections.add_pool(campus.session, campus.instructor, quiz.id, 7, category_id=None, tags="", count="1", points="1")


def test_a_category_of_another_course_finds_nothing_here(campus: Campus, quiz: Assessment) -> None:
    stranger = new_actor(campus.session, "Sam Stranger", teaches=True)
    own = question_bank.add_category(campus.session, stranger, None, "Mine")
    with pytest.raises(NotFound):
        quiz_sections.finds(campus.session, campus.instructor, quiz.id, own, "")
    with pytest.raises(NotFound):
        quiz_sections.add_section(campus.session, stranger, quiz.id, "Theirs")
