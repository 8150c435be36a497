"""Students at risk in a course: whom its thresholds flag, dismissals, messages, and whether those helped."""

import itertools
import random
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import nudging, risk, risk_decisions
from lms_app.domain.analytics import risk_rules as rules
from lms_app.domain.analytics.risk_rules import Thresholds
from lms_app.domain.analytics.risk_views import RiskSheet
from lms_app.domain.notifications import queries
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound
from lms_app.models import ActiveDay, Enrollment, Grade, GradeColumn, LearnerFigures, Membership, Nudge, Progress, RiskFlag
from lms_app.words import StaffRole
from tests.support.campus import Campus, new_campus
from tests.support.statements import statements


@pytest.fixture
def campus(session: Session) -> Campus:
    return new_campus(session)


def learner(campus: Campus, name: str, *, away: int | None = 0) -> tuple[Actor, Enrollment]:
    """One who enrolled a month ago and was last there so many days ago, or never."""
    actor = campus.person(name)
    enrollment = campus.enroll(actor)
    enrollment.enrolled_at = clock.now() - timedelta(days=30)
    last = clock.now() - timedelta(days=away or 0, minutes=1)
    campus.session.add(
        LearnerFigures(run_id=enrollment.run_id, person_id=actor.person_id, last_active_at=last, items_started=0 if away is None else 1)
    )
    campus.session.flush()
    return actor, enrollment


def look(campus: Campus, **asked) -> RiskSheet:  # pyright: ignore[reportMissingParameterType]
    return risk.at_risk(campus.session, campus.instructor, campus.course.id, **asked)


def flagged(campus: Campus, **asked) -> list[tuple[str, str]]:  # pyright: ignore[reportMissingParameterType]
    return [(line.name, line.why) for line in look(campus, **asked).lines]


def dismiss(campus: Campus, enrollment: Enrollment, reason: str = "Told us") -> None:
    risk_decisions.dismiss(campus.session, campus.instructor, campus.course.id, enrollment.id, reason)
    campus.session.flush()


def nudge(campus: Campus, *enrollments: Enrollment, words: str = "Come back, the sand is warm.") -> tuple[int, int]:
    return nudging.send(campus.session, campus.instructor, campus.course.id, [one.id for one in enrollments], words)


def test_a_course_says_whom_it_flags_and_why_and_thresholds_may_be_tried_before_they_are_kept(campus: Campus):
    learner(campus, "Ada", away=9)
    learner(campus, "Bo", away=None)
    learner(campus, "Cy", away=1)
    assert flagged(campus) == [("Ada", "No visit for 9 days."), ("Bo", "Not begun 30 days after enrolling.")]
    assert (look(campus).flagged, look(campus).students) == (2, 3)
    gentle = Thresholds(absent_days=10, unbegun_days=0)
    assert flagged(campus, tried=gentle) == []
    assert len(flagged(campus)) == 2
    risk_decisions.set_thresholds(campus.session, campus.instructor, campus.course.id, gentle)
    assert flagged(campus) == []
    assert look(campus).kept["absent_days"] == 10
    with pytest.raises(Invalid):
        look(campus, tried=Thresholds(absent_days=1000))


def test_whoever_has_a_reason_by_the_rules_is_flagged_and_nobody_else(campus: Campus):
    chance = random.Random(7)
    now, outline = clock.now(), 8
    told: dict[str, rules.Standing] = {}
    for number in range(40):
        name, away, done = f"Student {number:02}", chance.choice([None, *range(15)]), chance.randrange(outline)
        _, enrollment = learner(campus, name, away=away)
        enrollment.enrolled_at = now - timedelta(days=(days := chance.randrange(12)), minutes=1)
        enrollment.completed_at = now if (completed := chance.random() < 0.2) else None
        progress = campus.session.get_one(Progress, enrollment.id)
        progress.done, progress.total = done, outline
        told[name] = rules.Standing(completed=completed, enrolled_days=days, absent_days=away, done=done, total=outline)
    campus.session.flush()
    median = rules.median_done(told.values())
    for thresholds in (Thresholds(), Thresholds(absent_days=3, unbegun_days=0, behind_percent=90), Thresholds(absent_days=0, behind_percent=0)):
        wanted = {
            name: rules.told(why, one, thresholds, median, quizzes=0) for name, one in told.items() if (why := rules.reasons(one, thresholds, median))
        }
        assert dict(flagged(campus, tried=thresholds)) == wanted
        assert look(campus, tried=thresholds).median == median


