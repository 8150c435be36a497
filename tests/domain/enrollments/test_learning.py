from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, func, select

from lms_app.adapters import clock
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import access, authoring
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments import enrollments, learning, progress, queries
from lms_app.errors import Conflict, LimitReached, NotAllowed, NotFound
from lms_app.models import Answer, Completion, Enrollment, LearningEvent, Notification, PageView, Progress, Run
from lms_app.words import EnrollmentStatus, QuestionType, Verb
from tests.support.campus import RIGHT, Campus, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def events_of(session: Session, verb: Verb) -> int:
    return session.exec(select(func.count()).select_from(LearningEvent).where(LearningEvent.verb == verb)).one()


def test_enrolling_twice_gives_the_existing_enrolment(campus: Campus, session: Session) -> None:
    first = enrollments.enroll(session, campus.student, campus.slug)
    assert enrollments.enroll(session, campus.student, campus.slug) == first
    assert events_of(session, Verb.ENROLLED) == 1
    assert session.exec(select(func.count()).select_from(Notification)).one() == 1


def test_a_withdrawal_keeps_the_history_and_enrolling_again_wakes_it(campus: Campus, session: Session) -> None:
    enrollment = campus.enroll()
    learning.mark_complete(session, campus.student, campus.page("Sand").id)
    enrollments.withdraw(session, campus.student, campus.slug)
    with pytest.raises(NotFound):
        queries.learning_page(session, campus.student, campus.slug)
    assert campus.enroll().id == enrollment.id
    assert session.get_one(Progress, enrollment.id).done == 1
    assert session.get_one(Enrollment, enrollment.id).status == EnrollmentStatus.ACTIVE


def test_who_has_left_earns_nothing_by_an_attempt_still_open_until_they_are_back(campus: Campus, session: Session) -> None:
    enrollment = campus.enroll()
    outline = published_outline(session, campus.course.id)
    *others, last = [item for item in outline.items() if item.required]
    for item in others:
        progress.record(session, enrollment, item, outline=outline)
    enrollments.withdraw(session, campus.student, campus.slug)
    progress.record(session, enrollment, last, outline=outline)
    assert enrollment.completed_at is None
    assert campus.enroll().completed_at is not None


def test_a_course_that_was_taken_back_can_be_neither_read_nor_sat(campus: Campus, session: Session) -> None:
    campus.enroll()
    page, quiz = campus.page("Sand").id, campus.quiz("Final quiz").id
    authoring.unpublish_course(session, campus.instructor, campus.course.id)
    with pytest.raises(NotFound):
        learning.mark_complete(session, campus.student, page)
    with pytest.raises(NotFound):
        learning.heartbeat(session, campus.student, page, seconds=10, reached_end=True)
    with pytest.raises(NotFound):
        attempts.start(session, campus.student, quiz)


def test_a_full_course_says_so(campus: Campus, session: Session) -> None:
    run = access.current_run(session, campus.course.id)
    run.seats = 1
    session.add(run)
    campus.enroll()
    with pytest.raises(LimitReached, match="course is full"):
        campus.enroll(campus.person())


def test_a_run_that_ended_takes_nobody(campus: Campus, session: Session) -> None:
    run = session.exec(select(Run)).one()
    run.closes_at = clock.now() - timedelta(days=1)
    session.add(run)
    with pytest.raises(LimitReached, match="has ended"):
        campus.enroll()


def test_nobody_enrols_in_a_draft(session: Session, redis_url: str) -> None:
    campus = new_campus(session, publish=False)
    with pytest.raises(NotFound):
        campus.enroll()


def test_an_account_that_may_not_learn_is_refused(campus: Campus, session: Session) -> None:
    from dataclasses import replace

    with pytest.raises(NotAllowed):
        enrollments.enroll(session, replace(campus.student, roles=frozenset()), campus.slug)


def test_a_page_is_read_after_five_seconds_and_its_end(campus: Campus, session: Session) -> None:
    campus.enroll()
    page = campus.page("Stones").id
    began = clock.now()
    with clock.moved_to(began):
        learning.open_page(session, campus.student, page)
    with clock.moved_to(began + timedelta(seconds=3)):
        assert not learning.heartbeat(session, campus.student, page, seconds=3, reached_end=True)
    with clock.moved_to(began + timedelta(seconds=6)):
        assert learning.heartbeat(session, campus.student, page, seconds=3, reached_end=False)
    assert session.exec(select(Completion.node_id)).all() == [page]


def test_seconds_that_have_not_passed_do_not_count(campus: Campus, session: Session) -> None:
    campus.enroll()
    page = campus.page("Stones").id
    with clock.moved_to(clock.now()):
        learning.open_page(session, campus.student, page)
        assert not any(learning.heartbeat(session, campus.student, page, seconds=30, reached_end=True) for _ in range(5))
    assert session.exec(select(PageView.seconds)).one() <= 1


