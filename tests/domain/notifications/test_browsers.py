import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.notifications import browsers, inbox
from lms_app.domain.people import erasing
from lms_app.errors import Invalid, LimitReached, Undelivered
from lms_app.models import Login, NotificationDelivery, PushSubscription
from lms_app.words import DeliveryChannel, NotificationKind
from tests.support.campus import Campus, new_campus

KEY = base64.urlsafe_b64encode(b"\x04" + b"k" * 64).decode().rstrip("=")
AUTH = base64.urlsafe_b64encode(b"a" * 16).decode().rstrip("=")
ADDRESS = "https://push.example.org/send/1"


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def signed_in(campus: Campus, actor: Actor) -> Actor:
    now = clock.now()
    login = Login(person_id=actor.person_id, created_at=now, last_seen_at=now, expires_at=now + timedelta(days=30))
    campus.session.add(login)
    campus.session.flush()
    return Actor(person_id=actor.person_id, roles=actor.roles, login_id=login.id)


def add(campus: Campus, actor: Actor, address: str = ADDRESS) -> None:
    browsers.add(campus.session, actor, address=address, key=KEY, auth=AUTH)


def send(campus: Campus, actor: Actor, *answers: Undelivered | None) -> list[tuple[Any, ...]]:
    sent: list[tuple[Any, ...]] = []
    said = iter(answers)

    def post(address: str, key: str, auth: str, payload: bytes, *, topic: str) -> None:
        sent.append((address, key, auth, json.loads(payload), topic))
        if refused := next(said, None):
            raise refused

    browsers.send(campus.session, actor.person_id, "0192-ab", "A quiz was graded.", "/quiz/1", post=post)
    return sent


def kept(campus: Campus) -> list[PushSubscription]:
    return list(campus.session.exec(select(PushSubscription)).all())


def test_a_browser_is_kept_sealed_once_and_is_sent_the_sentence_and_nothing_more(campus: Campus) -> None:
    ada = signed_in(campus, campus.student)
    add(campus, ada)
    add(campus, ada)
    (row,) = kept(campus)
    assert b"push.example.org" not in bytes(row.address_sealed or b"")
    said = {"title": "Lyceum", "body": "A quiz was graded.", "link": "/quiz/1", "tag": "0192-ab"}
    assert send(campus, ada) == [(ADDRESS, KEY, AUTH, said, "0192ab")]


def test_a_browser_shows_messages_for_who_said_so_last(campus: Campus) -> None:
    ada, ines = signed_in(campus, campus.student), signed_in(campus, campus.instructor)
    add(campus, ada)
    add(campus, ines)
    assert [row.person_id for row in kept(campus)] == [ines.person_id]
    browsers.remove(campus.session, ada, address=ADDRESS)
    assert len(kept(campus)) == 1, "nobody removes another's"
    browsers.remove(campus.session, ines, address=ADDRESS)
    assert kept(campus) == []


def test_a_browser_that_takes_none_any_more_is_forgotten_and_a_busy_one_is_tried_again(campus: Campus) -> None:
    ada = signed_in(campus, campus.student)
    for number in range(3):
        add(campus, ada, f"{ADDRESS}{number}")
    with pytest.raises(Undelivered):
        send(campus, ada, Undelivered("gone", for_good=True, gone=True), Undelivered("busy"), None)
    assert [row.address for row in kept(campus)] == [f"{ADDRESS}1", f"{ADDRESS}2"]


def test_a_browser_whose_login_has_ended_hears_no_more(campus: Campus) -> None:
    ada = signed_in(campus, campus.student)
    add(campus, ada)
    assert ada.login_id is not None
    campus.session.get_one(Login, ada.login_id).ended_at = clock.now()
    assert send(campus, ada) == []
    assert kept(campus) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "ftp://push.example.org/"},
        {"address": "https://"},
        {"address": "https://[x"},
        {"address": "https://x:70000/"},
        {"address": "https://\u2100.example/"},
        {"address": "https://x/" + "y" * 1000},
        {"key": "AAAA"},
        {"auth": "ä"},
    ],
)
def test_what_is_no_subscription_is_refused(campus: Campus, wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        browsers.add(campus.session, campus.student, **{"address": ADDRESS, "key": KEY, "auth": AUTH, **wrong})


def test_there_are_twenty_browsers_at_most(campus: Campus) -> None:
    ada = signed_in(campus, campus.student)
    for number in range(browsers.MOST):
        add(campus, ada, f"{ADDRESS}{number}")
    with pytest.raises(LimitReached):
        add(campus, ada, f"{ADDRESS}{browsers.MOST}")


def test_only_who_has_a_browser_gets_a_delivery_to_it_and_erasing_leaves_none(campus: Campus) -> None:
    ada = signed_in(campus, campus.student)
    inbox.deliver(campus.session, ada.person_id, NotificationKind.QUIZ_GRADED, unique_key="a", course=str(campus.course.id))
    add(campus, ada)
    inbox.deliver(campus.session, ada.person_id, NotificationKind.QUIZ_GRADED, unique_key="b", course=str(campus.course.id))
    channels = sorted(campus.session.exec(select(NotificationDelivery.channel)).all())
    assert channels == [DeliveryChannel.MAIL, DeliveryChannel.MAIL, DeliveryChannel.PUSH]
    erasing.erase(campus.session, ada.person_id, discard=lambda _: None)
    assert kept(campus) == []
    assert campus.session.exec(select(NotificationDelivery)).all() == []
