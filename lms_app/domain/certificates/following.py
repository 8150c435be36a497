"""Certificates follow what they are given for: grades that people set, and a rule that was changed.

A changed rule takes nothing away: each certificate keeps the rule that it was given for. Grades set by hand may, as a correction of a question may
(`assessments/regrade_plans.py`), and what they took is valid again once the marks reach it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlmodel import Session, col, exists, or_, select

from lms_app.adapters import clock, jobs
from lms_app.domain.certificates import earning
from lms_app.domain.certificates.award_rules import rule_of
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments.progress import ask_for_certificate
from lms_app.domain.notifications import inbox
from lms_app.ids import uuid7
from lms_app.models import Certificate, Course, Enrollment, Run
from lms_app.words import EnrollmentStatus, JobQueue, NotificationKind

FOLLOW = "certificates.follow"
CHUNK = 200
"""People who are looked at in one transaction."""

UNMET = "Grades were changed after the certificate was issued, and no longer reach what it asks for."


@contextmanager
def followed(session: Session, enrollment_ids: Collection[UUID]) -> Iterator[None]:
    """What is done to the grades of these people within it moves their certificates along."""
    people = _concerned(session, enrollment_ids)
    if not people:
        yield
        return
    # Of one course each time: a gradebook is a run's.
    course = session.get_one(Course, people[0].course_id)
    outline, rule = published_outline(session, course.id), rule_of(course.certificate_rule)
    ids = [enrollment.id for enrollment in people]
    query = select(Certificate).where(col(Certificate.enrollment_id).in_(ids), col(Certificate.revoked_at).is_(None)).with_for_update()
    valid = {certificate.enrollment_id: certificate for certificate in session.exec(query).all()}
    rules = [rule, *(rule_of(certificate.rule) for certificate in valid.values())]
    before = earning.records(session, people, outline, rules)
    yield
    session.flush()
    after = earning.records(session, people, outline, rules)
    for enrollment in people:
        certificate = valid.get(enrollment.id)
        if certificate is None:
            if course.certificate_offered and after[enrollment.id].meets(rule):
                ask_for_certificate(session, enrollment.id, str(uuid7()))
        elif before[enrollment.id].meets(given_for := rule_of(certificate.rule)) and not after[enrollment.id].meets(given_for):
            _withdraw(session, certificate)


def _withdraw(session: Session, certificate: Certificate) -> None:
    """Takes a certificate back, and tells whose it is."""
    now = clock.now()
    certificate.revoked_at, certificate.revoked_because, certificate.by_hand = now, UNMET, True
    session.add(certificate)
    inbox.deliver(
        session,
        certificate.person_id,
        NotificationKind.CERTIFICATE_WITHDRAWN,
        unique_key=f"withdrawn:{certificate.id}:{now.isoformat()}",
        certificate=str(certificate.id),
        course=str(certificate.course_id),
    )


def _concerned(session: Session, enrollment_ids: Collection[UUID]) -> list[Enrollment]:
    """Those of them who have completed a course whose certificate asks for more, or have one that did."""
    held = exists().where(col(Certificate.enrollment_id) == col(Enrollment.id), col(Certificate.rule) != {})
    query = (
        select(Enrollment)
        .join(Course, col(Course.id) == col(Enrollment.course_id))
        .where(col(Enrollment.id).in_(enrollment_ids), col(Enrollment.completed_at).is_not(None), or_(col(Course.certificate_rule) != {}, held))
        .order_by(col(Enrollment.id))
        # A certificate that is being awarded is there before what it was awarded for moves, or sees that it has.
        .with_for_update(of=Enrollment, key_share=True)
    )
    return list(session.exec(query).all())


def ask(session: Session, course_id: UUID, *, after: str = "") -> None:
    """Lets a worker look who has earned the certificate of a course by now, from the enrolment `after` on."""
    jobs.enqueue(session, FOLLOW, queue=JobQueue.CERTIFICATES, course_id=str(course_id), after=after)


def ask_of_run(session: Session, run_id: UUID) -> None:
    """The same where a run is graded in another way, if its course's certificate asks for a grade."""
    course = session.exec(select(Course).join(Run, col(Run.course_id) == col(Course.id)).where(Run.id == run_id)).one()
    if course.certificate_offered and rule_of(course.certificate_rule).asks_more:
        ask(session, course.id)


def follow(session: Session, course_id: UUID, *, after: str = "") -> int:
    """Asks for the certificates of those who have earned one by now and have none, some at a time, and for the next look; gives how many."""
    course = session.get(Course, course_id)
    if course is None or not course.certificate_offered:
        return 0
    people = without_certificate(session, course_id, after=UUID(after) if after else None, limit=CHUNK)
    rule = rule_of(course.certificate_rule)
    judged = earning.records(session, people, published_outline(session, course_id), [rule])
    earned = [enrollment for enrollment in people if not rule.asks_more or judged[enrollment.id].meets(rule)]
    for enrollment in earned:
        ask_for_certificate(session, enrollment.id, str(uuid7()))
    if len(people) == CHUNK:
        ask(session, course_id, after=str(people[-1].id))
    return len(earned)


def without_certificate(session: Session, course_id: UUID, *, after: UUID | None = None, limit: int | None = None) -> list[Enrollment]:
    """Those who take a course, have completed it, and have no certificate: neither a valid one, nor one that was withdrawn for a reason that has
    nothing to do with marks."""
    stands = exists().where(
        col(Certificate.enrollment_id) == col(Enrollment.id),
        or_(col(Certificate.revoked_at).is_(None), col(Certificate.regrade_id).is_(None) & ~col(Certificate.by_hand)),
    )
    query = (
        select(Enrollment)
        .where(
            Enrollment.course_id == course_id, Enrollment.status == EnrollmentStatus.ACTIVE, col(Enrollment.completed_at).is_not(None), ~stands
        )
        .order_by(col(Enrollment.id))
        .limit(limit)
    )  # fmt: skip
    return list(session.exec(query if after is None else query.where(col(Enrollment.id) > after)).all())
