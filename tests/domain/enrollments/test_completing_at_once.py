from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

from sqlmodel import func, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.enrollments import learning
from lms_app.models import Completion, Enrollment, LearningEvent, OutboxMessage, Progress
from lms_app.words import NodeKind, Verb
from tests.support.campus import Campus, neutral_course, new_campus


def short_course():
    """A course of two items: one to read, one to mark."""
    course = neutral_course("at-once")
    module = course.modules[0]
    reading = module.lessons[0]
    pages = (replace(reading.pages[0], blocks=reading.pages[0].blocks[:1]), reading.pages[1])
    return replace(course, modules=(replace(module, lessons=(replace(reading, pages=pages),)),), assessments=())


def test_the_last_two_items_done_at_once_complete_the_course_once(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus: Campus = new_campus(session, short_course())
        campus.enroll()
        stones, sand = campus.page("Stones").id, campus.page("Sand").id
        learning.open_page(session, campus.student, stones)
    student, gate = campus.student, Barrier(2)

    def read() -> None:
        with clock.moved_by(timedelta(seconds=20)), transaction() as session:
            gate.wait(10)
            learning.heartbeat(session, student, stones, seconds=10, reached_end=True)

    def mark() -> None:
        with transaction() as session:
            gate.wait(10)
            learning.mark_complete(session, student, sand)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(read), pool.submit(mark)]:
            done.result(30)
    with transaction() as session:
        assert session.exec(select(Progress.done)).one() == 2
        assert session.exec(select(Enrollment.completed_at)).one() is not None
        assert session.exec(select(func.count()).select_from(Completion).where(Completion.node_kind == NodeKind.COURSE)).one() == 1
        completed = select(func.count()).select_from(LearningEvent).where(LearningEvent.verb == Verb.COMPLETED)
        assert session.exec(completed.where(LearningEvent.object_kind == NodeKind.COURSE)).one() == 1
        assert session.exec(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.job == "certificates.issue")).one() == 1
