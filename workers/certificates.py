"""Jobs of the certificates queue."""

from uuid import UUID

from lms_app.adapters import pdf, storage
from lms_app.database import transaction
from lms_app.domain.certificates import issuing
from lms_app.domain.enrollments.progress import ISSUE
from lms_app.words import JobQueue
from workers.broker import job


@job(ISSUE, queue=JobQueue.CERTIFICATES)
def issue(enrollment_id: str) -> None:
    """Awards the certificate, commits, then makes its file: a file can be made again, an award must not be doubled."""
    with transaction() as session:
        if not issuing.is_anybodys(session, UUID(enrollment_id)):
            return
        certificate_id = issuing.award(session, UUID(enrollment_id))
    with transaction() as session:
        issuing.make_file(session, certificate_id, render=pdf.render, store=storage.put)
