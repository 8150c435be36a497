"""Events on their way out: those of a run for its course's authors, and a person's own for that person, as xAPI statements or as a table.

Who did what is told under a pseudonym: a keyed hash of the person, the same in every export of this installation and nowhere else.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import IO, Any
from uuid import UUID

import orjson
from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.crypto import blind_index
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import goals
from lms_app.domain.analytics.own_events import told_value
from lms_app.domain.analytics.statement_rules import COLUMNS, Happening, Setting, row, statement
from lms_app.domain.assessments.told_marks import Untold, untold
from lms_app.errors import NotFound
from lms_app.models import Assessment, Course, LearningEvent, Page, PageRevision, Question, Run
from lms_app.settings import get_settings
from lms_app.words import NodeKind, Verb

FORMATS = {"xapi": ".xapi.zip", "events": ".events.zip"}
"""How the file's name ends, by format: statements of xAPI 1.0.3 in a JSON list, and a table."""

OWN_FORMATS = ("json", "events", "xapi")
"""In what a person has their own events: a JSON list, a table, statements."""

PAGE = 5_000
"""Events read by one statement."""

Transaction = Callable[[], Any]
"""Gives a transaction of its own: an export of millions of events is not one."""


def pseudonym(person_id: UUID) -> str:
    """What a person is called outside: 32 hexadecimal digits that say nothing."""
    return blind_index("xapi", str(person_id)).hex()[:32]


def registration(run_id: UUID, person_id: UUID) -> UUID:
    """What holds together everything that a person does in a run."""
    return UUID(bytes=blind_index("xapi-registration", f"{run_id}:{person_id}")[:16], version=4)


def write(format_: str, run_id: UUID, target: IO[bytes], transaction: Transaction, tell: Callable[[int, int], None]) -> int:
    """Writes the events of a run into an archive with one file, and gives how many."""
    with transaction() as session:
        total = session.exec(select(func.count()).select_from(LearningEvent).where(LearningEvent.run_id == run_id)).one()
    return _archive(format_, target, _pages(transaction, LearningEvent.run_id == run_id), lambda done: tell(done, total))


def write_own(format_: str, actor: Actor, target: IO[bytes], transaction: Transaction) -> int:
    """Writes the actor's own events, in whatever courses, into an archive, their goals beside them, and gives how many events. Marks that are not
    shown to the student now are left out, and so are titles of questions, which are their authors'."""
    written = _archive(format_, target, _pages(transaction, LearningEvent.person_id == actor.person_id, own=True), lambda done: None)
    with transaction() as session:
        kept = [asdict(goal) for goal in goals.kept_goals(session, actor)]
        hidden = goals.streak_is_hidden(session, actor)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("goals.json", orjson.dumps({"goals": kept, "weeks_in_a_row_hidden": hidden}, option=orjson.OPT_INDENT_2))
    return written


def run_of(session: Session, run_id: UUID) -> Run:
    """The run with this id. Raises NotFound."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound("There is no run with that id.")
    return run


def _archive(format_: str, target: IO[bytes], pages: Iterator[list[tuple[Happening, Setting, UUID, UUID]]], tell: Callable[[int], None]) -> int:
    writers = {"xapi": (_statements, "statements.json"), "json": (_objects, "events.json")}
    write_lines, name = writers.get(format_, (_table, "events.csv"))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive, archive.open(name, "w", force_zip64=True) as file:
        return write_lines(file, pages, tell)


def _statements(file: IO[bytes], pages: Iterator[list[tuple[Happening, Setting, UUID, UUID]]], tell: Callable[[int], None]) -> int:
    done = 0
    file.write(b"[")
    for page in pages:
        for event, setting, run_id, person_id in page:
            made = statement(event, setting, pseudonym(person_id), registration(run_id, person_id))
            file.write((b",\n" if done else b"\n") + orjson.dumps(made))
            done += 1
        tell(done)
    file.write(b"\n]\n")
    return done


def _objects(file: IO[bytes], pages: Iterator[list[tuple[Happening, Setting, UUID, UUID]]], tell: Callable[[int], None]) -> int:
    done = 0
    file.write(b"[")
    for page in pages:
        for event, setting, _, person_id in page:
            cells = dict(zip(COLUMNS, row(event, setting, pseudonym(person_id)), strict=True))
            named = {"course": setting.titles.get(setting.course_id, ""), **{name: cell for name, cell in cells.items() if cell}}
            file.write((b",\n" if done else b"\n") + orjson.dumps(named))
            done += 1
        tell(done)
    file.write(b"\n]\n")
    return done


def _table(file: IO[bytes], pages: Iterator[list[tuple[Happening, Setting, UUID, UUID]]], tell: Callable[[int], None]) -> int:
    done = 0
    for number, page in enumerate(pages):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        if number == 0:
            writer.writerow(COLUMNS)
        writer.writerows([_safe(cell) for cell in row(event, setting, pseudonym(person_id))] for event, setting, _, person_id in page)
        file.write(text.getvalue().encode())
        done += len(page)
        tell(done)
    return done


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _pages(transaction: Transaction, whose: Any, *, own: bool = False) -> Iterator[list[tuple[Happening, Setting, UUID, UUID]]]:
    """The events in the order of their ids, which is that of time. There is at least one page, which may be empty."""
    after, settings, first = UUID(int=0), {}, True
    while True:
        with transaction() as session:
            query = select(LearningEvent).where(whose, col(LearningEvent.id) > after).order_by(col(LearningEvent.id)).limit(PAGE)
            rows = session.exec(query).all()
            for course_id in {event.course_id for event in rows} - settings.keys():
                settings[course_id] = _setting(session, course_id, own=own)
            hidden = untold(session, {event.attempt_id for event in rows if event.attempt_id is not None}) if own else None
        if rows or first:
            yield [(_happening(event, hidden), settings[event.course_id], event.run_id, event.person_id) for event in rows]
        if len(rows) < PAGE:
            return
        after, first = rows[-1].id, False


def _happening(event: LearningEvent, hidden: Untold | None) -> Happening:
    return Happening(
        id=event.id,
        occurred_at=event.occurred_at,
        verb=Verb(event.verb),
        object_kind=NodeKind(event.object_kind),
        object_id=event.object_id,
        attempt_id=event.attempt_id,
        value=event.value if hidden is None else told_value(event, hidden),
    )


def _setting(session: Session, course_id: UUID, *, own: bool) -> Setting:
    course = session.get_one(Course, course_id)
    titles = {course.id: course.title}
    titles |= dict(
        session.exec(
            select(Page.id, PageRevision.title)
            .join(
                PageRevision,
                col(PageRevision.id) == (Page.published_revision_id if own else func.coalesce(Page.published_revision_id, Page.draft_revision_id)),
            )
            .where(Page.course_id == course_id)
        ).all()
    )
    titles |= dict(session.exec(select(Assessment.id, Assessment.title).where(Assessment.course_id == course_id)).all())
    if not own:
        titles |= dict(session.exec(select(Question.id, Question.title).where(Question.course_id == course_id)).all())
    return Setting(home=get_settings().public_url, course_id=course_id, language=course.language, titles=titles)
