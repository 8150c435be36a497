"""What an open page tells of: everything that it has not met, once, in the order in which it came."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.domain.notifications import inbox, preferences
from lms_app.domain.people import queries
from lms_app.ids import uuid7
from lms_app.models import Notification
from lms_app.words import NotificationKind
from tests.support.campus import Campus, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def tell(campus: Campus, kind: NotificationKind, key: str) -> UUID:
    inbox.deliver(campus.session, campus.student.person_id, kind, unique_key=key, course=str(campus.course.id))
    return campus.session.exec(select(Notification.id).where(Notification.unique_key == key)).one()


class Page:
    """What a tab keeps from look to look."""

    def __init__(self, campus: Campus) -> None:
        self.campus, self.met = campus, None

    def look(self) -> tuple[str, ...]:
        viewer = queries.viewer(self.campus.session, self.campus.student, self.met)
        self.met = tuple({*viewer.newest, *(self.met or ())})
        return viewer.fresh


def test_what_was_there_at_the_first_look_is_no_news_and_what_comes_is_told_once_in_order(campus: Campus) -> None:
    tell(campus, NotificationKind.ENROLLED, "old")
    page = Page(campus)
    assert page.look() == ()
    tell(campus, NotificationKind.COURSE_COMPLETED, "a")
    tell(campus, NotificationKind.CERTIFICATE_ISSUED, "b")
    assert page.look() == ("You completed Stones and sand.", "Your certificate for Stones and sand is ready.")
    assert page.look() == ()


def test_of_two_that_are_written_at_once_the_one_that_is_seen_later_is_told_too(campus: Campus) -> None:
    page = Page(campus)
    page.look()
    early = uuid7()
    tell(campus, NotificationKind.COURSE_COMPLETED, "late")
    assert len(page.look()) == 1
    row = campus.session.exec(select(Notification).where(Notification.unique_key == "late")).one()
    same = {name: getattr(row, name) for name in Notification.model_fields} | {
        "id": early,
        "unique_key": "early",
        "created_at": row.created_at - timedelta(seconds=1),
    }
    campus.session.add(Notification(**same))
    campus.session.flush()
    assert len(page.look()) == 1
    assert page.look() == ()


def test_what_was_read_and_is_marked_as_unread_again_is_no_news(campus: Campus) -> None:
    first = tell(campus, NotificationKind.ENROLLED, "first")
    for number in range(queries.NEWEST + 3):
        tell(campus, NotificationKind.COURSE_COMPLETED, f"n{number}")
    inbox.mark_read(campus.session, campus.student)
    page = Page(campus)
    page.look()
    inbox.mark_unread(campus.session, campus.student, first)
    assert page.look() == ()


def test_a_muted_course_and_what_is_not_wanted_in_the_app_are_told_by_no_page(campus: Campus) -> None:
    campus.enroll()
    page = Page(campus)
    page.look()
    preferences.mute(campus.session, campus.student, campus.course.id, True)
    tell(campus, NotificationKind.COURSE_COMPLETED, "muted")
    assert page.look() == ()


def test_another_persons_news_is_no_news(campus: Campus) -> None:
    page = Page(campus)
    page.look()
    inbox.deliver(campus.session, campus.instructor.person_id, NotificationKind.COURSE_COMPLETED, unique_key="x", course=str(campus.course.id))
    assert page.look() == ()
