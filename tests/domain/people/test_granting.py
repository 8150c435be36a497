import base64
import secrets

import pytest
from sqlmodel import Session, select

from lms_app import crypto
from lms_app.crypto import key_ring
from lms_app.domain.people import granting, profile, registration
from lms_app.errors import NotFound
from lms_app.models import AuditEntry, OutboxMessage, PersonKey
from lms_app.settings import get_settings
from tests.domain.people.test_accounts import EMAIL, actor_of, deliver_links, register


def test_a_new_admin_gets_a_link_to_set_a_password(session: Session, redis_url: str) -> None:
    assert granting.make_admin(session, EMAIL, name="Zoë")
    person = registration.find_person(session, EMAIL)
    assert person is not None
    assert (person.can_administer, person.password_hash) == (True, None)
    assert "/reset/new#" in deliver_links(session).sent[0][2]


def test_an_account_that_is_there_is_granted_without_a_mail(session: Session, redis_url: str) -> None:
    person = register(session)
    assert not granting.make_instructor(session, EMAIL)
    assert (person.can_teach, person.name) == (True, "Zoë Müller")
    assert session.exec(select(OutboxMessage)).all() == []
    assert session.exec(select(AuditEntry.action).where(AuditEntry.action == "became_instructor")).all() == ["became_instructor"]


def test_only_who_asked_is_approved(session: Session, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person = register(session)
    with pytest.raises(NotFound):
        granting.approve_instructor(session, EMAIL)
    monkeypatch.setenv("INSTRUCTORS", "approved")
    get_settings.cache_clear()
    assert not profile.ask_to_teach(session, actor_of(person))
    get_settings.cache_clear()
    granting.approve_instructor(session, EMAIL)
    assert (person.can_teach, person.teaching_requested_at) == (True, None)


def test_a_rotated_master_key_opens_everything_without_the_old_one(session: Session, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person = register(session)
    old = get_settings().master_keys.get_secret_value()
    new = f"next:{base64.b64encode(secrets.token_bytes(32)).decode()}"

    def use(keys: str) -> None:
        monkeypatch.setenv("MASTER_KEYS", keys)
        get_settings.cache_clear()
        crypto.master_keys.cache_clear()
        key_ring.forget()

    use(f"{new},{old}")
    assert person.name == "Zoë Müller"
    assert key_ring.rewrap(session) > 0
    assert key_ring.rewrap(session) == 0
    use(new)
    session.expire_all()
    assert person.name == "Zoë Müller"
    assert session.get_one(PersonKey, person.id).master_key_id == "next"
    use(old)