def test_low_quizzes_and_what_was_due_and_not_handed_in_are_reasons(campus: Campus):
    _, low = learner(campus, "Ada")
    learner(campus, "Bo")
    column = campus.session.exec(select(GradeColumn)).one()
    campus.session.add(Grade(enrollment_id=low.id, column_id=column.id, fraction="0.2", version=1, moved_at=clock.now()))  # pyright: ignore[reportArgumentType]
    column.due_at = clock.now() - timedelta(days=1)
    campus.session.add(column)
    campus.session.flush()
    one = Thresholds(low_quizzes=1)
    assert flagged(campus, tried=one) == [("Ada", "1 of 1 quiz under 50 %."), ("Bo", "1 due item not handed in.")]


@pytest.mark.parametrize(("points", "low"), [(Decimal(10), 4), (Decimal(0), 3)])
def test_a_mark_is_what_was_given_else_what_the_quiz_made_and_none_where_it_is_excused_or_pending(campus: Campus, points: Decimal, low: int):
    column = campus.session.exec(select(GradeColumn)).one()
    column.points = points
    cases = itertools.product((None, Decimal("0.2"), Decimal("0.5")), (None, Decimal(4), Decimal(5)), (False, True), (False, True))
    wanted = []
    for number, (fraction, given, excused, pending) in enumerate(cases):
        _, enrollment = learner(campus, name := f"Student {number:02}")
        facts = {"fraction": fraction, "given": given, "excused": excused, "pending": pending}
        campus.session.add(Grade(enrollment_id=enrollment.id, column_id=column.id, version=1, moved_at=clock.now(), **facts))
        mark = given / points if given is not None and points else fraction
        if not excused and not pending and mark is not None and mark < Decimal("0.5"):
            wanted.append((name, "1 of 1 quiz under 50 %."))
    campus.session.flush()
    assert len(wanted) == low
    assert flagged(campus, tried=Thresholds(low_quizzes=1)) == wanted


def test_of_a_reason_that_is_left_out_or_not_there_yet_nobody_is_looked_at(campus: Campus, monkeypatch: pytest.MonkeyPatch):
    learner(campus, "Ada", away=9)
    learner(campus, "Bo", away=None)
    looked_at: list[rules.Standing] = []
    real = rules.reasons

    def reasons(standing: rules.Standing, thresholds: Thresholds, median: int) -> tuple[str, ...]:
        looked_at.append(standing)
        return real(standing, thresholds, median)

    monkeypatch.setattr(rules, "reasons", reasons)
    for thresholds in (
        Thresholds(absent_days=0, unbegun_days=0, low_quizzes=0, behind_percent=0, missed_items=0),
        Thresholds(absent_days=10, unbegun_days=31),
    ):
        assert look(campus, tried=thresholds).flagged == 0
    assert looked_at == []


def test_a_dismissed_student_is_flagged_again_once_something_gets_worse_or_it_is_taken_back(campus: Campus):
    _, enrollment = learner(campus, "Ada", away=9)
    _, well = learner(campus, "Bo")
    with pytest.raises(Conflict):
        dismiss(campus, well)
    dismiss(campus, enrollment)
    assert (look(campus).flagged, look(campus).dismissed) == (0, 1)
    [line] = look(campus, dismissed=True).lines
    assert line.dismissed.startswith("Told us (")
    column = campus.session.exec(select(GradeColumn)).one()
    column.due_at = clock.now() - timedelta(days=1)
    campus.session.add(column)
    campus.session.flush()
    assert [line.name for line in look(campus).lines] == ["Ada", "Bo"]
    dismiss(campus, enrollment)
    assert [line.name for line in look(campus).lines] == ["Bo"]
    risk_decisions.take_back(campus.session, campus.instructor, campus.course.id, enrollment.id)
    assert look(campus).flagged == 2
    with pytest.raises(Invalid):
        dismiss(campus, enrollment, "  ")


