"""The picture of how scores lie: of one's own run and of nothing less, with ten others at least, and never two that differ by few."""

import inspect
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import own_course, spreads
from lms_app.domain.analytics.student_metrics import STUDENT_METRICS
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import access
from lms_app.domain.enrollments import groups, runs
from lms_app.domain.gradebook import projection
from lms_app.domain.people.registration import create_person
from lms_app.models import Attempt, Course, Enrollment, Grade, GradeColumn, ScorePlace, ScoreSpread
from lms_app.words import EnrollmentStatus
from tests.support.campus import Campus, new_campus
from tests.support.statements import statements

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    campus = new_campus(session)
    campus.enroll()
    return campus


def run_of(campus: Campus) -> UUID:
    return access.current_run(campus.session, campus.course.id).id


def scored(campus: Campus, enrollment: Enrollment, percent: int) -> None:
    """Gives somebody so many percent, by the hand of a grader."""
    column = campus.session.exec(select(GradeColumn).where(GradeColumn.run_id == enrollment.run_id)).one()
    grade = campus.session.get(Grade, (enrollment.id, column.id)) or Grade(enrollment_id=enrollment.id, column_id=column.id, moved_at=NOW)
    grade.given, grade.version, grade.moved_at = column.points * Decimal(percent) / 100, grade.version + 1, clock.now()
    campus.session.add(grade)
    campus.session.flush()


def others(campus: Campus, count: int, percent: int = 55, run_id: UUID | None = None) -> list[Enrollment]:
    """So many others who take the course, each with a score."""
    made = []
    for number in range(count):
        person = create_person(campus.session, name=f"Other {number}", email=f"other{number}-{percent}-{run_id}@example.org", password_hash=None)
        row = Enrollment(run_id=run_id or run_of(campus), course_id=campus.course.id, person_id=person.id, enrolled_at=NOW)
        campus.session.add(row)
        campus.session.flush()
        scored(campus, row, percent)
        made.append(row)
    return made


def pictured(campus: Campus) -> bool:
    return spreads.picture(campus.session, run_of(campus))


def seen(campus: Campus, actor: Actor | None = None) -> spreads.Spread:
    return own_course.own_course(campus.session, actor or campus.student, campus.slug).spread


def own(campus: Campus) -> Enrollment:
    return access.own_enrollment(campus.session, campus.student, campus.course.id)


def test_ten_others_are_shown_and_nine_are_not(campus: Campus) -> None:
    scored(campus, own(campus), 90)
    others(campus, 9)
    # Ten have a score, and one of them is who looks.
    assert pictured(campus)
    assert seen(campus) == spreads.NOTHING
    # Somebody without a score sees those ten.
    newcomer = campus.person()
    campus.enroll(newcomer)
    assert seen(campus, newcomer).others == 10


def test_one_sees_ones_own_place_among_steps_of_five_or_more(campus: Campus) -> None:
    scored(campus, own(campus), 92)
    others(campus, 6, 30)
    others(campus, 5, 70)
    others(campus, 1, 99)
    with clock.moved_to(NOW):
        assert pictured(campus)
    told = seen(campus)
    assert told.others == 12
    assert [(line.words, line.people, line.own) for line in told.lines] == [("0 to 40 %", 6, False), ("40 to 100 %", 7, True)]
    assert told.as_of


def test_nothing_is_shown_before_the_picture_is_made_nor_of_fewer_than_ten(campus: Campus) -> None:
    others(campus, 9)
    assert seen(campus) == spreads.NOTHING
    assert not pictured(campus)
    assert seen(campus) == spreads.NOTHING


def test_a_picture_stays_until_ten_people_have_moved(campus: Campus) -> None:
    crowd = others(campus, 14, 30)
    assert pictured(campus)
    before = seen(campus)
    for number, one in enumerate(crowd[:9]):
        scored(campus, one, 90)
        assert not pictured(campus), number
        assert seen(campus) == before
    scored(campus, crowd[9], 90)
    assert pictured(campus)
    assert [(line.words, line.people) for line in seen(campus).lines] == [("0 to 100 %", 14)]


