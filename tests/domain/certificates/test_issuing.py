"""An award is one row, whoever asks how often; its file is derived; what anybody may learn of it by its code."""

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, func, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.certificates import issuing, queries
from lms_app.domain.people.erasing import erase
from lms_app.errors import Conflict, NotFound
from lms_app.models import Certificate, Enrollment, LearningEvent, Notification, OutboxMessage, Person, Run, StoredFile
from lms_app.words import NotificationKind, Verb
from tests.support.campus import new_campus

pytestmark = pytest.mark.usefixtures("redis_url")


def complete(session: Session, name: str = "Ada Learner") -> tuple[Actor, UUID]:
    """A student who has completed a course, and the enrolment."""
    campus = new_campus(session)
    enrollment = campus.enroll(campus.person(name))
    enrollment.completed_at = clock.now()
    session.add(enrollment)
    session.flush()
    return Actor(person_id=enrollment.person_id, roles=campus.student.roles), enrollment.id


def awarded(session: Session, name: str = "Ada Learner") -> tuple[Actor, Certificate]:
    student, enrollment_id = complete(session, name)
    return student, session.get_one(Certificate, issuing.award(session, enrollment_id))


def test_fifty_awards_at_once_are_one_row_one_notification_one_event(committed_database: str) -> None:
    with transaction() as session:
        _, enrollment_id = complete(session)
    given: list[UUID] = []

    def award() -> None:
        with transaction() as session:
            given.append(issuing.award(session, enrollment_id))

    threads = [threading.Thread(target=award) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 50
    assert len(set(given)) == 1
    with transaction() as session:
        assert session.exec(select(Certificate.id)).all() == [given[0]]
        assert session.exec(select(Notification.kind)).all().count(NotificationKind.CERTIFICATE_ISSUED) == 1
        assert len(session.exec(select(LearningEvent).where(LearningEvent.verb == Verb.EARNED)).all()) == 1
        assert len(session.exec(select(OutboxMessage).where(OutboxMessage.job == "notifications.deliver")).all()) == 1


def test_an_incomplete_course_earns_nothing(session: Session) -> None:
    campus = new_campus(session)
    with pytest.raises(Conflict):
        issuing.award(session, campus.enroll().id)
    assert session.exec(select(func.count()).select_from(Certificate)).one() == 0


def test_its_file_is_made_once(session: Session) -> None:
    _, certificate = awarded(session)
    drawn: list[dict[str, Any]] = []

    def render(**fields: Any) -> bytes:
        drawn.append(fields)
        return b"%PDF-"

    files = {issuing.make_file(session, certificate.id, render=render, store=lambda data, *, key: "somewhere") for _ in range(2)}
    assert len(files) == len(drawn) == 1
    assert session.exec(select(StoredFile.id).where(StoredFile.purpose == "certificate")).all() == list(files)
    assert drawn[0]["person"] == "Ada Learner"
    assert drawn[0]["verification_url"].endswith(f"/certificates/{certificate.code}")


def test_a_file_whose_bytes_are_lost_is_made_again_under_the_same_id(session: Session) -> None:
    _, certificate = awarded(session)
    places = iter(("first", "second"))

    def make(*, kept: bool) -> UUID:
        return issuing.make_file(
            session, certificate.id, render=lambda **_: b"%PDF-", store=lambda data, *, key: next(places), is_stored=lambda _: kept
        )

    assert make(kept=True) == make(kept=True) == make(kept=False)
    assert session.exec(select(StoredFile.storage_key)).all() == ["second"]


def test_a_new_name_does_not_change_what_was_awarded(session: Session) -> None:
    student, certificate = awarded(session, "Zoë Ångström 李")
    person = session.get_one(Person, student.person_id)
    person.name = "Another Name"
    session.add(person)
    session.flush()
    session.expire_all()
    assert issuing.sheet_of(session, session.get_one(Certificate, certificate.id)).person == "Zoë Ångström 李"
    assert queries.verify(session, certificate.code).person == "Zoë Ångström 李"


@pytest.mark.parametrize("spell", [str.upper, lambda code: f"  {code[:5]} {code[5:]}\n", lambda code: "-".join(code), lambda code: f"{code}."])
def test_a_code_is_found_however_it_is_typed(session: Session, spell: Any) -> None:
    _, certificate = awarded(session)
    found = queries.verify(session, spell(certificate.code))
    assert (found.found, found.valid, found.code) == (True, True, certificate.code)


@pytest.mark.parametrize("code", ["", "nothing", "a\x00b", "%", "'; drop", "x" * 10_000, "٣"])
def test_any_other_code_is_not_found(session: Session, code: str) -> None:
    awarded(session)
    assert queries.verify(session, code).found is False


def test_a_revoked_certificate_is_found_and_not_valid(session: Session) -> None:
    _, certificate = awarded(session)
    certificate.revoked_at, certificate.revoked_because = clock.now(), "Awarded by mistake"
    session.add(certificate)
    session.flush()
    found = queries.verify(session, certificate.code)
    assert (found.found, found.valid, found.revoked_because) == (True, False, "Awarded by mistake")


def test_a_revoked_certificates_file_is_handed_out_no_more_and_its_owner_reads_why(session: Session) -> None:
    student, certificate = awarded(session)
    certificate.revoked_at, certificate.revoked_because = clock.now(), "Awarded by mistake"
    session.add(certificate)
    session.flush()
    with pytest.raises(NotFound, match="was withdrawn"):
        queries.valid_certificate_id(session, student, certificate.code)
    [own] = queries.own_certificates(session, student)
    assert (own.revoked, own.download, own.revoked_because) == (True, "", "Awarded by mistake")


def test_an_erased_persons_certificate_is_no_longer_found(session: Session) -> None:
    student, certificate = awarded(session)
    code = certificate.code
    erase(session, student.person_id, discard=lambda key: None)
    session.flush()
    session.expire_all()
    found = queries.verify(session, code)
    assert (found.found, found.person) == (False, "")


def test_its_date_is_the_day_where_the_run_is_given(session: Session) -> None:
    student, enrollment_id = complete(session)
    run = session.get_one(Run, session.get_one(Enrollment, enrollment_id).run_id)
    run.time_zone = "Pacific/Auckland"
    session.add(run)
    session.flush()
    with clock.moved_to(datetime(2026, 12, 31, 12, 30, tzinfo=UTC)):
        certificate = session.get_one(Certificate, issuing.award(session, enrollment_id))
    assert issuing.sheet_of(session, certificate).issued_on.isoformat() == "2027-01-01"
    assert queries.verify(session, certificate.code).issued_on == "1 January 2027"
    assert queries.own_certificates(session, student)[0].issued_on == "31 December 2026"


def test_anothers_certificate_is_not_ones_own(session: Session) -> None:
    student, certificate = awarded(session)
    stranger, _ = complete(session, "Another Student")
    assert queries.valid_certificate_id(session, student, certificate.code) == certificate.id
    assert queries.own_certificates(session, stranger) == []
    with pytest.raises(NotFound):
        queries.valid_certificate_id(session, stranger, certificate.code)