def test_a_page_with_another_rule_is_not_marked_by_hand(campus: Campus, session: Session) -> None:
    campus.enroll()
    with pytest.raises(Conflict):
        learning.mark_complete(session, campus.student, campus.page("Stones").id)


def test_marking_twice_counts_once(campus: Campus, session: Session) -> None:
    enrollment = campus.enroll()
    for _ in range(2):
        learning.mark_complete(session, campus.student, campus.page("Sand").id)
    assert session.get_one(Progress, enrollment.id).done == 1
    assert events_of(session, Verb.COMPLETED) == 1


def test_the_learning_page_resumes_where_the_student_left(campus: Campus, session: Session) -> None:
    campus.enroll()
    learning.open_page(session, campus.student, campus.page("Sand").id)
    view = queries.learning_page(session, campus.student, campus.slug)
    assert (view.title, view.previous_title, view.next_title) == ("Sand", "Stones", "Final quiz")
    assert view.rule_sentence == "Done when you mark it as done."
    assert [lesson.title for module in view.modules for lesson in module.lessons] == ["Reading", "Final"]


def test_a_page_that_only_holds_a_quiz_says_what_the_quiz_asks(campus: Campus, session: Session) -> None:
    campus.enroll()
    page = campus.page("Final quiz").id
    view = queries.learning_page(session, campus.student, campus.slug, page)
    assert view.rule_sentence == "Done when you pass the quiz with 60\N{NO-BREAK SPACE}% or more."
    assert not view.completed
    sheet = attempts.start(session, campus.student, campus.quiz("Final quiz").id)
    for question in sheet.questions:
        response = RIGHT[QuestionType(question.type)]
        session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now()))
    attempts.submit(session, campus.student, UUID(sheet.id))
    assert queries.learning_page(session, campus.student, campus.slug, page).completed


def test_a_page_with_a_rule_of_its_own_is_done_by_it(campus: Campus, session: Session) -> None:
    campus.enroll()
    page = campus.page("Sand").id
    assert not queries.learning_page(session, campus.student, campus.slug, page).completed
    learning.mark_complete(session, campus.student, page)
    assert queries.learning_page(session, campus.student, campus.slug, page).completed


def test_a_page_of_another_course_does_not_exist_here(campus: Campus, session: Session) -> None:
    from tests.support.campus import neutral_course

    campus.enroll()
    other = new_campus(session, neutral_course("other"))
    with pytest.raises(NotFound):
        queries.learning_page(session, campus.student, campus.slug, other.page("Stones").id)
    with pytest.raises(NotFound):
        learning.open_page(session, campus.student, other.page("Stones").id)


def test_progress_says_why(campus: Campus, session: Session) -> None:
    campus.enroll()
    learning.mark_complete(session, campus.student, campus.page("Sand").id)
    view = queries.progress_view(session, campus.student, campus.slug)
    assert (view.done, view.total, view.percent) == (1, 3, 33)
    assert [(reason.title, reason.done) for reason in view.reasons] == [("Stones", False), ("Sand", True), ("Final quiz", False)]
    assert view.reasons[2].sentence == "Done when you pass with 60\N{NO-BREAK SPACE}% or more."


def test_a_rebuilt_projection_is_equal(campus: Campus, session: Session) -> None:
    enrollment = campus.enroll()
    learning.mark_complete(session, campus.student, campus.page("Sand").id)
    stored = session.get_one(Progress, enrollment.id)
    before = (stored.done, stored.total, stored.fraction)
    standing = progress.rebuild(session, enrollment)
    session.refresh(stored)
    assert before == (standing.done, standing.total, standing.fraction) == (stored.done, stored.total, stored.fraction)


def test_a_changed_rule_takes_nothing_away(campus: Campus, session: Session) -> None:
    enrollment = campus.enroll()
    page = campus.page("Sand")
    learning.mark_complete(session, campus.student, page.id)
    page.rule_version += 1
    session.add(page)
    session.flush()
    assert progress.rebuild(session, enrollment).done == 1


def test_an_archived_page_leaves_the_total(campus: Campus, session: Session) -> None:
    enrollment = campus.enroll()
    authoring.archive(session, campus.instructor, "page", campus.page("Stones").id)
    assert session.get_one(Progress, enrollment.id).total == 2
    assert [page.item.title for page in published_outline(session, campus.course.id).pages()] == ["Sand", "Final quiz"]


def test_a_view_is_one_event_in_half_an_hour(campus: Campus, session: Session) -> None:
    campus.enroll()
    page = campus.page("Stones").id
    for _ in range(3):
        learning.open_page(session, campus.student, page)
    with clock.moved_by(timedelta(minutes=31)):
        learning.open_page(session, campus.student, page)
    assert events_of(session, Verb.VIEWED) == 2
