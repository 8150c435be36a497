"""Availabilities under their authors' hands: told beforehand, never lost, never impossible, copied with what they stand at."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, func, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring, availability_editing, course_health, duplicating, health
from lms_app.domain.courses.authored_outline import authored_outline
from lms_app.domain.courses.availability_editing import AvailabilityMoved, AvailabilityPreview
from lms_app.domain.enrollments import learning
from lms_app.errors import Invalid, NotFound
from lms_app.models import Completion, Lesson, Membership, NodeAvailability, Page, Progress
from lms_app.words import StaffRole
from tests.support.campus import Campus, new_campus

NOON = datetime.fromisoformat("2026-05-03T12:00:00+00:00")
TOMORROW = {"kind": "from", "at": "2026-05-04T09:00"}


@pytest.fixture
def campus(session: Session, redis_url: str) -> Iterator[Campus]:
    with clock.moved_to(NOON):
        yield new_campus(session)


def after(campus: Campus, title: str) -> dict[str, Any]:
    return {"kind": "after", "node_kind": "page", "node": str(campus.page(title).id)}


def put(campus: Campus, kind: str, node_id: UUID, *conditions: dict[str, Any], seen: int = 0, actor: Actor | None = None) -> Any:
    return availability_editing.set_availability(
        campus.session, actor or campus.instructor, campus.course.id, kind, node_id, {"match": "all", "conditions": list(conditions)}, seen=seen
    )


def look(campus: Campus, title: str, *conditions: dict[str, Any], kind: str = "page") -> AvailabilityPreview:
    node = campus.quiz(title).id if kind == "quiz" else campus.page(title).id
    given = {"match": "all", "conditions": list(conditions)}
    return availability_editing.preview(campus.session, campus.instructor, campus.course.id, kind, node, given)


def test_a_change_is_told_in_numbers_before_it_is_made(campus: Campus) -> None:
    assert look(campus, "Sand", TOMORROW).sentence == "Nobody takes the course yet."
    people = [campus.person() for _ in range(5)]
    for each in people:
        campus.enroll(each)
    for each in people[:3]:
        learning.open_page(campus.session, each, campus.page("Stones").id)
    for each in people[:2]:
        learning.mark_complete(campus.session, each, campus.page("Sand").id)
    told = look(campus, "Stones", after(campus, "Sand"))
    assert (told.students, told.open_now, told.open_then, told.keep, told.refusal) == (5, 5, 2, 1, "")
    assert told.sentence == "Opens for 2 of 5 students today; it is open for 5 now. 1 who is in it now would keep it."
    assert told.words == "Opens after “Sand”."
    assert look(campus, "Try it", TOMORROW, kind="quiz").sentence == "Opens for 0 of 5 students today; it is open for 5 now."
    put(campus, "page", campus.page("Stones").id, after(campus, "Sand"))
    assert look(campus, "Stones").sentence == "Opens for 5 of 5 students today; it is open for 2 now."


def test_a_change_touches_nothing_that_students_did(campus: Campus) -> None:
    enrollment = campus.enroll()
    learning.mark_complete(campus.session, campus.student, campus.page("Sand").id)
    ledger = campus.session.exec(select(func.count()).select_from(Completion)).one()
    put(campus, "page", campus.page("Sand").id, TOMORROW)
    assert campus.session.exec(select(func.count()).select_from(Completion)).one() == ledger == 1
    assert campus.session.get_one(Progress, enrollment.id).done == 1


def test_the_outline_says_when_and_has_another_version(campus: Campus) -> None:
    before = authored_outline(campus.session, campus.instructor, campus.course.id)
    told = put(campus, "page", campus.page("Sand").id, TOMORROW, after(campus, "Stones"))
    (stones, sand) = told.outline.modules[0].lessons[0].pages
    assert (stones.availability, sand.availability) == ("", "Opens on 4 May 2026, 09:00 and after “Stones”.")
    assert told.outline.version != before.version
    cleared = put(campus, "page", campus.page("Sand").id, seen=1)
    assert cleared.outline.version == before.version


def test_who_has_not_seen_the_last_change_is_told_it(campus: Campus) -> None:
    sand = campus.page("Sand").id
    put(campus, "page", sand, TOMORROW)
    for seen in (0, 2):
        with pytest.raises(AvailabilityMoved) as moved:
            put(campus, "page", sand, seen=seen)
        assert (moved.value.theirs.version, moved.value.theirs.words) == (1, "Opens on 4 May 2026, 09:00.")
    put(campus, "page", sand, seen=1)
    editor = availability_editing.availability_editor(campus.session, campus.instructor, campus.course.id, "page", sand)
    assert (editor.version, editor.words, editor.zone, editor.availability["conditions"]) == (2, "", "UTC", [])


def test_what_can_never_be_met_is_not_set(campus: Campus) -> None:
    stones, sand = campus.page("Stones"), campus.page("Sand")
    for condition, why in (
        (after(campus, "Sand"), "it opens after “Sand”, and that cannot be done before this is open"),
        ({"kind": "after", "node_kind": "page", "node": str(uuid4())}, "not in the course any more"),
        ({"kind": "after", "node_kind": "lesson", "node": str(stones.id)}, "not what it says it is"),
        ({"kind": "score", "quiz": str(stones.id), "percent": 50}, "not what it says it is"),
        ({"kind": "days", "days": 0}, "whole number"),
    ):
        with pytest.raises(Invalid, match=why):
            put(campus, "page", sand.id, condition)
    put(campus, "page", sand.id, after(campus, "Stones"))
    told = look(campus, "Stones", after(campus, "Sand"))
    assert told.refusal == "No student could ever open this: it opens after “Sand”, and that cannot be done before this is open."
    with pytest.raises(Invalid, match="could ever open this"):
        put(campus, "page", stones.id, after(campus, "Sand"))
    other = new_campus(campus.session)
    with pytest.raises(Invalid, match="not in the course any more"):
        put(campus, "page", stones.id, after(other, "Sand"))


def test_what_becomes_impossible_is_found_by_course_health(campus: Campus) -> None:
    put(campus, "quiz", campus.quiz("Final quiz").id, after(campus, "Sand"))
    course_health.check(campus.session, campus.course.id)
    assert "never_opens" not in codes(campus)
    authoring.archive(campus.session, campus.instructor, "page", campus.page("Sand").id)
    course_health.check(campus.session, campus.course.id)
    (line,) = [line for line in health.health(campus.session, campus.instructor, campus.course.id).lines if line.code == "never_opens"]
    assert (line.title, line.severity) == ("Final quiz", "error")
    assert line.sentence == "No student can ever open this: it opens after something that is not in the course any more."
    authoring.restore(campus.session, campus.instructor, "page", campus.page("Sand").id)
    course_health.check(campus.session, campus.course.id)
    assert "never_opens" not in codes(campus)


def codes(campus: Campus) -> list[str]:
    return [line.code for line in health.health(campus.session, campus.instructor, campus.course.id).lines]


def test_a_copy_waits_for_the_copies_of_what_was_copied_with_it(campus: Campus) -> None:
    session = campus.session
    reading = campus.page("Sand").lesson_id
    own = {title: campus.page(title).id for title in ("Stones", "Sand")}
    put(campus, "page", own["Sand"], after(campus, "Stones"))
    put(campus, "quiz", campus.quiz("Try it").id, TOMORROW)
    put(campus, "lesson", reading, {"kind": "days", "days": 2})
    made = duplicating.duplicate(session, campus.instructor, "lesson", reading)
    pages = {page.title: page for page in session.exec(select(Page).where(Page.lesson_id == made)).all()}
    rows = {row.node_id: row.rule["conditions"] for row in session.exec(select(NodeAvailability)).all()}
    assert rows[pages["Sand"].id] == [{"kind": "after", "node_kind": "page", "node": str(pages["Stones"].id)}]
    assert rows[made] == [{"kind": "days", "days": 2}]
    assert len(rows) == 6
    alone = duplicating.duplicate(session, campus.instructor, "page", own["Sand"])
    assert session.get_one(NodeAvailability, alone).rule["conditions"] == [{"kind": "after", "node_kind": "page", "node": str(own["Stones"])}], (
        "what was not copied is waited for itself"
    )


def test_only_authors_of_the_course_read_look_at_and_set_it(campus: Campus) -> None:
    grader = campus.person("Greta Grader", teaches=True)
    campus.session.add(
        Membership(course_id=campus.course.id, person_id=grader.person_id, role=StaffRole.GRADER, created_at=clock.now() - timedelta(days=1))
    )
    campus.session.flush()
    nodes = {"page": campus.page("Sand").id, "quiz": campus.quiz("Try it").id, "lesson": campus.page("Sand").lesson_id}
    nodes["module"] = campus.session.get_one(Lesson, nodes["lesson"]).module_id
    for actor in (grader, campus.student, campus.person("Otto Other", teaches=True)):
        for kind, node in nodes.items():
            about = (campus.session, actor, campus.course.id, kind, node)
            with pytest.raises(NotFound):
                availability_editing.availability_editor(*about)
            with pytest.raises(NotFound):
                availability_editing.preview(*about, {})
            with pytest.raises(NotFound):
                availability_editing.set_availability(*about, {}, seen=0)
    elsewhere = authoring.create_course(campus.session, campus.instructor, title="Elsewhere")
    with pytest.raises(NotFound):
        availability_editing.set_availability(campus.session, campus.instructor, elsewhere.id, "page", nodes["page"], {}, seen=0)
