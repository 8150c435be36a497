"""What a person reads and takes along of their own events: all of them, nobody else's, and no mark that is not shown yet."""

import csv
import io
import json
import zipfile
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.domain.analytics import event_exports
from lms_app.domain.analytics.own_events import PER_PAGE, own_events
from lms_app.domain.assessments import attempts
from lms_app.domain.enrollments import learning
from lms_app.models import Answer, Attempt
from lms_app.words import QuestionType
from tests.support.campus import RIGHT, Campus, new_campus
from tests.support.statements import statements
from tests.support.transactions import within


@pytest.fixture
def campus(session: Session) -> Campus:
    campus = new_campus(session)
    campus.enroll()
    learning.mark_complete(session, campus.student, campus.page("Sand").id)
    sheet = attempts.start(session, campus.student, campus.quiz("Final quiz").id)
    for question in sheet.questions:
        response = RIGHT[QuestionType(question.type)]
        session.add(
            Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=campus.enroll().enrolled_at)
        )
    session.flush()
    attempts.submit(session, campus.student, UUID(sheet.id))
    return campus


def sentences(campus: Campus) -> list[str]:
    return [line.sentence for line in own_events(campus.session, campus.student).lines]


def taken_along(campus: Campus, format_: str) -> str:
    target = io.BytesIO()
    event_exports.write_own(format_, campus.student, target, within(campus.session))
    with zipfile.ZipFile(target) as archive:
        return archive.read(archive.namelist()[0]).decode()


def test_own_events_are_sentences_with_course_and_marks_that_are_shown(campus: Campus) -> None:
    told = sentences(campus)
    assert "You enrolled in the course “Stones and sand”." in told
    assert "You completed the page “Sand”." in told
    assert "You handed in the quiz “Final quiz”: 100\N{NO-BREAK SPACE}%." in told
    assert told.count("You answered a question of the quiz “Final quiz”: 100\N{NO-BREAK SPACE}%.") == 5
    assert {line.course for line in own_events(campus.session, campus.student).lines} == {"Stones and sand"}


@pytest.mark.parametrize("format_", event_exports.OWN_FORMATS)
def test_marks_that_are_not_released_are_neither_told_nor_taken_along(campus: Campus, format_: str) -> None:
    assert "100\N{NO-BREAK SPACE}%" in " ".join(sentences(campus))
    assert "1.000000" in taken_along(campus, format_) or '"scaled":1.0' in taken_along(campus, format_)
    for attempt in campus.session.exec(select(Attempt)).all():
        attempt.released_at = None
    campus.session.flush()
    assert "%" not in " ".join(sentences(campus))
    assert "1.000000" not in taken_along(campus, format_)
    assert "scaled" not in taken_along(campus, format_)


def test_titles_of_questions_are_their_authors(campus: Campus) -> None:
    rows = list(csv.DictReader(io.StringIO(taken_along(campus, "events"))))
    assert {row["title"] for row in rows if row["kind"] == "question"} == {""}
    assert {each["course"] for each in json.loads(taken_along(campus, "json"))} == {"Stones and sand"}


def test_nobody_reads_anybody_elses(campus: Campus) -> None:
    stranger = campus.person()
    assert own_events(campus.session, stranger).lines == []
    assert own_events(campus.session, campus.instructor).total == 0


def test_own_events_come_by_pages_at_a_constant_cost(campus: Campus) -> None:
    total = own_events(campus.session, campus.student).total
    assert (total, own_events(campus.session, campus.student, 99).page) == (len(sentences(campus)), 1)
    assert total <= PER_PAGE
    with statements(campus.session) as seen:
        own_events(campus.session, campus.student)
    assert len(seen) <= 8
