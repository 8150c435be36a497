"""Awarding certificates. The row is the award; its file is derived and can be made again."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import key_ring, seal
from lms_app.domain.analytics import events
from lms_app.domain.certificates import earning
from lms_app.domain.certificates.award_rules import rule_of
from lms_app.domain.certificates.template_rules import template_of
from lms_app.domain.certificates.views import CertificateSheet
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.notifications import inbox
from lms_app.errors import Conflict
from lms_app.ids import uuid7
from lms_app.models import Certificate, Course, Enrollment, Person, Run, StoredFile
from lms_app.settings import get_settings
from lms_app.words import NodeKind, NotificationKind, Verb

FIRST_AWARD = 1
INSTITUTION = "Lyceum"


class Store(Protocol):
    """Puts bytes away, sealed under `key`, and gives the key to find them by."""

    def __call__(self, data: bytes, *, key: bytes) -> str: ...


def new_code() -> str:
    """A public address for a certificate: 128 random bits in 26 letters and digits that are easy to read out."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def is_anybodys(session: Session, enrollment_id: UUID) -> bool:
    """Whether there is still somebody to award to: not once the person was erased."""
    enrollment = session.get_one(Enrollment, enrollment_id)
    return session.get_one(Person, enrollment.person_id).erased_at is None


def award(session: Session, enrollment_id: UUID) -> UUID:
    """The certificate of an enrolment that has earned it. Raises Conflict where it has not."""
    certificate_id = award_if_earned(session, enrollment_id)
    if certificate_id is None:
        raise Conflict("The certificate is not earned yet.")
    return certificate_id


def award_if_earned(session: Session, enrollment_id: UUID) -> UUID | None:
    """The certificate of a completed enrolment: written at the first call, found at every other. Its person is told at once. None while the course is
    not complete, or its certificate asks for more. One that was revoked for another reason than marks is not awarded anew."""
    # A correction of marks that revokes or revives certificates holds the enrolment too.
    enrollment = session.exec(select(Enrollment).where(Enrollment.id == enrollment_id).with_for_update(key_share=True)).one()
    if enrollment.completed_at is None:
        return None
    written_before = session.exec(select(Certificate).where(Certificate.enrollment_id == enrollment_id)).all()
    valid = next((row for row in written_before if row.revoked_at is None), None)
    if valid is not None:
        return valid.id
    course = session.get_one(Course, enrollment.course_id)
    if not _is_met(session, course, enrollment):
        return None
    taken = next((row for row in written_before if row.by_hand and row.completed_at == enrollment.completed_at), None)
    if taken is not None:
        taken.revoked_at, taken.revoked_because, taken.by_hand = None, None, False
        session.add(taken)
        _tell(
            session,
            taken.id,
            person_id=taken.person_id,
            course_id=course.id,
            unique_key=f"valid-again:{taken.id}:{clock.now().isoformat()}",
            again="1",
        )
        return taken.id
    version = FIRST_AWARD + sum(1 for row in written_before if row.regrade_id is not None or row.by_hand)
    person = session.get_one(Person, enrollment.person_id)
    certificate_id = uuid7()
    # The name is sealed under the new row's id: what was awarded keeps the name it was awarded to.
    key = key_ring.key(session, person.id)
    written = session.execute(
        insert(Certificate)
        .values(
            id=certificate_id,
            enrollment_id=enrollment.id,
            run_id=enrollment.run_id,
            course_id=course.id,
            person_id=person.id,
            award_version=version,
            code=new_code(),
            name_sealed=seal(key, f"certificates.name_sealed:{certificate_id}", person.name.encode()),
            course_title=course.title,
            signatory_name=course.signatory_name,
            signatory_title=course.signatory_title,
            template=course.certificate_template,
            rule=course.certificate_rule,
            completed_at=enrollment.completed_at,
            issued_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["enrollment_id", "award_version"])
        .returning(col(Certificate.id))
    ).first()
    if written is None:
        return session.exec(select(Certificate.id).where(Certificate.enrollment_id == enrollment.id, Certificate.award_version == version)).one()
    events.record(session, enrollment, Verb.EARNED, NodeKind.CERTIFICATE, certificate_id)
    _tell(session, certificate_id, person_id=person.id, course_id=course.id, unique_key=f"certificate:{certificate_id}")
    return certificate_id


def _tell(session: Session, certificate_id: UUID, *, person_id: UUID, course_id: UUID, unique_key: str, **more: str) -> None:
    about = {"certificate": str(certificate_id), "course": str(course_id), **more}
    inbox.deliver(session, person_id, NotificationKind.CERTIFICATE_ISSUED, unique_key=unique_key, **about)


def _is_met(session: Session, course: Course, enrollment: Enrollment) -> bool:
    """Whether somebody who has completed the course has done what else its certificate asks for."""
    rule = rule_of(course.certificate_rule)
    return not rule.asks_more or earning.records(session, [enrollment], published_outline(session, course.id), [rule])[enrollment.id].meets(rule)


def make_file(
    session: Session, certificate_id: UUID, *, render: Callable[..., bytes], store: Store, is_stored: Callable[[str], bool] | None = None
) -> UUID:
    """The id of the certificate's stored file, made now unless it exists. `render` draws the PDF of the fields of a `CertificateSheet`, `store` puts
    it away. A file whose bytes are gone, as `is_stored(storage_key)` tells, is made again."""
    certificate = session.exec(select(Certificate).where(Certificate.id == certificate_id).with_for_update()).one()
    known = session.get(StoredFile, certificate.file_id) if certificate.file_id is not None else None
    if known is not None and (is_stored is None or is_stored(known.storage_key)):
        return known.id
    data = render(**asdict(sheet_of(session, certificate)))
    storage_key = store(data, key=key_ring.key(session, certificate.person_id))
    if known is not None:
        known.size, known.storage_key = len(data), storage_key
        session.add(known)
        return known.id
    file = StoredFile(
        key_owner=certificate.person_id,
        person_id=certificate.person_id,
        purpose="certificate",
        filename=f"certificate-{certificate.code}.pdf",
        media_type="application/pdf",
        size=len(data),
        storage_key=storage_key,
        created_at=clock.now(),
    )
    session.add(file)
    session.flush()
    certificate.file_id = file.id
    session.add(certificate)
    return file.id


def sheet_of(session: Session, certificate: Certificate) -> CertificateSheet:
    """What is printed on a certificate. The date is the run's."""
    run = session.get_one(Run, certificate.run_id)
    course = session.get_one(Course, certificate.course_id)
    return CertificateSheet(
        person=certificate.name,
        course=certificate.course_title,
        institution=INSTITUTION,
        signatory=certificate.signatory_name,
        signatory_title=certificate.signatory_title,
        issued_on=certificate.issued_at.astimezone(ZoneInfo(run.time_zone)).date(),
        code=certificate.code,
        verification_url=public_address(certificate.code),
        language=course.language,
        **asdict(template_of(certificate.template)),
    )


def local_date(moment: datetime, zone: str) -> str:
    """A day in words, in `zone`: `23 November 2026`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y}"


def public_address(code: str) -> str:
    """Where anybody can check the certificate."""
    return f"{get_settings().public_url}/certificates/{code}"
