"""What another completion rule would do, in numbers, before anybody sets it."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.courses.completion_preview import CompletionPreview, preview_rule
from lms_app.domain.enrollments import learning
from lms_app.errors import NotFound
from lms_app.words import CompletionRule
from tests.support.campus import Campus, new_campus
from tests.support.regrades import sit


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def look(campus: Campus, title: str, rule: CompletionRule, *, required: bool = True) -> CompletionPreview:
    return preview_rule(campus.session, campus.instructor, campus.page(title).id, rule=rule, required=required)


def test_who_would_have_done_it_by_now_is_told_beside_who_has_and_keeps_it(campus: Campus) -> None:
    assert look(campus, "Sand", CompletionRule.READ).sentence == "Nobody takes the course yet."
    people = [campus.person() for _ in range(4)]
    for each in people:
        campus.enroll(each)
    for each in people[:2]:
        learning.mark_complete(campus.session, each, campus.page("Sand").id)
    for each in people[1:3]:
        learning.open_page(campus.session, each, campus.page("Sand").id)
    with clock.moved_by(timedelta(seconds=20)):
        learning.heartbeat(campus.session, people[1], campus.page("Sand").id, seconds=9, reached_end=True)
        learning.heartbeat(campus.session, people[2], campus.page("Sand").id, seconds=9, reached_end=False)
    told = look(campus, "Sand", CompletionRule.READ)
    assert (told.students, told.done, told.then) == (4, 2, 1)
    assert told.words == "Done when you have read to the end (5 seconds on screen)."
    assert told.sentence == "2 of 4 have completed it; with the new rule 1 would by now; the 2 keep it."
    assert look(campus, "Sand", CompletionRule.MANUAL).then == 2
    assert look(campus, "Sand", CompletionRule.NONE).sentence == "2 of 4 have completed it; from now on there is nothing to complete; the 2 keep it."


def test_a_page_without_a_rule_of_its_own_is_done_with_its_quizzes(campus: Campus) -> None:
    for each in (campus.student, campus.person()):
        campus.enroll(each)
    sit(campus, campus.student, right=5)
    told = look(campus, "Final quiz", CompletionRule.NONE)
    assert (told.done, told.then, told.words) == (0, 1, "Done when you pass the quiz with 60\N{NO-BREAK SPACE}% or more.")


def test_who_completes_the_course_by_the_change_is_told(campus: Campus) -> None:
    campus.enroll()
    sit(campus, campus.student, right=5)
    learning.mark_complete(campus.session, campus.student, campus.page("Sand").id)
    told = look(campus, "Stones", CompletionRule.READ, required=False)
    assert (told.complete_course, told.sentence) == (
        1,
        "0 of 1 have completed it; with the new rule 0 would by now. 1 student completes the course with this change.",
    )
    assert look(campus, "Stones", CompletionRule.READ).complete_course == 0


def test_only_authors_look(campus: Campus) -> None:
    for actor in (campus.student, campus.person("Otto Other", teaches=True)):
        with pytest.raises(NotFound):
            preview_rule(campus.session, actor, campus.page("Sand").id, rule=CompletionRule.READ, required=True)
