"""How long a student waits for a certificate with idle queues, on servers, a web process and a worker of its own. The last line is JSON.

Each student has a page's socket open, with the state that shows the toast, and completes a course. Measured are the times from the commit of that
last completion until the toast's words are at the socket, and from the certificate's row until then; what Chromium takes to paint them is not in
it. Then fifty triggers at once for each of some students: their certificates and notifications are counted.

CERTIFICATES says how many students (20).
"""

import asyncio
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from dramatiq import Message
from sqlmodel import Session, col, func, select

from bench.servers import own_servers
from lms_app.adapters import clock, jobs
from lms_app.database import engine, transaction
from lms_app.domain.enrollments import enrollments, learning
from lms_app.domain.enrollments.progress import ISSUE
from lms_app.interchange import neutral
from lms_app.launcher.places import PROJECT
from lms_app.models import Certificate, Enrollment, Notification
from lms_app.words import CompletionRule, JobQueue, NotificationKind, Role
from tests.support.campus import Campus, new_campus, text_block
from tests.support.people import SignedIn, sign_in
from tests.support.servers import forget_connections, reachable_folder
from tests.support.web import ROOT, Tab, WebServer, web_server

VIEWER = f"{ROOT}.lms_app___web___viewer_state____viewer_state"
STUDENTS = int(os.environ.get("CERTIFICATES", "20"))
TRIGGERED = 5
"""Students who are triggered for many times at once."""
TRIGGERS = 50
LONGEST = 60.0


def main() -> None:
    """Prints each student's times, then all of it as one line of JSON."""
    with own_servers() as _, reachable_folder("lyceum-certificates-") as folder:
        with web_server("bench.certificates_site:app", folder, REFLEX_WEB_WORKDIR=str(folder)) as web, _worker(folder):
            os.environ["PUBLIC_URL"] = web.url
            forget_connections()
            found = asyncio.run(measure(web))
    print(json.dumps(found))


@contextmanager
def _worker(folder: Path) -> Iterator[None]:
    """The worker of the Procfile that issues certificates."""
    command = [sys.executable, "-m", "lms_app", "worker", "certificates", "notifications", "default"]
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


async def measure(web: WebServer) -> dict[str, float | int]:
    """All figures."""
    with transaction() as session:
        campus = new_campus(session, _source())
        page_id = campus.page("Stones").id
    # The first one finds the worker starting, and its fonts unread.
    await _wait_of(web, campus, page_id, sign_in(Role.STUDENT, name="Student"))
    students = [sign_in(Role.STUDENT, name=f"Student {number}") for number in range(STUDENTS)]
    print(f"load average before: {os.getloadavg()[0]:.2f}", flush=True)
    waits = [await _wait_of(web, campus, page_id, student) for student in students]
    from_act, from_row = [act for act, _ in waits], [row for _, row in waits]
    return {
        "n": len(waits),
        "p50_ms": round(statistics.median(from_act)),
        "p95_ms": _p95(from_act),
        "row_to_page_p50_ms": round(statistics.median(from_row)),
        "row_to_page_p95_ms": _p95(from_row),
        "duplicates": _duplicates(campus, students[:TRIGGERED]),
        "load": round(os.getloadavg()[0], 1),
    }


async def _wait_of(web: WebServer, campus: Campus, page_id: UUID, student: SignedIn) -> tuple[float, float]:
    """Milliseconds to the toast from the commit of the last completion, and from the certificate's row."""
    with transaction() as session:
        enrollments.enroll(session, student.actor, campus.slug)
    async with Tab(web, student.cookie) as tab:
        await tab.send(f"{VIEWER}.load")
        await tab.wait(lambda: tab.value(VIEWER, "ready"), 20)
        # The queues come to rest, and with them the pause after the page's last push.
        await asyncio.sleep(1.5)
        with transaction() as session:
            learning.mark_complete(session, student.actor, page_id)
        committed = clock.now()
        await tab.wait(lambda: "certificate" in (tab.toast or ""), LONGEST)
        seen = clock.now()
    with Session(engine()) as session:
        issued = session.exec(select(Certificate.issued_at).where(Certificate.person_id == student.actor.person_id)).one()
    wait = (_milliseconds(seen - committed), _milliseconds(seen - issued))
    print(f"completion to page {wait[0]:6.0f} ms, row to page {wait[1]:6.0f} ms", flush=True)
    return wait


def _duplicates(campus: Campus, students: list[SignedIn]) -> int:
    """Certificates and notifications beyond one each, after many triggers at once."""
    people = [student.actor.person_id for student in students]
    with transaction() as session:
        ids = session.exec(select(Enrollment.id).where(col(Enrollment.person_id).in_(people), Enrollment.course_id == campus.course.id)).all()
    broker = jobs.broker()
    for number in range(TRIGGERS * len(ids)):
        arguments = {"enrollment_id": str(ids[number % len(ids)])}
        broker.enqueue(Message(queue_name=JobQueue.CERTIFICATES, actor_name=ISSUE, args=(), kwargs=arguments, options={}))
    broker.join(JobQueue.CERTIFICATES, timeout=120_000)
    # What the broker has handed out is still being done.
    time.sleep(3)
    with Session(engine()) as session:
        certificates = session.exec(select(func.count()).select_from(Certificate).where(col(Certificate.person_id).in_(people))).one()
        told = session.exec(
            select(func.count())
            .select_from(Notification)
            .where(col(Notification.person_id).in_(people), Notification.kind == NotificationKind.CERTIFICATE_ISSUED)
        ).one()
    return certificates + told - 2 * len(people)


def _p95(values: list[float]) -> int:
    return round(sorted(values)[math.ceil(len(values) * 0.95) - 1])


def _milliseconds(span: timedelta) -> float:
    return span.total_seconds() * 1000


def _source() -> neutral.Course:
    page = neutral.Page(ref="p1", title="Stones", blocks=(text_block("Stones are old."),), rule=CompletionRule.MANUAL)
    lesson = neutral.Lesson(ref="l1", title="Reading", pages=(page,))
    module = neutral.Module(ref="m1", title="Ground", lessons=(lesson,))
    return neutral.Course(title="Stones and sand", summary="What lies under us", slug="stones", language="en", modules=(module,))


if __name__ == "__main__":
    main()
