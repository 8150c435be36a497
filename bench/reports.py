"""How long reports take on a course of 10,000 students: each kind in each format, and what its preview takes. The last line is JSON.

On servers of its own with fsync on, one report after the other, made by the worker's job as the worker makes it.
"""

import json
import os
import resource
import time
from collections.abc import Callable
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy import event, text

from bench.analytics_campus import Place, furnish_course, furnish_people, load
from bench.servers import own_servers
from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import fold
from lms_app.domain.courses.positions import first_n
from lms_app.domain.reports import queries, reports
from lms_app.domain.reports.sources import Asked
from lms_app.models import GradeColumn
from lms_app.settings import get_settings
from lms_app.words import ReportFormat, ReportKind

T = TypeVar("T")

STUDENTS = int(os.environ.get("REPORTS_STUDENTS", "10000"))
ITEMS = 50
BY_HAND = 20
"""Grade columns beside those of the quizzes."""
EVENTS = STUDENTS * int(os.environ.get("REPORTS_EVENTS", "20"))
"""How much happened: events of a student on average."""


def main() -> None:
    """Prints what it measures, then all of it as one line of JSON."""
    with own_servers(), TemporaryDirectory() as folder:
        os.environ["STORAGE_DIR"] = folder
        get_settings.cache_clear()
        instructor, place = furnish()
        found = {kind.value: measure(instructor, place, kind) for kind in ReportKind}
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"students": STUDENTS, "items": ITEMS, **found, "memory_mb": memory, "load": round(os.getloadavg()[0], 1)}))


def measure(instructor: Actor, place: Place, kind: ReportKind) -> dict[str, float]:
    """Seconds of a preview, of the report in each format, and of the longest statement among them."""
    asked = Asked(kind=kind)
    with transaction() as session:
        preview = timed(lambda: queries.preview(session, instructor, place.course_id, asked))[0]
    longest = Longest()
    took = {format_.value: make(instructor, place, asked, format_) for format_ in ReportFormat}
    found = {"preview": preview, **took, "longest_statement": longest.stop()}
    print(f"{kind.value}: {found}", flush=True)
    return found


def make(instructor: Actor, place: Place, asked: Asked, format_: ReportFormat) -> float:
    """Seconds from the order to the file."""
    from workers.reports import run

    with transaction() as session:
        report_id = reports.order(session, instructor, place.course_id, asked, format_)
    seconds, _ = timed(lambda: run(str(report_id)))
    with transaction() as session:
        line = queries.report(session, instructor, report_id)
        assert line.status == "done", line.refusal
    return seconds


class Longest:
    """The longest statement, in seconds, until it is stopped."""

    def __init__(self) -> None:
        self._longest, self._began = 0.0, 0.0
        event.listen(engine(), "before_cursor_execute", self._begin)
        event.listen(engine(), "after_cursor_execute", self._end)

    def stop(self) -> float:
        """How long it took."""
        event.remove(engine(), "before_cursor_execute", self._begin)
        event.remove(engine(), "after_cursor_execute", self._end)
        return round(self._longest, 2)

    def _begin(self, *_: object) -> None:
        self._began = time.perf_counter()

    def _end(self, *_: object) -> None:
        self._longest = max(self._longest, time.perf_counter() - self._began)


def timed(act: Callable[[], T]) -> tuple[float, T]:
    """Seconds, and what it gives."""
    began = time.perf_counter()
    made = act()
    return round(time.perf_counter() - began, 2), made


def furnish() -> tuple[Actor, Place]:
    """The course, what happened in it, the marks of every question and the grades, folded."""
    instructor, people = said("people", lambda: furnish_people(STUDENTS))
    place = said("course", lambda: furnish_course(instructor, people, "large", items=ITEMS))
    said("events", lambda: load(place, EVENTS, seed=1))
    said("marks and grades", lambda: _fill(place))
    said("roll-ups", _roll_up)
    return instructor, place


def said(words: str, act: Callable[[], T]) -> T:
    """What it gives; says how long it took."""
    seconds, made = timed(act)
    print(f"{words}: {seconds} s", flush=True)
    return made


def _fill(place: Place) -> None:
    with transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(_MARKS, {"run": place.run_id})
        session.add_all(
            GradeColumn(run_id=place.run_id, title=f"Essay {number + 1}", points=Decimal(20), position=at, created_at=clock.now())
            for number, at in enumerate(first_n(BY_HAND))
        )
        session.flush()
        session.execute(_GRADES, {"run": place.run_id, "now": clock.now()})


def _roll_up() -> None:
    with transaction() as session:
        fold.rebuild(session)
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("RESET statement_timeout"))


_MARKS = text("""
INSERT INTO question_scores (attempt_id, question_id, question_revision_id, points, fraction, score, outcome, tally, graded_at)
SELECT a.id, q.question_id, q.question_revision_id, q.points, m.fraction, m.fraction * q.points,
  CASE WHEN m.fraction = 1 THEN 'correct' ELSE 'incorrect' END, '[]', a.submitted_at
FROM attempts a JOIN assessment_sections s ON s.assessment_revision_id = a.assessment_revision_id JOIN section_questions q ON q.section_id = s.id,
  LATERAL (SELECT CAST(random() < a.fraction AS int) AS fraction, q.id) m
WHERE a.run_id = :run
""")

_GRADES = text("""
INSERT INTO grades (enrollment_id, column_id, fraction, pending, handed_in_at, given, excused, version, moved_at)
SELECT e.id, c.id, CASE WHEN c.assessment_id IS NOT NULL THEN round(CAST(random() AS numeric), 3) END, false, :now,
  CASE WHEN c.assessment_id IS NULL THEN CAST(floor(random() * 21) AS numeric) END, false, 1, :now
FROM enrollments e JOIN grade_columns c ON c.run_id = e.run_id WHERE e.run_id = :run
""")


if __name__ == "__main__":
    main()
