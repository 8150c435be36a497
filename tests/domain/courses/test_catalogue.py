"""The catalogue's search and the page of a course."""

import pytest
from sqlmodel import Session

from lms_app.domain.courses import authoring, queries
from lms_app.domain.enrollments import enrollments, learning
from tests.support.campus import Campus, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def publish(campus: Campus, title: str, summary: str = "") -> None:
    course = authoring.create_course(campus.session, campus.instructor, title=title, summary=summary)
    module = authoring.add_module(campus.session, campus.instructor, course.id, "One")
    authoring.add_lesson(campus.session, campus.instructor, module.id, "One")
    authoring.publish_course(campus.session, campus.instructor, course.id)


def found(campus: Campus, search: str, page: int = 1) -> list[str]:
    return [card.title for card in queries.catalogue(campus.session, campus.student, search, page).cards]


def test_a_word_in_the_title_ranks_above_one_in_the_summary(campus: Campus) -> None:
    publish(campus, "Bread", "How rye is baked")
    publish(campus, "Rye", "A grain")
    assert found(campus, "rye") == ["Rye", "Bread"]


def test_the_beginning_of_every_word_is_enough_and_every_word_must_be_there(campus: Campus) -> None:
    publish(campus, "Probability and chance")
    publish(campus, "Probability of rain")
    assert found(campus, "prob cha") == ["Probability and chance"]
    assert found(campus, "PROBAB") == ["Probability and chance", "Probability of rain"]
    assert found(campus, "ability") == []


@pytest.mark.parametrize("title", ["Žluťoučký kůň", "Статистика", "統計 入門", "C++ and Rust"])
def test_titles_are_found_in_any_script(campus: Campus, title: str) -> None:
    publish(campus, title)
    assert found(campus, title.split()[0].lower()) == [title]


@pytest.mark.parametrize("search", ["(", "a & | b", "':*", "\\", "!!", "%"])
def test_no_sign_in_a_search_is_a_command(campus: Campus, search: str) -> None:
    assert queries.catalogue(campus.session, None, search).total <= 1


def test_a_page_beyond_the_last_is_the_last(campus: Campus) -> None:
    for number in range(queries.PER_PAGE):
        publish(campus, f"Number {number:02}")
    first, last = queries.catalogue(campus.session, None), queries.catalogue(campus.session, None, page=99)
    assert (first.total, first.pages, len(first.cards)) == (queries.PER_PAGE + 1, 2, queries.PER_PAGE)
    assert (last.page, len(last.cards)) == (2, 1)


def test_a_card_says_how_far_its_student_is_and_nothing_of_others(campus: Campus) -> None:
    campus.enroll()
    learning.mark_complete(campus.session, campus.student, campus.page("Sand").id)
    [mine] = queries.catalogue(campus.session, campus.student).cards
    [others] = queries.catalogue(campus.session, campus.person()).cards
    assert (mine.enrolled, mine.percent) == (True, 33)
    assert (others.enrolled, others.percent) == (False, None)


def test_the_course_page_says_what_comes_next(campus: Campus) -> None:
    def step(actor: object) -> str:
        return queries.course_page(campus.session, actor, campus.slug).next_step  # pyright: ignore[reportArgumentType]

    assert (step(None), step(campus.student)) == ("sign_in", "enroll")
    campus.enroll()
    assert step(campus.student) == "start"
    learning.open_page(campus.session, campus.student, campus.page("Sand").id)
    assert step(campus.student) == "continue"
    enrollments.withdraw(campus.session, campus.student, campus.slug)
    campus.session.flush()
    assert step(campus.student) == "enroll"


def test_the_course_page_counts_what_is_published(campus: Campus) -> None:
    before = queries.course_page(campus.session, None, campus.slug)
    authoring.add_page(campus.session, campus.instructor, campus.page("Sand").lesson_id, "Clay")
    authoring.archive(campus.session, campus.instructor, "page", campus.page("Sand").id)
    after = queries.course_page(campus.session, None, campus.slug)
    assert (before.pages, before.quizzes, after.pages, after.quizzes) == (3, 2, 2, 2)
    assert before.teachers == ["Ines Teacher"]


def test_a_card_counts_no_lesson_that_was_taken_out(campus: Campus) -> None:
    [before] = queries.catalogue(campus.session, None).cards
    authoring.archive(campus.session, campus.instructor, "lesson", campus.page("Sand").lesson_id)
    [after] = queries.catalogue(campus.session, None).cards
    assert after.minutes < before.minutes
