from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import clock, jobs
from lms_app.domain.people import leftovers, registration, resetting, signing_in
from lms_app.errors import Invalid
from lms_app.models import MailedLink, OutboxMessage, Person, PersonKey, RefreshToken, Registration
from lms_app.words import JobQueue
from tests.domain.people.test_accounts import EMAIL, NETWORK, begin, deliver_links, register


def test_an_expired_registration_goes_with_its_key_and_its_link(session: Session, redis_url: str) -> None:
    registration.request(session, name="Zoë", email=EMAIL)
    deliver_links(session)
    person_id = session.exec(select(Registration.person_id)).one()
    leftovers.clean_up(session)
    assert session.get(PersonKey, person_id) is not None
    with clock.moved_by(timedelta(hours=25)):
        leftovers.clean_up(session)
    session.expire_all()
    assert session.exec(select(Registration)).all() == []
    assert session.exec(select(MailedLink)).all() == []
    assert session.get(PersonKey, person_id) is None


def test_a_confirmed_registration_goes_and_its_account_stays_readable(session: Session, redis_url: str) -> None:
    person = register(session)
    leftovers.clean_up(session)
    session.expire_all()
    assert session.exec(select(Registration)).all() == []
    assert session.get_one(Person, person.id).name == "Zoë Müller"


def test_a_link_in_use_stays_and_an_old_one_goes(session: Session, redis_url: str) -> None:
    register(session)
    resetting.ask(session, EMAIL, NETWORK)
    secret = deliver_links(session).secret
    leftovers.clean_up(session)
    assert len(session.exec(select(MailedLink)).all()) == 1
    with clock.moved_by(timedelta(days=8)):
        leftovers.clean_up(session)
        assert session.exec(select(MailedLink)).all() == []
        with pytest.raises(Invalid):
            resetting.reset(session, secret, "hash")


def test_a_login_in_use_keeps_its_whole_chain(session: Session, redis_url: str) -> None:
    grant = begin(session, register(session))
    with clock.moved_by(timedelta(days=20)):
        renewed = signing_in.renew(session, grant.login_id, grant.token_id)
        assert renewed is not None
        leftovers.clean_up(session)
        assert len(session.exec(select(RefreshToken)).all()) == 2
        assert signing_in.renew(session, grant.login_id, renewed.token_id)
    with clock.moved_by(timedelta(days=90)):
        leftovers.clean_up(session)
        assert session.exec(select(RefreshToken)).all() == []


def test_messages_done_a_week_ago_go_but_unique_ones_stay(session: Session, redis_url: str) -> None:
    jobs.enqueue(session, "some.job", queue=JobQueue.DEFAULT)
    jobs.enqueue(session, "some.job", queue=JobQueue.DEFAULT, unique_key="once")
    jobs.enqueue(session, "other.job", queue=JobQueue.DEFAULT)
    session.execute(text("UPDATE outbox SET done_at = :now WHERE job = 'some.job'"), {"now": clock.now()})
    jobs.forget_done(session)
    assert len(session.exec(select(OutboxMessage)).all()) == 3
    with clock.moved_by(timedelta(days=8)):
        jobs.forget_done(session)
    assert {(row.job, row.unique_key) for row in session.exec(select(OutboxMessage)).all()} == {("some.job", "once"), ("other.job", None)}
