from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import mail
from lms_app.crypto import Unreadable, key_ring
from lms_app.domain.certificates import queries as certificates
from lms_app.domain.notifications import mailbox
from lms_app.domain.people import erasing, registration, signing_in
from lms_app.errors import NotFound
from lms_app.ids import uuid7
from lms_app.models import AuditEntry, CaughtMail, Certificate, Enrollment, Login, Person, PersonKey, StoredFile
from lms_app.words import EnrollmentStatus
from tests.domain.people.test_accounts import EMAIL, actor_of, begin, register
from tests.support.campus import new_campus


def erase(session: Session, person: Person) -> list[str]:
    discarded: list[str] = []
    erasing.erase_oneself(session, actor_of(person), version=person.password_version, discard=discarded.append)
    session.flush()
    session.expire_all()
    return discarded


def test_nothing_that_names_an_erased_person_is_left(session: Session, redis_url: str) -> None:
    person = register(session)
    grant = begin(session, person)
    mail.mailer(session)(EMAIL, "Hello", "Zoë, hello")
    erase(session, person)
    erased = session.get_one(Person, person.id)
    assert (erased.email_index, erased.email_sealed, erased.name_sealed, erased.bio_sealed, erased.password_hash) == (None,) * 5
    assert registration.find_person(session, EMAIL) is None
    assert session.get_one(Login, grant.login_id).ended_because == "erased"
    assert session.exec(select(CaughtMail)).all() == []
    assert session.get_one(PersonKey, person.id).wrapped == b""


def test_what_was_sealed_for_an_erased_person_never_opens_again(session: Session, redis_url: str) -> None:
    person = register(session)
    begin(session, person)
    entry = session.exec(select(AuditEntry).where(AuditEntry.person_id == person.id, AuditEntry.action == "signed_in")).one()
    assert entry.network
    erase(session, person)
    key_ring.forget()
    with pytest.raises(Unreadable):
        _ = session.get_one(AuditEntry, entry.id).network


def test_the_address_of_an_erased_person_may_register_anew(session: Session, redis_url: str) -> None:
    old = register(session)
    erase(session, old)
    new = register(session)
    assert new.id != old.id
    assert new.name == "Zoë Müller"


def test_an_erased_person_cannot_be_erased_again_nor_sign_in(session: Session, redis_url: str) -> None:
    person = register(session)
    erase(session, person)
    with pytest.raises(NotFound):
        erasing.erase(session, person.id, discard=lambda _: None)
    assert signing_in.account(session, EMAIL, "127.0.0.1").person_id is None
    with pytest.raises(NotFound):
        erasing.erase(session, uuid7(), discard=lambda _: None)


def test_enrolments_end_with_their_history_kept_and_a_certificate_is_no_longer_found(session: Session, redis_url: str) -> None:
    campus = new_campus(session)
    enrollment = campus.enroll()
    from lms_app.domain.certificates import issuing

    enrollment.completed_at = enrollment.enrolled_at
    session.add(enrollment)
    session.flush()
    certificate_id = issuing.award(session, enrollment.id)
    issuing.make_file(session, certificate_id, render=lambda *_, **__: b"pdf", store=lambda data, *, key: "the-key")
    certificate = session.get_one(Certificate, certificate_id)
    assert certificates.verify(session, certificate.code).found
    discarded: list[str] = []
    assert issuing.is_anybodys(session, enrollment.id)
    erasing.erase(session, campus.student.person_id, discard=discarded.append)
    assert not issuing.is_anybodys(session, enrollment.id)
    session.expire_all()
    key_ring.forget()
    assert session.get_one(Enrollment, enrollment.id).status == EnrollmentStatus.WITHDRAWN
    assert not certificates.verify(session, certificate.code).found
    assert session.exec(select(StoredFile).where(StoredFile.key_owner == campus.student.person_id)).all() == []
    from lms_app.database import run_after_commit

    run_after_commit(session)
    assert discarded == ["the-key"]


def test_typed_answers_are_blanked_and_their_scores_stay(session: Session, redis_url: str) -> None:
    from lms_app.domain.assessments import attempts

    campus = new_campus(session)
    campus.enroll()
    sheet = attempts.start(session, campus.student, campus.quiz("Try it").id)
    texts = [question for question in sheet.questions if question.type in ("short_text", "single_choice")]
    for question in texts:
        given = '{"text": "My name is Zoë"}' if question.type == "short_text" else '{"choice": "x"}'
        session.execute(
            text("INSERT INTO answers (attempt_id, question_id, response, sequence, saved_at) VALUES (:a, :q, CAST(:r AS jsonb), 1, now())"),
            {"a": UUID(sheet.id), "q": UUID(question.id), "r": given},
        )
    erasing.erase(session, campus.student.person_id, discard=lambda _: None)
    left = {str(row[0]) for row in session.execute(text("SELECT response FROM answers"))}
    assert left == {"None", "{'choice': 'x'}"}


def test_the_mailbox_is_shown_on_a_demo_on_this_machine_alone(session: Session, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from lms_app.settings import get_settings

    mail.mailer(session)(EMAIL, "Confirm", "Open http://localhost:8000/confirm#abc now, not https://elsewhere.example/x")
    for demo, public, smtp in (("0", "http://localhost:8000", ""), ("1", "https://lyceum.example", ""), ("1", "http://localhost:8000", "smtp://h")):
        monkeypatch.setenv("DEMO", demo)
        monkeypatch.setenv("PUBLIC_URL", public)
        monkeypatch.setenv("SMTP_URL", smtp)
        get_settings.cache_clear()
        with pytest.raises(NotFound):
            mailbox.caught(session, None)
    monkeypatch.setenv("SMTP_URL", "")
    get_settings.cache_clear()
    (line,) = mailbox.caught(session, None)
    assert (line.recipient, line.subject) == (EMAIL, "Confirm")
    opened = mailbox.read(session, None, UUID(line.id))
    assert [part.href for part in opened.parts if part.href] == ["http://localhost:8000/confirm#abc"]
    monkeypatch.undo()
    get_settings.cache_clear()
    with pytest.raises(NotFound):
        mailbox.read(session, None, UUID(line.id))
