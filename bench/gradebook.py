"""How long a gradebook of 1,000 students by 100 columns takes over HTTP: windows of 50 by 20, and saving a grade. The last line is JSON.

Against two web workers on servers of its own, with fsync on, one request after the other, as one grader makes them.
"""

import json
import os
import random
import secrets
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import insert, text
from sqlmodel import Session

from bench.servers import own_servers
from lms_app.adapters import clock, tokens
from lms_app.crypto import master_keys, seal
from lms_app.database import engine
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, authoring
from lms_app.domain.courses.positions import first_n
from lms_app.domain.people.registration import create_person
from lms_app.ids import uuid7
from lms_app.models import Enrollment, Gradebook, GradeCategory, GradeColumn, Login, Person, PersonKey
from lms_app.words import Role
from tests.support.web import web_server

STUDENTS = int(os.environ.get("GRADEBOOK_STUDENTS", "1000"))
COLUMNS = 100
ROWS_SHOWN, COLUMNS_SHOWN = 50, 20
REQUESTS = 200
SETTINGS = {"aggregation": "weighted", "missing": "zero", "late_per_day": "0.1", "late_floor": "0.2", "scale": "letters", "pass_mark": "0.5"}


def main() -> None:
    """Prints what it measures, then all of it as one line of JSON."""
    with own_servers(), TemporaryDirectory() as folder:
        began = time.perf_counter()
        course_id, people, columns, cookie = furnish()
        print(f"seeded {STUDENTS} x {COLUMNS} in {time.perf_counter() - began:.1f} s", flush=True)
        with web_server("lms_app.lms_app:app", Path(folder), workers=2, REFLEX_WEB_WORKDIR=folder) as server:
            headers = {"Cookie": cookie, "Origin": server.url, "X-Lyceum": "1"}
            with httpx.Client(base_url=f"{server.url}/v/courses/{course_id}/gradebook", headers=headers, timeout=60) as client:
                found = measure(client, people, columns)
    found |= {"students": STUDENTS, "columns": COLUMNS, "load": round(os.getloadavg()[0], 1)}
    print(json.dumps(found))


def measure(client: httpx.Client, people: list[UUID], columns: list[UUID]) -> dict[str, Any]:
    """Milliseconds of windows and saves (p50, p95)."""
    chance = random.Random(1)

    def window() -> None:
        query = {"first": chance.randrange(STUDENTS - ROWS_SHOWN), "rows": ROWS_SHOWN, "first_column": chance.randrange(81), "columns": COLUMNS_SHOWN}
        answer = client.get("/window", params=query)
        rows = answer.json()["rows"]
        assert len(rows) == ROWS_SHOWN
        assert all(len(row["cells"]) == COLUMNS_SHOWN and row["total"]["text"] for row in rows)

    places = chance.sample([(person, column) for person in people for column in columns[80:]], REQUESTS + 10)

    def save() -> None:
        person, column = places.pop()
        answer = client.put(f"/grades/{person}/{column}", json={"act": "set", "points": str(chance.randrange(21))}, headers={"If-Match": '"1"'})
        assert answer.status_code == 200, answer.text

    return {f"{name}_{part}_ms": value for name, act in (("window", window), ("save", save)) for part, value in timed(act).items()}


def timed(act: Callable[[], None]) -> dict[str, float]:
    """Median and 95th percentile of doing it, in milliseconds, after a few that warm up."""
    for _ in range(10):
        act()
    took = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return {"p50": round(statistics.median(took), 1), "p95": round(sorted(took)[int(REQUESTS * 0.95) - 1], 1)}


def furnish() -> tuple[UUID, list[UUID], list[UUID], str]:
    """A course with its teacher, students and a full gradebook: 80 columns as quizzes fill them, 20 by hand, four weighted categories."""
    chance, now = random.Random(2), clock.now()
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        teacher = create_person(session, name="Instructor", email="grades@example.org", password_hash=None, can_teach=True)
        instructor = Actor(person_id=teacher.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR}))
        course = authoring.create_course(session, instructor, title="A large course")
        run = access.current_run(session, course.id)
        login = Login(person_id=teacher.id, created_at=now, last_seen_at=now, expires_at=now + timedelta(hours=6))
        session.add_all([login, Gradebook(run_id=run.id, settings=SETTINGS, updated_at=now)])
        categories = [
            GradeCategory(run_id=run.id, title=f"Category {place}", weight=Decimal(10 * number), drop_lowest=2, position=place, created_at=now)
            for number, place in enumerate(first_n(4), start=1)
        ]
        session.add_all(categories)
        session.flush()
        columns = [
            GradeColumn(
                run_id=run.id,
                category_id=categories[number % 4].id,
                title=f"Quiz {number + 1}",
                points=Decimal(20),
                due_at=now - timedelta(days=3),
                position=place,
                created_at=now,
            )
            for number, place in enumerate(first_n(COLUMNS))
        ]
        session.add_all(columns)
        session.flush()
        learners = _people(session, chance)
        enrollments = [Enrollment(id=uuid7(), run_id=run.id, course_id=course.id, person_id=person, enrolled_at=now) for person in learners]
        session.execute(insert(Enrollment), [enrollment.model_dump() for enrollment in enrollments])
        # In the order of the page, which is by category: the last twenty are graded by hand.
        shown = sorted(range(COLUMNS), key=lambda number: (number % 4, number))
        by_hand = [columns[number].id for number in shown[80:]]
        session.execute(text("SELECT setseed(0.5)"))
        session.execute(_FILL, {"run": run.id, "by_hand": by_hand, "now": now})
        cookie = f"{tokens.cookie_name()}={tokens.sign(login_id=login.id, person_id=teacher.id, life=timedelta(hours=6))}"
        return course.id, [enrollment.id for enrollment in enrollments], [columns[number].id for number in shown], cookie


def _people(session: Session, chance: random.Random) -> list[UUID]:
    """So many people with names, keys of their own and nothing else, by two statements."""
    master_id, master = next(iter(master_keys().items()))
    keys, people = [], []
    for number in range(STUDENTS):
        person_id, key = uuid7(), secrets.token_bytes(32)
        name = f"Student {number:04} {chance.choice(NAMES)}"
        wrapped = seal(master, f"person_keys.wrapped:{person_id}", key)
        keys.append({"person_id": person_id, "wrapped": wrapped, "master_key_id": master_id, "created_at": clock.now()})
        person = Person(id=person_id, created_at=clock.now(), name_sealed=seal(key, f"people.name_sealed:{person_id}", name.encode()))
        people.append(person.model_dump())
    session.execute(insert(PersonKey), keys)
    session.execute(insert(Person), people)
    return [person["id"] for person in people]


_FILL = text(
    "INSERT INTO grades (enrollment_id, column_id, fraction, pending, handed_in_at, given, excused, version, moved_at) "
    "SELECT e.id, c.id, CASE WHEN c.id = ANY(:by_hand) THEN NULL ELSE round(random()::numeric, 3) END, false, "
    "CASE WHEN c.id = ANY(:by_hand) THEN NULL ELSE :now - random() * interval '8 days' END, "
    "CASE WHEN c.id = ANY(:by_hand) THEN floor(random() * 21)::numeric END, false, 1, :now "
    "FROM enrollments e JOIN grade_columns c ON c.run_id = e.run_id WHERE e.run_id = :run"
)

NAMES = ("Abara", "Bergström", "Chen", "Dubois", "Eze", "Fischer", "García", "Haddad", "Ivanova", "Jansen", "Kowalski", "Lindqvist")


if __name__ == "__main__":
    main()
