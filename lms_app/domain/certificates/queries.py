"""Reading certificates: one's own, and anybody's by its code."""

import re
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.crypto import Unreadable
from lms_app.domain.actor import Actor
from lms_app.domain.certificates import earning
from lms_app.domain.certificates.award_rules import missing, rule_of, rule_sentence
from lms_app.domain.certificates.issuing import local_date
from lms_app.domain.certificates.views import OwnCertificate, Verification
from lms_app.domain.courses.outline import Outline
from lms_app.errors import NotFound
from lms_app.models import Certificate, Course, Enrollment, Person, Run


def own_certificates(session: Session, actor: Actor) -> list[OwnCertificate]:
    """The actor's certificates, newest first."""
    person = session.get_one(Person, actor.person_id)
    rows = session.exec(select(Certificate).where(Certificate.person_id == actor.person_id).order_by(col(Certificate.id).desc())).all()
    return [
        OwnCertificate(
            id=str(row.id),
            code=row.code,
            course=row.course_title,
            issued_on=local_date(row.issued_at, person.time_zone),
            download="" if row.revoked_at else f"/v/certificates/{row.code}.pdf",
            address=f"/certificates/{row.code}",
            revoked=row.revoked_at is not None,
            revoked_because=row.revoked_because or "",
        )
        for row in rows
    ]


def certificate_sentence(course: Course, outline: Outline) -> str:
    """When the certificate of a course is earned, in words for its students; "" where none is offered."""
    titles = {item.id: item.title for item in outline.items()}
    return rule_sentence(rule_of(course.certificate_rule), titles) if course.certificate_offered else ""


def still_missing(session: Session, enrollment: Enrollment, course: Course, outline: Outline, *, left: int = 0) -> list[str]:
    """What somebody lacks for the certificate of a course, a sentence each, as they are told; nothing where it asks for no more than completing the
    course. `left` required items are still to be done."""
    rule = rule_of(course.certificate_rule)
    held = select(Certificate.id).where(Certificate.enrollment_id == enrollment.id, col(Certificate.revoked_at).is_(None))
    if not course.certificate_offered or not rule.asks_more or session.exec(held).first() is not None:
        return []
    merit = earning.records(session, [enrollment], outline, [rule], told=True)[enrollment.id].merit()
    return missing(rule, merit, {item.id: item.title for item in outline.items()}, left=left)


def valid_certificate_id(session: Session, actor: Actor, code: str) -> UUID:
    """The id of the actor's certificate with this code, to hand its file out. Raises NotFound, for one that was withdrawn too."""
    found = session.exec(select(Certificate).where(Certificate.code == _clean(code), Certificate.person_id == actor.person_id)).first()
    if found is None:
        raise NotFound("There is no certificate of yours with this code.")
    if found.revoked_at is not None:
        raise NotFound("This certificate was withdrawn. Its file can no longer be downloaded.")
    return found.id


def verify(session: Session, code: str) -> Verification:
    """What anybody may know of a code. Case and spaces do not matter. An erased person's certificate is no longer found."""
    row = session.exec(select(Certificate).where(Certificate.code == _clean(code))).first()
    if row is None:
        return Verification(found=False)
    try:
        person = row.name
    except Unreadable:
        return Verification(found=False)
    run = session.get_one(Run, row.run_id)
    return Verification(
        found=True,
        valid=row.revoked_at is None,
        person=person,
        course=row.course_title,
        signatory=", ".join(part for part in (row.signatory_name, row.signatory_title) if part),
        issued_on=local_date(row.issued_at, run.time_zone),
        code=row.code,
        revoked_because=row.revoked_because or "",
    )


def _clean(code: str) -> str:
    return re.sub(r"[^a-z0-9]", "", code.lower())[:40]
