"""Totals that are kept in the process: told as long as they are so, and no longer."""

import random
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.gradebook import gradebook, queries, reading, setup
from lms_app.models import Enrollment, GradeColumn
from lms_app.words import Aggregation, GradeScale, Missing
from tests.support.campus import Campus, new_campus


@pytest.fixture
def campus(session: Session) -> Campus:
    """A course with a quiz's column and three by hand, and three who take it."""
    campus = new_campus(session)
    for number in range(3):
        campus.enroll(campus.person(f"Student {number}"))
        setup.add_column(session, campus.instructor, campus.course.id, f"Paper {number}", "20")
    return campus


def told(campus: Campus) -> list[str]:
    return [row.total.text for row in queries.window(campus.session, campus.instructor, campus.course.id, columns=1).rows]


def made_anew(campus: Campus) -> list[str]:
    book = reading.read_book(campus.session, campus.session.exec(select(GradeColumn.run_id)).first())  # pyright: ignore[reportArgumentType]
    ids = [UUID(row.enrollment_id) for row in queries.window(campus.session, campus.instructor, campus.course.id, columns=0).rows]
    marks = reading.read_marks(campus.session, ids, book.exceptions)
    return [book.total(marks.get(one, {})).text for one in ids]


def test_a_total_is_made_once_while_nothing_moves_and_only_of_whom_something_moved(campus: Campus, monkeypatch: pytest.MonkeyPatch):
    session, teacher, course_id = campus.session, campus.instructor, campus.course.id
    people = session.exec(select(Enrollment.id).order_by(Enrollment.id)).all()  # pyright: ignore[reportArgumentType]
    paper = session.exec(select(GradeColumn.id).where(GradeColumn.title == "Paper 1")).one()
    told(campus)
    made: list[object] = []
    total = reading.Book.total

    def noted(book: reading.Book, marks: reading.Marks) -> object:
        made.append(marks)
        return total(book, marks)

    monkeypatch.setattr(reading.Book, "total", noted)
    told(campus)
    assert made == []
    gradebook.set_grade(session, teacher, course_id, people[1], paper, points="7")
    made.clear()
    assert "35 %" in told(campus)
    assert len(made) == 1


def test_whatever_is_done_kept_totals_equal_totals_made_anew(campus: Campus):
    session, teacher, course_id, chance = campus.session, campus.instructor, campus.course.id, random.Random(7)
    people = session.exec(select(Enrollment.id).order_by(Enrollment.id)).all()  # pyright: ignore[reportArgumentType]
    columns = session.exec(select(GradeColumn).order_by(GradeColumn.title)).all()
    category = setup.add_category(session, teacher, course_id, "Papers")
    start = clock.now()
    seen: set[tuple[str, ...]] = set()
    for step in range(60):
        person, column = chance.choice(people), chance.choice(columns)
        place = (session, teacher, course_id, person, column.id)
        with clock.moved_to(start + timedelta(hours=step)):
            match chance.randrange(7):
                case 0 | 1 | 2:
                    gradebook.set_grade(*place, points=str(chance.randrange(int(column.points))), reason="So")
                case 3:
                    gradebook.excuse(*place)
                case 4:
                    gradebook.reset(*place)
                case 5:
                    missing, scale = chance.choice(list(Missing)), chance.choice([GradeScale.PERCENT, GradeScale.LETTERS])
                    kept = reading.GradebookSettings(aggregation=chance.choice(list(Aggregation)), missing=missing, scale=scale)
                    setup.save_settings(session, teacher, course_id, kept)
                case _:
                    column.due_at = start + timedelta(hours=chance.randrange(60))
                    column.category_id = chance.choice([None, category])
                    column.points = Decimal(chance.choice([20, 40]))
                    session.add(column)
            assert told(campus) == made_anew(campus)
            seen.add(tuple(told(campus)))
    assert len(seen) > 10


def test_a_due_time_that_passes_moves_the_totals_by_itself(campus: Campus):
    session, teacher, course_id = campus.session, campus.instructor, campus.course.id
    paper = session.exec(select(GradeColumn).where(GradeColumn.title == "Paper 0")).one()
    for column in session.exec(select(GradeColumn).where(GradeColumn.id != paper.id)).all():
        column.counted = False
    paper.due_at = clock.now() + timedelta(hours=1)
    setup.save_settings(session, teacher, course_id, reading.GradebookSettings(missing=Missing.ZERO))
    assert told(campus) == ["", "", ""]
    with clock.moved_by(timedelta(hours=2)):
        assert told(campus) == ["0 %", "0 %", "0 %"]
