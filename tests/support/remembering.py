"""Courses that tests make again and again: stored once by the use cases, then written as rows, with new ids and the present time.

Storing and publishing a course is a third of what most tests of the domain do before they begin. What is written here is what the use cases wrote, so
a test sees no difference but the time that it saves. Only where the test's changes are undone: there nothing is to be sent after a commit.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.ids import uuid7
from lms_app.models import Course

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00")
_MAKING = timedelta(minutes=1)
"""How near to its making a time is that means "now"."""


@dataclass(frozen=True)
class _Written:
    """The rows that a course is, table by table, as statements with the ids and times of their first making."""

    statements: str
    course: str
    author: str
    slug: str
    ids: tuple[str, ...]
    made_at: datetime


_known: dict[str, _Written] = {}
_met: set[str] = set()


def remembered(session: Session, author: Actor, slug: str, key: str, make: Callable[[], Course]) -> Course:
    """What `make()` stores for `author`: made the first two times that `key` is asked for, written as rows from then on. `slug` is the course's."""
    if session.join_transaction_mode != "create_savepoint":
        return make()
    known = _known.get(key)
    if known is not None and _is_free(session, slug):
        return _write_again(session, author, known)
    if known is not None or key not in _met:
        _met.add(key)
        return make()
    before = set(_all_rows(session))
    course = make()
    session.flush()
    after = _all_rows(session)
    if before <= set(after) and course.slug == slug:
        _known[key] = _remember(session, author, course, [row for row in after if row not in before])
    return course


def _is_free(session: Session, slug: str) -> bool:
    return session.execute(text("SELECT NOT EXISTS (SELECT FROM courses WHERE slug = :slug)"), {"slug": slug}).scalar_one()


def _remember(session: Session, author: Actor, course: Course, rows: list[tuple[str, str]]) -> _Written:
    statements: list[str] = []
    for table in SQLModel.metadata.sorted_tables:
        own = [row for name, row in rows if name == table.name]
        if own:
            columns = ", ".join(f'"{name}"' for name in _columns(session, table.name))
            listed = "[" + ",".join(own).replace("'", "''") + "]"
            statements.append(f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table.name}, '{listed}')")
    joined = ";\n".join(statements)
    return _Written(
        statements=joined,
        course=str(course.id),
        author=str(author.person_id),
        slug=course.slug,
        ids=tuple(sorted(set(_ID.findall(joined)))),
        made_at=clock.now(),
    )


def _write_again(session: Session, author: Actor, written: _Written) -> Course:
    # In the old order, for ids are in the order of their making.
    new = {old: str(uuid7()) for old in written.ids} | {written.author: str(author.person_id)}
    passed = clock.now() - written.made_at

    def later(found: re.Match[str]) -> str:
        moment = datetime.fromisoformat(found[0])
        return (moment + passed).isoformat() if abs(moment - written.made_at) < _MAKING else found[0]

    statements = _TIME.sub(later, _ID.sub(lambda found: new[found[0]], written.statements))
    session.flush()
    session.connection().exec_driver_sql(statements, execution_options={"no_parameters": True})
    return session.get_one(Course, UUID(new[written.course]))


def _all_rows(session: Session) -> list[tuple[str, str]]:
    """Every row of every table: the table's name and the row as JSON."""
    session.flush()
    parts = (f"SELECT '{table.name}', row_to_json(t)::text FROM {table.name} t" for table in SQLModel.metadata.sorted_tables)
    return [(name, row) for name, row in session.execute(text(" UNION ALL ".join(parts)))]


def _columns(session: Session, table: str) -> list[str]:
    """What is written of a table: not what Postgres makes of it by itself."""
    found = session.execute(
        text(
            "SELECT attname FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 "
            "AND NOT attisdropped AND attgenerated = '' AND attidentity = '' AND typname <> 'xid8' ORDER BY attnum"
        ),
        {"table": table},
    )
    return list(found.scalars())
