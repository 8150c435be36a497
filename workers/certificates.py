"""Jobs of the certificates queue."""

from uuid import UUID

from lms_app.adapters import pdf, storage
from lms_app.database import transaction
from lms_app.domain.certificates import following, issuing
from lms_app.domain.enrollments.progress import ISSUE
from lms_app.words import JobQueue
from workers.broker import job


@job(ISSUE, queue=JobQueue.CERTIFICATES)
def issue(enrollment_id: str) -> None:
    """Awards the certificate where it is earned, commits, then makes its file: a file can be made again, an award must not be doubled."""
    with transaction() as session:
        if not issuing.is_anybodys(session, UUID(enrollment_id)):
            return
        certificate_id = issuing.award_if_earned(session, UUID(enrollment_id))
    if certificate_id is None:
        return
    with transaction() as session:
        issuing.make_file(session, certificate_id, render=pdf.render, store=storage.put)


@job(following.FOLLOW, queue=JobQueue.CERTIFICATES)
def follow(course_id: str, after: str) -> None:
    """Looks who has earned the certificate of a course by now, some of them at a time."""
    with transaction() as session:
        following.follow(session, UUID(course_id), after=after)
