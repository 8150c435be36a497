"""Reading certificates: one's own, and anybody's by its code."""

import re
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.crypto import Unreadable
from lms_app.domain.actor import Actor
from lms_app.domain.certificates.issuing import local_date
from lms_app.domain.certificates.views import OwnCertificate, Verification
from lms_app.errors import NotFound
from lms_app.models import Certificate, Person, Run


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
