"""What time brings is told once, to whom it concerns, by each one's own dates; and nothing that is past."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.courses import availability_editing
from lms_app.domain.enrollments import enrollments, groups, learning
from lms_app.domain.notifications import inbox, opened_parts, preferences, queries, reminders
from lms_app.models import Attempt, Enrollment, Lesson, Membership, Notification, Person
from lms_app.words import NotificationKind, StaffRole
from tests.support.campus import Campus, neutral_course, new_campus

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OPENS, CLOSES = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    with clock.moved_to(MONDAY):
        campus = new_campus(session, neutral_course("dated", opens_at=OPENS.isoformat(), closes_at=CLOSES.isoformat()))
        campus.enroll()
    return campus


def remind(campus: Campus, at: datetime) -> None:
    with clock.moved_to(at):
        for step in (*reminders.STEPS, opened_parts.opened_parts):
            after = None
            while (after := step(campus.session, after)) is not None:
                pass
    campus.session.expire_all()


def told(campus: Campus, actor: Actor | None = None, *kinds: NotificationKind) -> list[str]:
    rows = campus.session.exec(
        select(Notification.kind).where(Notification.person_id == (actor or campus.student).person_id).order_by(col(Notification.id))
    ).all()
    return [kind for kind in rows if kind not in (NotificationKind.ENROLLED, NotificationKind.ADDED) and (not kinds or kind in kinds)]


def sentences(campus: Campus, actor: Actor, at: datetime) -> list[str]:
    with clock.moved_to(at):
        return [item.sentence for item in queries.inbox(campus.session, actor).items]


def submit(campus: Campus, at: datetime, actor: Actor | None = None) -> None:
    with clock.moved_to(at):
        sheet = attempts.start(campus.session, actor or campus.student, campus.quiz("Final quiz").id)
        attempts.submit(campus.session, actor or campus.student, UUID(sheet.id))


def test_a_quiz_is_told_of_when_it_opens_a_day_before_it_ends_and_when_it_is_over_once_each(campus: Campus) -> None:
    for at in (MONDAY, OPENS - HOUR, OPENS, OPENS + HOUR, CLOSES - DAY - HOUR, CLOSES - DAY, CLOSES - HOUR, CLOSES, CLOSES + HOUR, CLOSES + DAY):
        remind(campus, at)
    assert told(campus) == ["opened", "due_soon", "overdue"]
    person = campus.session.get_one(Person, campus.student.person_id)
    person.time_zone = "Asia/Tokyo"
    campus.session.add(person)
    campus.session.flush()
    assert sentences(campus, campus.student, CLOSES + HOUR)[:3] == [
        "“Final quiz” in Stones and sand was due today at 18:00, and you have not handed it in.",
        "“Final quiz” in Stones and sand is due today at 18:00. You have not handed it in yet.",
        "“Final quiz” in Stones and sand is open now.",
    ]


def test_who_has_handed_in_gets_a_receipt_and_no_reminder(campus: Campus) -> None:
    submit(campus, OPENS + HOUR)
    remind(campus, OPENS + HOUR + timedelta(minutes=1))
    remind(campus, CLOSES - HOUR)
    remind(campus, CLOSES + HOUR)
    assert told(campus) == ["submitted"]


def test_after_two_days_in_which_everything_was_down_nothing_is_told_that_is_past(campus: Campus) -> None:
    remind(campus, MONDAY)
    remind(campus, CLOSES + 2 * DAY)
    assert told(campus) == []


def test_each_is_told_by_their_own_dates_and_anew_when_they_are_moved(campus: Campus) -> None:
    bea, cy = campus.person("Bea"), campus.person("Cy")
    with clock.moved_to(MONDAY):
        theirs = {actor: campus.enroll(actor).id for actor in (bea, cy)}
        quiz = campus.quiz("Final quiz").id
        later = Override(closes_at=CLOSES + 3 * DAY)
        overrides.set_override(campus.session, campus.instructor, quiz, later, enrollment_id=theirs[bea])
    remind(campus, CLOSES - HOUR)
    soon = [NotificationKind.DUE_SOON]
    assert [told(campus, actor, *soon) for actor in (campus.student, bea, cy)] == [soon, [], soon]
    with clock.moved_to(CLOSES - HOUR):
        overrides.set_override(campus.session, campus.instructor, quiz, Override(closes_at=CLOSES + DAY), enrollment_id=theirs[cy])
    remind(campus, CLOSES - HOUR / 2)
    assert told(campus, cy, *soon) == soon, "it is more than a day away again"
    remind(campus, CLOSES + HOUR)
    assert told(campus, cy, *soon) == soon * 2
    assert told(campus, cy, NotificationKind.OVERDUE) == []
    assert told(campus, None, NotificationKind.OVERDUE) == ["overdue"]
    remind(campus, CLOSES + 2 * DAY + HOUR)
    assert told(campus, bea, *soon) == soon


def test_a_group_is_told_by_its_kindest_date(campus: Campus) -> None:
    with clock.moved_to(MONDAY):
        enrollment = campus.session.exec(select(Enrollment).where(Enrollment.person_id == campus.student.person_id)).one()
        quiz = campus.quiz("Final quiz").id
        for number, extra in enumerate((DAY, 2 * DAY)):
            group = groups.add_group(campus.session, campus.instructor, campus.course.id, f"G{number}")
            groups.add_member(campus.session, campus.instructor, campus.course.id, group, enrollment.id)
            overrides.set_override(campus.session, campus.instructor, quiz, Override(closes_at=CLOSES + extra), group_id=group)
    remind(campus, CLOSES + HOUR)
    assert told(campus, None, NotificationKind.OVERDUE, NotificationKind.DUE_SOON) == []
    remind(campus, CLOSES + DAY + HOUR)
    assert told(campus, None, NotificationKind.DUE_SOON) == ["due_soon"]


@pytest.mark.parametrize("hidden", ["withdrawn", "page", "quiz"])
def test_nobody_is_told_of_what_they_do_not_take_or_see(campus: Campus, hidden: str) -> None:
    with clock.moved_to(MONDAY):
        if hidden == "withdrawn":
            enrollments.withdraw(campus.session, campus.student, campus.slug)
        else:
            node = campus.page("Final quiz") if hidden == "page" else campus.quiz("Final quiz")
            node.archived_at = clock.now()
            campus.session.add(node)
            campus.session.flush()
    for at in (OPENS, CLOSES - HOUR, CLOSES + HOUR):
        remind(campus, at)
    assert told(campus) == []


def test_many_are_told_by_batches(campus: Campus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "BATCH", 2)
    monkeypatch.setattr(opened_parts, "BATCH", 2)
    people = [campus.person(f"Person {number}") for number in range(5)]
    with clock.moved_to(MONDAY):
        for actor in people:
            campus.enroll(actor)
    remind(campus, CLOSES - HOUR)
    assert [told(campus, actor, NotificationKind.DUE_SOON) for actor in people] == [["due_soon"]] * 5


def put(campus: Campus, kind: str, node_id: UUID, *conditions: dict[str, Any]) -> None:
    with clock.moved_to(MONDAY):
        given = {"match": "all", "conditions": list(conditions)}
        availability_editing.set_availability(campus.session, campus.instructor, campus.course.id, kind, node_id, given, seen=0)


def lesson(campus: Campus, title: str) -> Lesson:
    return campus.session.exec(select(Lesson).where(Lesson.course_id == campus.course.id, Lesson.title == title)).one()


def test_a_page_that_opens_by_its_date_is_told_of_once_unless_it_stands_in_something_closed(campus: Campus) -> None:
    at = {"kind": "from", "at": "2026-11-24T09:00"}
    put(campus, "page", campus.page("Sand").id, at)
    put(campus, "page", campus.page("Final quiz").id, at)
    put(campus, "lesson", lesson(campus, "Final").id, {"kind": "from", "at": "2026-11-25T08:00"})
    opens = MONDAY + DAY
    for moment in (opens - HOUR, opens - timedelta(minutes=1), opens, opens + timedelta(minutes=1), opens + timedelta(minutes=7), opens + HOUR):
        remind(campus, moment)
    assert [sentence for sentence in sentences(campus, campus.student, opens) if "open" in sentence] == ["“Sand” in Stones and sand is open now."]


def test_what_opens_by_days_after_enrolment_opens_for_each_on_their_own_day(campus: Campus) -> None:
    put(campus, "page", campus.page("Sand").id, {"kind": "days", "days": 3})
    bea = campus.person("Bea")
    with clock.moved_to(MONDAY + DAY):
        campus.enroll(bea)
    midnight = datetime(2026, 11, 26, tzinfo=UTC)
    opened = [NotificationKind.OPENED]
    remind(campus, midnight - timedelta(minutes=1))
    assert "Sand" not in "".join(sentences(campus, campus.student, midnight))
    remind(campus, midnight + timedelta(minutes=1))
    assert "“Sand” in Stones and sand is open now." in sentences(campus, campus.student, midnight)
    assert "“Sand” in Stones and sand is open now." not in sentences(campus, bea, midnight)
    remind(campus, midnight + DAY - timedelta(minutes=1))
    remind(campus, midnight + DAY + timedelta(minutes=1))
    assert sentences(campus, bea, midnight).count("“Sand” in Stones and sand is open now.") == 1
    assert len(told(campus, None, *opened)) == 2, "and the quiz by its own date"


def test_what_opens_by_what_a_student_did_is_told_of_to_them_alone(campus: Campus) -> None:
    put(campus, "page", campus.page("Stones").id, {"kind": "after", "node_kind": "page", "node": str(campus.page("Sand").id)})
    bea = campus.person("Bea")
    at = MONDAY + HOUR
    with clock.moved_to(MONDAY):
        campus.enroll(bea)
    remind(campus, at - timedelta(minutes=6))
    with clock.moved_to(at):
        learning.mark_complete(campus.session, campus.student, campus.page("Sand").id)
    for moment in (at + timedelta(seconds=30), at + timedelta(minutes=1), at + HOUR):
        remind(campus, moment)
    assert sentences(campus, campus.student, at)[0] == "“Stones” in Stones and sand is open now."
    assert told(campus) == ["opened"]
    assert told(campus, bea) == []


def test_the_staff_hears_once_a_day_how_many_came_and_again_after_it_was_read(campus: Campus) -> None:
    viewer = campus.person("Vi Viewer", teaches=True)
    campus.session.add(Membership(course_id=campus.course.id, person_id=viewer.person_id, role=StaffRole.VIEWER, created_at=MONDAY))
    campus.session.flush()
    remind(campus, MONDAY + timedelta(minutes=1))
    with clock.moved_to(MONDAY + HOUR / 4):
        for number in range(11):
            campus.enroll(campus.person(f"Person {number}"))
    remind(campus, MONDAY + HOUR / 3)
    assert told(campus, campus.instructor) == ["new_enrolments"]
    assert sentences(campus, campus.instructor, MONDAY + HOUR)[0] == "12 people enrolled in Stones and sand today."
    assert sentences(campus, campus.instructor, MONDAY + DAY)[0] == "12 people enrolled in Stones and sand on 23 November."
    with clock.moved_to(MONDAY + HOUR):
        inbox.mark_read(campus.session, campus.instructor)
    remind(campus, MONDAY + HOUR + timedelta(minutes=1))
    assert queries.unread(campus.session, campus.instructor) == 0
    with clock.moved_to(MONDAY + 2 * HOUR):
        campus.enroll(campus.person("Late"))
    remind(campus, MONDAY + 2 * HOUR)
    assert queries.unread(campus.session, campus.instructor) == 1
    assert told(campus, campus.instructor) == ["new_enrolments"]
    assert told(campus, viewer) == []


def test_a_muted_course_is_not_made_unread_again(campus: Campus) -> None:
    preferences.mute(campus.session, campus.instructor, campus.course.id, True)
    remind(campus, MONDAY + timedelta(minutes=1))
    with clock.moved_to(MONDAY + HOUR / 2):
        campus.enroll(campus.person())
    remind(campus, MONDAY + HOUR / 2)
    assert (told(campus, campus.instructor), queries.unread(campus.session, campus.instructor)) == (["new_enrolments"], 0)


def test_markers_hear_what_waits_and_read_how_much_there_is(campus: Campus) -> None:
    submit(campus, OPENS + HOUR)
    attempt = campus.session.exec(select(Attempt)).one()
    attempt.pending = 1
    campus.session.add(attempt)
    campus.session.flush()
    remind(campus, OPENS + HOUR)
    assert told(campus, campus.instructor, NotificationKind.TO_MARK) == ["to_mark"]
    assert sentences(campus, campus.instructor, OPENS + HOUR)[0] == "1 submission of “Final quiz” in Stones and sand waits to be marked."
    attempt.pending = 0
    campus.session.add(attempt)
    campus.session.flush()
    assert sentences(campus, campus.instructor, OPENS + HOUR)[0] == "Every submission of “Final quiz” in Stones and sand is marked."


def test_on_mondays_the_staff_hears_how_many_do_not_come(campus: Campus) -> None:
    week = MONDAY + 7 * DAY
    for at in (MONDAY, week - DAY, week + HOUR, week + 2 * HOUR, week + 8 * HOUR):
        remind(campus, at)
    assert told(campus, campus.instructor, NotificationKind.INACTIVE_STUDENTS) == ["inactive_students"]
    assert sentences(campus, campus.instructor, week)[0] == "1 student has not come to Stones and sand for a week."
