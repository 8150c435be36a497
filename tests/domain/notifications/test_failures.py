from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.notifications import deliveries, failures, inbox, preferences
from lms_app.domain.notifications.kind_rules import Choice
from lms_app.errors import NotAllowed, Undelivered
from lms_app.models import NotificationDelivery, OutboxMessage
from lms_app.words import DeliveryChannel, MailTiming, NotificationGroup, NotificationKind, Role
from tests.support.campus import Campus, new_campus

ADMIN = frozenset({Role.ADMIN})


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


@pytest.fixture
def admin(campus: Campus) -> Actor:
    return Actor(person_id=campus.person("Root").person_id, roles=ADMIN)


def refused(*_: object, **__: object) -> None:
    raise Undelivered("The mail server refuses the address (550).", for_good=True, gone=True)


def lose(campus: Campus, key: str, *, timing: MailTiming = MailTiming.AT_ONCE) -> UUID:
    session, ada = campus.session, campus.student
    preferences.save(session, ada, {NotificationGroup.GRADES: Choice(mail=timing)}, quiet_from="", quiet_until="")
    inbox.deliver(session, ada.person_id, NotificationKind.QUIZ_GRADED, unique_key=key, course=str(campus.course.id))
    row = session.exec(select(NotificationDelivery).order_by(NotificationDelivery.id.desc())).first()  # pyright: ignore[reportAttributeAccessIssue]
    assert row is not None
    if timing == MailTiming.AT_ONCE:
        deliveries.send(session, row.id, mail=refused, push=refused)
    else:
        with clock.moved_to(row.due_at):
            deliveries.send_digest(session, ada.person_id, DeliveryChannel.DAILY, mail=refused)
    return row.id


def test_an_administrator_sees_what_did_not_arrive_and_why_and_no_address(campus: Campus, admin: Actor) -> None:
    lost = lose(campus, "a")
    found = failures.report(campus.session, admin)
    (line,) = found.failures
    assert (line.id, line.about, line.channel, line.tries, line.bounced) == (str(lost), "Grades", "Mail", 1, True)
    assert line.reason == "The mail server refuses the address (550)."
    assert line.address == "p…@example.org"
    assert (found.total, found.waiting, found.paused) == (1, 0, 0)
    with clock.moved_by(timedelta(days=31)):
        assert failures.report(campus.session, admin).failures == []


@pytest.mark.parametrize("timing", [MailTiming.AT_ONCE, MailTiming.DAILY])
def test_what_is_tried_again_goes_out(campus: Campus, admin: Actor, timing: MailTiming) -> None:
    lost = lose(campus, "a", timing=timing)
    sent: list[str] = []

    def mail(to: str, subject: str, text: str, **_: object) -> None:
        sent.append(subject)

    assert failures.retry(campus.session, admin, lost) == 1
    assert failures.retry(campus.session, admin, lost) == 0
    assert failures.report(campus.session, admin).total == 0
    waiting = campus.session.exec(select(OutboxMessage.job)).all()
    assert waiting.count(inbox.DELIVER if timing == MailTiming.AT_ONCE else inbox.DIGEST) == 2
    if timing == MailTiming.AT_ONCE:
        deliveries.send(campus.session, lost, mail=mail, push=refused)
    else:
        deliveries.send_digest(campus.session, campus.student.person_id, DeliveryChannel.DAILY, mail=mail)
    assert len(sent) == 1


def test_all_are_tried_again_by_one_press(campus: Campus, admin: Actor) -> None:
    for number in range(2):
        lose(campus, f"n{number}")
    assert failures.retry(campus.session, admin) == 2


@pytest.mark.parametrize("roles", [frozenset({Role.STUDENT}), frozenset({Role.INSTRUCTOR})])
def test_nobody_else_sees_or_tries_again(campus: Campus, roles: frozenset[Role]) -> None:
    lost = lose(campus, "a")
    nobody = Actor(person_id=campus.instructor.person_id, roles=roles)
    with pytest.raises(NotAllowed):
        failures.report(campus.session, nobody)
    with pytest.raises(NotAllowed):
        failures.retry(campus.session, nobody, lost)


@pytest.mark.parametrize(("address", "shown"), [("ada@example.org", "a…@example.org"), ("", ""), ("@x", "")])
def test_an_address_is_shown_by_its_first_letter(address: str, shown: str) -> None:
    assert failures.masked(address) == shown