def test_somebody_who_leaves_or_comes_is_not_seen_by_the_difference(campus: Campus) -> None:
    crowd = others(campus, 12, 30)
    assert pictured(campus)
    before = seen(campus)
    crowd[0].status = EnrollmentStatus.WITHDRAWN
    campus.session.add(crowd[0])
    others(campus, 1, 95)
    assert not pictured(campus)
    assert seen(campus) == before


def test_the_others_of_another_run_are_never_counted_and_there_is_nothing_to_filter_by(campus: Campus) -> None:
    scored(campus, own(campus), 50)
    others(campus, 9)
    later = runs.create_run(campus.session, campus.instructor, campus.course.id, title="Later")
    campus.session.add(GradeColumn(run_id=later, title="By hand", position="a0", created_at=NOW))
    campus.session.flush()
    others(campus, 20, 70, later)
    first = own(campus).run_id
    # Together they are thirty; of one's own run there are nine, and one sees none.
    for run_id in (first, later):
        spreads.picture(campus.session, run_id)
    assert seen(campus) == spreads.NOTHING
    assert list(inspect.signature(own_course.own_course).parameters) == ["session", "actor", "slug"]


def test_a_group_changes_nothing_of_what_is_shown(campus: Campus) -> None:
    crowd = others(campus, 11)
    assert pictured(campus)
    before = seen(campus)
    group_id = groups.add_group(campus.session, campus.instructor, campus.course.id, "evening")
    for one in (own(campus), crowd[0]):
        groups.add_member(campus.session, campus.instructor, campus.course.id, group_id, one.id)
    pictured(campus)
    assert seen(campus) == before


def test_a_mark_that_its_quiz_does_not_show_yet_is_not_in_it(campus: Campus) -> None:
    session = campus.session
    sheet = attempts.start(session, campus.student, campus.quiz("Final quiz").id)
    attempts.submit(session, campus.student, UUID(sheet.id))
    projection.move(session, {UUID(sheet.id)})
    assert spreads.places_now(session, run_of(campus)) == {own(campus).id: 0}
    session.get_one(Attempt, UUID(sheet.id)).released_at = None
    session.flush()
    assert spreads.places_now(session, run_of(campus)) == {}


def test_the_picture_equals_what_is_counted_when_it_is_made(campus: Campus) -> None:
    others(campus, 6, 30)
    others(campus, 7, 81)
    assert pictured(campus)
    metric = STUDENT_METRICS["score_spread"]
    assert metric.rolled_up(campus.session, run_of(campus)) == metric.counted(campus.session, run_of(campus)) == {"3": 6, "8": 7}
    assert campus.session.get_one(ScoreSpread, run_of(campus)).people == 13
    assert len(campus.session.exec(select(ScorePlace).where(col(ScorePlace.run_id) == run_of(campus))).all()) == 13


def test_runs_are_looked_at_once_ten_take_them_and_again_only_when_grades_moved(campus: Campus) -> None:
    with clock.moved_to(NOW):
        crowd = others(campus, 9)
        assert spreads.due(campus.session) == [run_of(campus)]
        pictured(campus)
        assert spreads.due(campus.session) == []
    with clock.moved_to(NOW + timedelta(hours=2)):
        assert spreads.due(campus.session) == []
        scored(campus, crowd[0], 70)
    with clock.moved_to(NOW + timedelta(hours=3)):
        assert spreads.due(campus.session) == [run_of(campus)]
        pictured(campus)
        assert spreads.due(campus.session) == []
    with clock.moved_to(NOW + timedelta(days=2)):
        assert spreads.due(campus.session) == [run_of(campus)]
        campus.session.get_one(Course, campus.course.id).status = "archived"
        campus.session.flush()
        assert spreads.due(campus.session) == []


def test_looking_costs_no_more_statements_for_more_people(campus: Campus) -> None:
    scored(campus, own(campus), 50)
    costs = []
    for count in (10, 30):
        others(campus, count, 10 + count)
        pictured(campus)
        with statements(campus.session) as asked:
            seen(campus)
        costs.append(len(asked))
    assert costs[0] == costs[1]
