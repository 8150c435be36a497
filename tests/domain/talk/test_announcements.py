"""Announcements: who may make them, whom they reach, once."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import enrollments, runs
from lms_app.domain.notifications import queries as inbox
from lms_app.domain.talk import announcements
from lms_app.errors import Invalid, NotFound
from lms_app.models import Notification, OutboxMessage
from lms_app.words import NotificationKind
from tests.support.campus import Campus, new_actor, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    campus = new_campus(session)
    campus.enroll()
    return campus


def work(session: Session) -> int:
    """Does what was left to the worker, and gives in how many steps."""
    done: set[UUID] = set()
    while True:
        waiting = select(OutboxMessage).where(OutboxMessage.job == announcements.ANNOUNCE, col(OutboxMessage.id).not_in(done))
        rows = session.exec(waiting).all()
        if not rows:
            return len(done)
        for row in rows:
            after = row.arguments["after"]
            announcements.bring(session, UUID(row.arguments["announcement_id"]), UUID(after) if after else None)
            done.add(row.id)


def told(session: Session, actor: Actor) -> list[str]:
    return [item.sentence for item in inbox.inbox(session, actor).items if item.kind == NotificationKind.ANNOUNCEMENT]


def test_all_who_take_the_course_are_told_once_and_read_it(campus: Campus, session: Session) -> None:
    left = campus.person("Lou Left")
    campus.enroll(left)
    enrollments.withdraw(session, left, campus.slug)
    announcements.write(session, campus.instructor, campus.course.id, "No class on Friday", "We meet **again** on Monday.")
    work(session)
    work(session)
    assert told(session, campus.student) == [f"{campus.course.title} announces: No class on Friday."]
    assert told(session, left) == told(session, campus.instructor) == []
    [line] = announcements.announcements(session, campus.student, campus.slug).lines
    assert (line.title, line.html, line.author, line.text) == (
        "No class on Friday",
        "<p>We meet <strong>again</strong> on Monday.</p>",
        "Ines Teacher",
        "",
    )
    assert [one.id for one in announcements.newest(session, campus.student, campus.course.id)] == [line.id]


def test_many_are_told_in_steps_and_each_once(campus: Campus, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcements, "BATCH", 2)
    people = [campus.student] + [campus.person(f"Student {number}") for number in range(4)]
    for one in people[1:]:
        campus.enroll(one)
    announcements.write(session, campus.instructor, campus.course.id, "Hello", "All.")
    assert work(session) == 3
    query = select(Notification.person_id).where(Notification.kind == NotificationKind.ANNOUNCEMENT)
    assert sorted(session.exec(query).all()) == sorted(one.person_id for one in people)


def test_one_run_is_told_what_is_for_it_alone(campus: Campus, session: Session) -> None:
    course_id = campus.course.id
    run_id = UUID(str(runs.create_run(session, campus.instructor, course_id, title="Next year")))
    runs.choose_run(session, campus.instructor, course_id, run_id)
    later = campus.person("Lee Later")
    campus.enroll(later)
    announcements.write(session, campus.instructor, course_id, "For you", "Who begin now.", run_id)
    work(session)
    assert (len(told(session, later)), told(session, campus.student)) == (1, [])
    assert announcements.announcements(session, campus.student, campus.slug).lines == []
    [line] = announcements.announcements_to_edit(session, campus.instructor, course_id).lines
    assert (line.run, line.text) == ("Next year", "Who begin now.")
    with pytest.raises(Invalid):
        announcements.write(session, campus.instructor, course_id, "For nobody", "At all.", uuid4())


def test_it_is_put_right_taken_back_and_put_back_without_telling_again(campus: Campus, session: Session) -> None:
    identity = announcements.write(session, campus.instructor, campus.course.id, "Hello", "Wrold.")
    work(session)
    announcements.edit(session, campus.instructor, identity, "Hello", "World.")
    [line] = announcements.announcements(session, campus.student, campus.slug).lines
    assert (line.html, line.edited) == ("<p>World.</p>", True)
    announcements.remove(session, campus.instructor, identity)
    assert announcements.announcements(session, campus.student, campus.slug).lines == []
    assert "taken back" in told(session, campus.student)[0]
    announcements.restore(session, campus.instructor, identity)
    work(session)
    assert told(session, campus.student) == [f"{campus.course.title} announces: Hello."]


def test_students_and_strangers_announce_nothing_and_strangers_read_nothing(campus: Campus, session: Session) -> None:
    identity = announcements.write(session, campus.instructor, campus.course.id, "Hello", "World.")
    stranger, elsewhere = new_actor(session, "Sam Stranger"), new_actor(session, "Tess Elsewhere", teaches=True)
    for actor in (campus.student, stranger, elsewhere):
        for use in (
            lambda actor: announcements.write(session, actor, campus.course.id, "Hello", "World."),
            lambda actor: announcements.edit(session, actor, identity, "Hello", "You."),
            lambda actor: announcements.remove(session, actor, identity),
            lambda actor: announcements.restore(session, actor, identity),
            lambda actor: announcements.announcements_to_edit(session, actor, campus.course.id),
        ):
            with pytest.raises(NotFound):
                use(actor)
    for actor in (stranger, elsewhere):
        with pytest.raises(NotFound):
            announcements.announcements(session, actor, campus.slug)
        assert announcements.newest(session, actor, campus.course.id) == []
    with pytest.raises(NotFound):
        announcements.announcements(session, campus.student, "nowhere")
