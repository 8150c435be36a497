"""What leaves as xAPI statements and as a table: as the specification wants it, and nobody's name."""

import csv
import io
import json
import zipfile
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError
from ralph.models.xapi.base.statements import BaseXapiStatement
from sqlmodel import Session, select

from lms_app.adapters import clock, storage
from lms_app.crypto import blind_index
from lms_app.database import engine, transaction
from lms_app.domain.analytics import event_exports, events
from lms_app.domain.analytics.statement_rules import COLUMNS, TYPES, VERBS, duration
from lms_app.domain.courses import exports
from lms_app.domain.courses.files import OpenFile
from lms_app.errors import NotFound
from lms_app.ids import uuid7
from lms_app.models import Enrollment, LearningEvent, Person
from lms_app.settings import get_settings
from lms_app.words import NodeKind, Verb
from tests.domain.analytics.test_metrics import START, act
from tests.support.campus import Campus, new_campus
from tests.support.xapi import faults
from workers.exports import run as write_export

ODD_TITLE = '=HYPERLINK("http://evil.example")'


@pytest.fixture
def campus(committed_database: str, redis_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two students who did all that there is a verb for."""
    monkeypatch.setenv("STORAGE_DIR", str(tmp_path / "storage"))
    get_settings.cache_clear()
    with transaction() as session:
        campus = new_campus(session)
        ben = campus.person("Benedict Zanzibar")
    for hours, (who, what) in enumerate(
        ((campus.student, "enrol"), (ben, "enrol"), (ben, "open"), (campus.student, "open"), (campus.student, "read"), (campus.student, "pass"))
    ):
        with transaction() as session, clock.moved_to(START + timedelta(hours=hours)):
            campus.session = session
            act(campus, session, who, what)
    with transaction() as session:
        enrollment = session.exec(select(Enrollment).where(Enrollment.person_id == ben.person_id)).one()
        for number, (verb, kind, value) in enumerate(
            (
                (Verb.PAUSED, NodeKind.PAGE, {"block": "film", "position": 61, "played": 12}),
                (Verb.GRADED, NodeKind.ASSESSMENT, {"fraction": "0.5", "before": "1.25"}),
                (Verb.EARNED, NodeKind.CERTIFICATE, {}),
                (Verb.REPLIED, NodeKind.PAGE, {}),
                (Verb.WITHDREW, NodeKind.COURSE, {}),
                (Verb.UNCOMPLETED, NodeKind.COURSE, {}),
            )
        ):
            events.record(session, enrollment, verb, kind, uuid7(), occurred_at=START + timedelta(days=1, seconds=number), value=value)
        campus.session = session
        campus.page("Stones")
    yield campus
    get_settings.cache_clear()


def exported(campus: Campus, format_: str) -> tuple[OpenFile, bytes]:
    """The file that an author fetches, and what the one file within says."""
    with transaction() as session:
        export_id = exports.request(session, campus.instructor, campus.course.id, format_)
    write_export(str(export_id))
    with transaction() as session:
        line = next(line for line in exports.exports_of(session, campus.instructor, campus.course.id) if line.format == format_)
        assert (line.status, line.refusal, line.percent) == ("done", "", 100)
        file = exports.export_file(session, campus.instructor, export_id)
        for stranger in (campus.student, campus.__class__(session, campus.instructor, campus.student, campus.course).person("Otto", teaches=True)):
            with pytest.raises(NotFound):
                exports.export_file(session, stranger, export_id)
            with pytest.raises(NotFound):
                exports.request(session, stranger, campus.course.id, format_)
    with zipfile.ZipFile(io.BytesIO(storage.get(file.storage_key, key=file.key))) as archive:
        return file, archive.read(archive.namelist()[0])


def all_events() -> list[LearningEvent]:
    with Session(engine()) as session:
        return list(session.exec(select(LearningEvent).order_by(LearningEvent.id)).all())  # pyright: ignore[reportArgumentType]


def test_every_event_of_a_run_is_a_statement_as_the_specification_wants_it(campus: Campus) -> None:
    file, data = exported(campus, "xapi")
    statements = json.loads(data)
    assert file.filename == "stones.xapi.zip"
    assert [statement["id"] for statement in statements] == [str(event.id) for event in all_events()]
    assert {statement["id"]: found for statement in statements if (found := faults(statement))} == {}
    assert {event.verb for event in all_events()} == set(Verb), "a verb that nobody did is not looked at"
    by_verb = {statement["verb"]["display"]["en"]: statement for statement in statements}
    assert by_verb["paused"]["result"] == {
        "duration": "PT12S",
        "extensions": {"https://w3id.org/xapi/video/extensions/time": 61, "https://w3id.org/xapi/video/extensions/session-id": "film"},
    }
    assert by_verb["progressed"]["result"] == {"duration": "PT20S"}
    assert by_verb["submitted"]["result"] == {"score": {"scaled": 1.0}}
    assert by_verb["completed"]["result"] == {"completion": True}
    answered = by_verb["answered"]
    assert answered["context"]["contextActivities"]["parent"][0]["definition"]["name"] == {"en": "Final quiz"}
    assert answered["context"]["contextActivities"]["grouping"][0]["definition"]["name"] == {"en": "Stones and sand"}
    assert len({statement["context"]["registration"] for statement in statements}) == 2


def test_the_models_of_a_learning_record_store_take_every_statement(campus: Campus) -> None:
    _, data = exported(campus, "xapi")
    for statement in json.loads(data):
        BaseXapiStatement.model_validate(statement)
        with pytest.raises(ValidationError):
            BaseXapiStatement.model_validate(statement | {"verb": {"id": "no IRI"}})


def test_nobodys_name_address_or_id_leaves(campus: Campus) -> None:
    with transaction() as session:
        people = session.exec(select(Person)).all()
        secrets = [word for person in people for word in (person.name, person.email, str(person.id)) if word]
        secrets += [str(row) for row in session.exec(select(Enrollment.id)).all()]
    for format_ in ("xapi", "events"):
        _, data = exported(campus, format_)
        assert [secret for secret in secrets if secret in data.decode()] == []


def test_a_pseudonym_is_the_same_everywhere_here_and_another_under_another_key(campus: Campus) -> None:
    _, statements = exported(campus, "xapi")
    names = Counter(statement["actor"]["account"]["name"] for statement in json.loads(statements))
    _, table = exported(campus, "events")
    assert names == Counter(row["student"] for row in csv.DictReader(io.StringIO(table.decode())))
    person = campus.student.person_id
    assert event_exports.pseudonym(person) in names
    assert event_exports.pseudonym(person) != blind_index("email", str(person)).hex()[:32]


def test_the_table_has_a_line_for_each_event_and_no_formula(campus: Campus) -> None:
    with transaction() as session:
        campus.session = session
        quiz = campus.quiz("Final quiz")
        quiz.title = ODD_TITLE
        session.add(quiz)
    file, data = exported(campus, "events")
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert (file.filename, tuple(rows[0])) == ("stones.events.zip", COLUMNS)
    assert [row["id"] for row in rows] == [str(event.id) for event in all_events()]
    [paused] = [row for row in rows if row["verb"] == "paused"]
    assert (paused["film"], paused["film_position"], paused["film_played"], paused["fraction"]) == ("film", "61", "12", "")
    [submitted] = [row for row in rows if row["verb"] == "submitted"]
    assert (submitted["title"], submitted["fraction"]) == (f"'{ODD_TITLE}", "1.000000")


def test_a_person_has_all_of_their_own_events_and_nobody_elses(campus: Campus) -> None:
    target = io.BytesIO()
    written = event_exports.write_own("xapi", campus.student, target, transaction)
    with zipfile.ZipFile(target) as archive:
        statements = json.loads(archive.read("statements.json"))
    own = [str(event.id) for event in all_events() if event.person_id == campus.student.person_id]
    assert [statement["id"] for statement in statements] == own
    assert (written, bool(own)) == (len(own), True)


@pytest.mark.parametrize("format_", event_exports.FORMATS)
def test_a_run_in_which_nothing_happened_is_an_empty_list_or_a_head(committed_database: str, redis_url: str, format_: str) -> None:
    target = io.BytesIO()
    assert event_exports.write(format_, uuid7(), target, transaction, lambda done, total: None) == 0
    with zipfile.ZipFile(target) as archive:
        data = archive.read(archive.namelist()[0]).decode()
    assert json.loads(data) == [] if format_ == "xapi" else next(csv.reader(io.StringIO(data))) == list(COLUMNS)


def test_pages_of_events_leave_none_out(campus: Campus, monkeypatch: pytest.MonkeyPatch) -> None:
    _, whole = exported(campus, "xapi")
    for size in (1, len(all_events())):
        monkeypatch.setattr(event_exports, "PAGE", size)
        target = io.BytesIO()
        event_exports.write("xapi", UUID(str(all_events()[0].run_id)), target, transaction, lambda done, total: None)
        with zipfile.ZipFile(target) as archive:
            assert archive.read("statements.json") == whole


def test_every_verb_and_kind_of_node_has_a_word_outside() -> None:
    assert set(VERBS) == set(Verb)
    assert set(TYPES) == set(NodeKind)


@pytest.mark.parametrize(("seconds", "words"), [(0, "PT0S"), (59, "PT59S"), (60, "PT1M"), (3_725, "PT1H2M5S"), (7_200, "PT2H")])
def test_durations_are_those_of_iso_8601(seconds: int, words: str) -> None:
    assert duration(seconds) == words
