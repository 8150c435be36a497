"""Mail that comes back after a mail server has taken it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.notifications import bounces, deliveries, failures, inbox, preferences, queries
from lms_app.domain.notifications.bounces import Outcome
from lms_app.domain.notifications.kind_rules import Choice
from lms_app.errors import NotAllowed
from lms_app.models import NotificationDelivery, NotificationSettings
from lms_app.words import DeliveryChannel, DeliveryState, MailTiming, NotificationGroup, NotificationKind, Role
from tests.support.campus import Campus, new_campus
from tests.support.returned import returned

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def taken(*_: Any, **__: Any) -> None:
    """A mail server that takes everything."""


def mailed(campus: Campus, key: str) -> UUID:
    """A delivery that a mail server has taken."""
    inbox.deliver(campus.session, campus.student.person_id, NotificationKind.QUIZ_GRADED, unique_key=key, course=str(campus.course.id))
    row = campus.session.exec(select(NotificationDelivery).order_by(col(NotificationDelivery.id).desc()).limit(1)).one()
    deliveries.send(campus.session, row.id, mail=taken, push=taken)
    return row.id


def come_back(campus: Campus, delivery_id: UUID, **report: Any) -> Outcome:
    return bounces.take_back(campus.session, None, returned(delivery_id, **report))


def states(campus: Campus) -> list[str]:
    return list(campus.session.exec(select(NotificationDelivery.state).order_by(col(NotificationDelivery.id))).all())


def refusals(campus: Campus) -> int:
    settings = campus.session.get(NotificationSettings, campus.student.person_id)
    return settings.bounces if settings else 0


def lines(campus: Campus) -> list[failures.Failure]:
    return failures.report(campus.session, None).failures


def test_a_mail_that_is_refused_later_is_marked_with_the_words_and_counted_once(campus: Campus) -> None:
    with clock.moved_to(NOON):
        sent = mailed(campus, "one")
        assert [come_back(campus, sent) for _ in range(3)] == [Outcome.REFUSED, Outcome.UNKNOWN, Outcome.UNKNOWN]
        (line,) = lines(campus)
    assert (line.bounced, line.late, line.reason) == (
        True, False, "550 5.1.1 an address: Recipient address rejected: User unknown in local recipient table",
    )  # fmt: skip
    assert refusals(campus) == 1


def test_after_three_that_came_back_nothing_is_mailed_and_a_notice_says_how_to_mend_it(campus: Campus) -> None:
    preferences.save(campus.session, campus.student, {NotificationGroup.RECEIPTS: Choice(in_app=False)}, quiet_from="", quiet_until="")
    with clock.moved_to(NOON):
        # Each is taken before the one before it comes back, as by a mail server that takes everything.
        for number in range(3):
            come_back(campus, mailed(campus, f"n{number}"))
        assert states(campus) == [DeliveryState.BOUNCED] * 3
        told = queries.sheet(campus.session, campus.student).lines[0]
        assert (told.sentence, told.link) == (
            "Your address refused our mail again and again, so nothing is mailed to it now. Look whether it is right, then let mail come again.",
            "/profile/notifications",
        )
        assert preferences.read(campus.session, campus.student).mail == "paused"
        inbox.deliver(campus.session, campus.student.person_id, NotificationKind.QUIZ_GRADED, unique_key="more", course=str(campus.course.id))
        assert len(states(campus)) == 3
        preferences.resume_mail(campus.session, campus.student)
        mailed(campus, "again")
    assert states(campus)[-1] == DeliveryState.SENT


def test_a_week_without_any_that_came_back_ends_the_count(campus: Campus) -> None:
    with clock.moved_to(NOON):
        come_back(campus, mailed(campus, "one"))
        mailed(campus, "two")
        assert refusals(campus) == 1, "that another was taken says nothing"
    with clock.moved_to(NOON + timedelta(days=8)):
        mailed(campus, "three")
    assert refusals(campus) == 0


def test_what_did_not_arrive_for_another_reason_is_shown_and_not_held_against_the_address(campus: Campus) -> None:
    with clock.moved_to(NOON):
        lost = come_back(campus, mailed(campus, "one"), status="4.4.1", said="connect to mx.example.net: Connection timed out")
        (line,) = lines(campus)
    assert (lost, line.bounced, line.late, line.reason) == (Outcome.LOST, False, False, "4.4.1 connect to mx.example.net: Connection timed out")
    assert (states(campus), refusals(campus)) == ([DeliveryState.FAILED], 0)


def test_what_is_late_is_shown_for_a_week_and_stays_sent_and_may_still_come_back(campus: Campus) -> None:
    with clock.moved_to(NOON):
        sent = mailed(campus, "one")
        assert come_back(campus, sent, action="delayed", status="4.4.1", said="Connection timed out") is Outcome.LATE
        report = failures.report(campus.session, None)
        assert [(line.late, line.reason) for line in report.failures] == [(True, "4.4.1 Connection timed out")]
        assert (report.total, report.given_up, states(campus)) == (1, 0, [DeliveryState.SENT])
        assert failures.retry(campus.session, None) == 0, "it is on its way"
    with clock.moved_to(NOON + timedelta(days=5)):
        assert come_back(campus, sent) is Outcome.REFUSED
    with clock.moved_to(NOON + timedelta(days=8)):
        assert failures.report(campus.session, None).given_up == 1


def test_lateness_is_forgotten_after_a_week(campus: Campus) -> None:
    with clock.moved_to(NOON):
        come_back(campus, mailed(campus, "one"), action="delayed", status="4.4.1")
    with clock.moved_to(NOON + timedelta(days=8)):
        assert lines(campus) == []


def test_a_digest_that_comes_back_marks_all_that_was_in_it_and_counts_once(campus: Campus) -> None:
    preferences.save(campus.session, campus.student, {NotificationGroup.GRADES: Choice(mail=MailTiming.DAILY)}, quiet_from="", quiet_until="")
    sent: list[dict[str, str]] = []

    def mail(to: str, subject: str, text: str, *, html: str = "", headers: dict[str, str]) -> None:
        sent.append(headers)

    with clock.moved_to(NOON):
        for key in ("one", "two"):
            inbox.deliver(campus.session, campus.student.person_id, NotificationKind.QUIZ_GRADED, unique_key=key, course=str(campus.course.id))
    with clock.moved_to(NOON + timedelta(days=1)):
        deliveries.send_digest(campus.session, campus.student.person_id, DeliveryChannel.DAILY, mail=mail)
        known_by = UUID(sent[0]["Message-ID"].strip("<>").partition("@")[0])
        assert come_back(campus, known_by) is Outcome.REFUSED
    assert (states(campus), refusals(campus)) == ([DeliveryState.BOUNCED] * 2, 1)


def test_one_that_is_tried_again_is_not_ended_by_an_old_report(campus: Campus) -> None:
    with clock.moved_to(NOON):
        sent = mailed(campus, "one")
        come_back(campus, sent)
        failures.retry(campus.session, None, sent)
        assert come_back(campus, sent) is Outcome.UNKNOWN
    assert states(campus) == [DeliveryState.QUEUED]


@pytest.mark.parametrize("roles", [frozenset({Role.STUDENT}), frozenset({Role.INSTRUCTOR})])
def test_only_administrators_hand_reports_in(campus: Campus, roles: frozenset[Role]) -> None:
    with clock.moved_to(NOON):
        sent = mailed(campus, "one")
        with pytest.raises(NotAllowed):
            bounces.take_back(campus.session, Actor(person_id=campus.student.person_id, roles=roles), returned(sent))
        admin = Actor(person_id=campus.instructor.person_id, roles=frozenset({Role.ADMIN}))
        assert bounces.take_back(campus.session, admin, returned(sent)) is Outcome.REFUSED


@pytest.mark.usefixtures("committed_database", "redis_url")
def test_a_mail_that_comes_back_before_its_sending_is_committed_is_not_lost() -> None:
    with transaction() as session:
        campus = new_campus(session)
        inbox.deliver(session, campus.student.person_id, NotificationKind.QUIZ_GRADED, unique_key="one", course=str(campus.course.id))
        delivery_id = session.exec(select(NotificationDelivery.id)).one()

    def take() -> Outcome:
        with transaction() as session:
            return bounces.take_back(session, None, returned(delivery_id))

    with ThreadPoolExecutor(1) as pool:
        with transaction() as sending:
            deliveries.send(sending, delivery_id, mail=taken, push=taken)
            sending.flush()
            outcome = pool.submit(take)
            while not outcome.done() and not sending.execute(text(WAITING)).scalar():
                sending.execute(text("SELECT pg_stat_clear_snapshot()"))
        assert outcome.result(30) is Outcome.REFUSED