def test_a_message_reaches_its_student_once_in_three_days(campus: Campus):
    actor, enrollment = learner(campus, "Ada", away=9)
    _, other = learner(campus, "Bo", away=20)
    assert nudge(campus, enrollment) == (1, 0)
    told = queries.inbox(campus.session, actor).items[0]
    assert told.sentence == "The staff of Stones and sand writes: Come back, the sand is warm."
    assert told.link == f"/learn/{campus.slug}"
    with pytest.raises(LimitReached):
        nudge(campus, enrollment)
    assert nudge(campus, enrollment, other) == (1, 1)
    with clock.moved_by(timedelta(days=3, minutes=1)):
        assert nudge(campus, enrollment) == (1, 0)
    with pytest.raises(Invalid):
        nudge(campus, enrollment, words=" ")
    [kept] = campus.session.exec(select(Nudge).where(Nudge.enrollment_id == other.id)).all()
    assert b"sand" not in bytes(kept.text_sealed or b"")


def test_whether_messages_helped_is_counted_beside_who_was_flagged_and_got_none(campus: Campus):
    ada, written = learner(campus, "Ada", away=9)
    learner(campus, "Bo", away=9)
    cy, _ = learner(campus, "Cy", away=9)
    nudge(campus, written)
    assert len(campus.session.exec(select(RiskFlag)).all()) == 2
    day = campus.session.exec(select(col(Nudge.day))).one()
    for who, later in ((ada, 3), (cy, 9)):
        campus.session.add(ActiveDay(run_id=written.run_id, day=day + timedelta(days=later), person_id=who.person_id, acts=1))
    campus.session.flush()
    assert look(campus).helped.startswith("Nobody was written to")
    with clock.moved_by(timedelta(days=9)):
        said = look(campus).helped
    assert "1 student was written to at least 7 days ago: 1 came back within 7 days (100 %)" in said
    assert "not written to: 2, of whom 0 came back (0 %)" in said


def test_a_viewer_looks_and_does_nothing_and_nobody_outside_the_staff_looks(campus: Campus):
    _, enrollment = learner(campus, "Ada", away=9)
    viewer, course_id = campus.person("Vera", teaches=True), campus.course.id
    campus.session.add(Membership(course_id=course_id, person_id=viewer.person_id, role=StaffRole.VIEWER, created_at=clock.now()))
    campus.session.flush()
    sheet = risk.at_risk(campus.session, viewer, course_id)
    assert (sheet.flagged, sheet.may_act) == (1, False)
    stranger = campus.person("Otto", teaches=True)
    for who in (viewer, stranger, campus.student):
        for act in (
            lambda who=who: nudging.send(campus.session, who, course_id, [enrollment.id], "Hello"),
            lambda who=who: risk_decisions.dismiss(campus.session, who, course_id, enrollment.id, "Well"),
            lambda who=who: risk_decisions.take_back(campus.session, who, course_id, enrollment.id),
            lambda who=who: risk_decisions.set_thresholds(campus.session, who, course_id, Thresholds()),
        ):
            with pytest.raises(NotFound):
                act()
    for who in (stranger, campus.student):
        with pytest.raises(NotFound):
            risk.at_risk(campus.session, who, course_id)


def test_students_of_other_courses_are_neither_written_to_nor_taken_back(campus: Campus):
    elsewhere: UUID = new_campus(campus.session).enroll().id
    with pytest.raises(NotFound):
        nudging.send(campus.session, campus.instructor, campus.course.id, [elsewhere], "Hello")
    with pytest.raises(NotFound):
        risk_decisions.take_back(campus.session, campus.instructor, campus.course.id, elsewhere)


def test_looking_at_many_costs_as_many_statements_as_looking_at_few(campus: Campus):
    learner(campus, "Ada", away=9)
    look(campus)
    campus.session.expire_all()
    with statements(campus.session) as few:
        look(campus)
    for number in range(20):
        learner(campus, f"Person {number}", away=9)
    look(campus)
    campus.session.expire_all()
    with statements(campus.session) as many:
        look(campus)
    assert len(many) == len(few)
