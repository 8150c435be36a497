"""A quiz's exceptions by a form: what is saved comes back as it was written, and what makes no sense is refused with a sentence."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, override_form, overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.courses import access
from lms_app.domain.enrollments import enrollments, groups
from lms_app.errors import Invalid, NotFound
from lms_app.models import Assessment, AssessmentOverride, Attempt, Enrollment, Membership
from lms_app.words import StaffRole
from tests.support.campus import Campus, neutral_course, new_campus

NOTHING = {"opens_at": "", "closes_at": "", "more": "", "extra": "", "attempts_allowed": ""}
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    campus = new_campus(session, neutral_course(time_limit=600, attempts_allowed=1))
    access.current_run(session, campus.course.id).time_zone = "Europe/Berlin"
    session.flush()
    return campus


@pytest.fixture
def quiz(campus: Campus) -> Assessment:
    return campus.quiz("Final quiz")


@pytest.fixture
def enrollment(campus: Campus) -> Enrollment:
    return campus.enroll()


def add(campus: Campus, quiz: Assessment, kind: override_form.Kind, subject: UUID | None = None, **written: str) -> override_form.Saved:
    return override_form.add_exception(campus.session, campus.instructor, quiz.id, kind, subject, {**NOTHING, **written})


def listed(campus: Campus, quiz: Assessment, actor: Actor | None = None) -> list[tuple[str, str, str]]:
    with clock.moved_to(NOW):
        found = override_form.exceptions(campus.session, actor or campus.instructor, quiz.id)
    return [(line.kind, line.who, line.words) for line in found.lines]


def refused(campus: Campus, quiz: Assessment, **written: str) -> Mapping[str, str]:
    with pytest.raises(Invalid) as refusal:
        add(campus, quiz, "run", **written)
    return refusal.value.fields or {"": refusal.value.sentence}


def test_exceptions_are_listed_in_words_everybodys_first_then_groups_and_students_by_name(
    campus: Campus, quiz: Assessment, enrollment: Enrollment
) -> None:
    session = campus.session
    group = groups.add_group(session, campus.instructor, campus.course.id, "Evening class")
    bea = campus.enroll(campus.person("Bea Second"))
    add(campus, quiz, "student", bea.id, attempts_allowed="2")
    add(campus, quiz, "student", enrollment.id, opens_at="2026-12-03T09:00", more="25", attempts_allowed="3")
    add(campus, quiz, "group", group, more="50 %", extra="2,5")
    add(campus, quiz, "run", closes_at="2027-01-01T00:00")
    assert listed(campus, quiz) == [
        ("run", "Everybody", "Closes 1 January 2027, 00:00"),
        ("group", "Evening class", "50 % more time and 2 minutes 30 seconds more"),
        ("student", "Ada Learner", "Opens 3 December, 09:00 · 25 % more time · 3 attempts"),
        ("student", "Bea Second", "2 attempts"),
    ]
    found = override_form.exceptions(session, campus.instructor, quiz.id)
    assert (found.standard, found.zone, found.timed, found.limited) == ("Always open · 10 minutes · 1 attempt", "Europe/Berlin", True, True)


def test_dates_are_of_the_runs_zone(campus: Campus, quiz: Assessment, enrollment: Enrollment) -> None:
    saved = add(campus, quiz, "student", enrollment.id, opens_at="2026-12-03T09:00", closes_at="2027-07-31T23:59")
    row = campus.session.get_one(AssessmentOverride, UUID(saved.id))
    assert (row.opens_at, row.closes_at) == (datetime(2026, 12, 3, 8, tzinfo=UTC), datetime(2027, 7, 31, 21, 59, tzinfo=UTC))


def test_a_form_comes_back_as_it_was_written_and_an_edit_keeps_what_was_not_touched(campus: Campus, quiz: Assessment, enrollment: Enrollment) -> None:
    # The second 02:30 of the night when clocks go back, with seconds: neither is in what the form shows.
    twice = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    override = Override(opens_at=twice, time_factor=Decimal("1.25"), extra_seconds=90)
    override_id = overrides.set_override(campus.session, campus.instructor, quiz.id, override, enrollment_id=enrollment.id)
    sheet = override_form.exception_sheet(campus.session, campus.instructor, quiz.id, override_id)
    assert (sheet.who, sheet.opens_at, sheet.closes_at, sheet.more, sheet.extra, sheet.attempts_allowed) == (
        "Ada Learner", "2026-10-25T02:30", "", "25", "1.5", "",
    )  # fmt: skip
    form = {name: getattr(sheet, name) for name in NOTHING} | {"attempts_allowed": "4"}
    override_form.save_exception(campus.session, campus.instructor, quiz.id, override_id, form)
    row = campus.session.get_one(AssessmentOverride, override_id)
    assert (row.opens_at, row.time_factor, row.extra_seconds, row.attempts_allowed) == (twice, Decimal("1.25"), 90, 4)


def test_what_makes_no_sense_is_refused_with_a_sentence_at_its_field(campus: Campus, quiz: Assessment) -> None:
    assert refused(campus, quiz) == {"": "Say what is different: a date, time or the number of attempts."}
    assert set(refused(campus, quiz, opens_at="tomorrow", more="a lot", extra="nan", attempts_allowed="1.5")) == {
        "opens_at", "more", "extra", "attempts_allowed",
    }  # fmt: skip
    assert set(refused(campus, quiz, closes_at="0001-01-01T00:00")) == {"closes_at"}
    assert refused(campus, quiz, closes_at="0205-12-03T09:00") == {"closes_at": "A day from 2000 to 2200."}
    assert set(refused(campus, quiz, more="-95", extra="-1", attempts_allowed="0")) == {"more", "extra", "attempts_allowed"}
    assert set(refused(campus, quiz, more="1e999999")) == {"more"}
    assert refused(campus, quiz, opens_at="2026-12-03T09:00", closes_at="2026-12-03T09:00") == {"closes_at": "The quiz must close after it opens."}
    assert listed(campus, quiz) == []


def test_a_date_that_shuts_the_quiz_for_good_is_refused(session: Session, redis_url: str) -> None:
    campus = new_campus(session, neutral_course(opens_at="2026-12-01T00:00:00Z", closes_at="2026-12-10T00:00:00Z"))
    quiz = campus.quiz("Final quiz")
    assert set(refused(campus, quiz, closes_at="2026-11-30T00:00")) == {"closes_at"}
    assert set(refused(campus, quiz, opens_at="2026-12-11T00:00")) == {"opens_at"}
    add(campus, quiz, "run", closes_at="2026-12-24T00:00")


def test_a_second_exception_for_the_same_is_refused_and_the_first_stays(campus: Campus, quiz: Assessment, enrollment: Enrollment) -> None:
    add(campus, quiz, "student", enrollment.id, attempts_allowed="2")
    with pytest.raises(Invalid) as refusal:
        add(campus, quiz, "student", enrollment.id, attempts_allowed="9")
    assert refusal.value.fields == {"who": "Ada Learner has an exception to this quiz already. Edit that one."}
    with pytest.raises(Invalid) as refusal:
        add(campus, quiz, "group", None, attempts_allowed="9")
    assert refusal.value.fields == {"who": "Choose a group."}
    with pytest.raises(Invalid) as refusal:
        add(campus, quiz, "student", None, attempts_allowed="many")
    assert set(refusal.value.fields) == {"who", "attempts_allowed"}
    assert listed(campus, quiz) == [("student", "Ada Learner", "2 attempts")]


def test_saving_says_how_many_attempts_under_way_keep_their_rules(campus: Campus, quiz: Assessment, enrollment: Enrollment) -> None:
    session = campus.session
    group = groups.add_group(session, campus.instructor, campus.course.id, "Evening class")
    sheet = attempts.start(session, campus.student, quiz.id)
    before = session.get_one(Attempt, UUID(sheet.id)).deadline_at
    assert add(campus, quiz, "group", group, more="50").under_way == 0
    groups.add_member(session, campus.instructor, campus.course.id, group, enrollment.id)
    row = session.exec(select(AssessmentOverride).where(AssessmentOverride.group_id == group)).one()
    assert override_form.save_exception(session, campus.instructor, quiz.id, row.id, {**NOTHING, "more": "60"}).under_way == 1
    assert add(campus, quiz, "run", more="10").under_way == 1
    assert session.get_one(Attempt, UUID(sheet.id)).deadline_at == before


def test_who_has_left_is_not_named(campus: Campus, quiz: Assessment, enrollment: Enrollment) -> None:
    add(campus, quiz, "student", enrollment.id, attempts_allowed="2")
    enrollments.withdraw(campus.session, campus.student, campus.slug)
    assert listed(campus, quiz) == [("student", "Somebody who has left the course", "2 attempts")]


def test_students_and_groups_are_found_by_name(campus: Campus, quiz: Assessment, enrollment: Enrollment) -> None:
    group = groups.add_group(campus.session, campus.instructor, campus.course.id, "Evening class")
    groups.add_group(campus.session, campus.instructor, campus.course.id, "Morning class")

    def found(kind: override_form.Kind, words: str) -> list[tuple[str, str]]:
        return override_form.find_subjects(campus.session, campus.instructor, quiz.id, kind, words)

    assert found("student", "learn ADA") == [(str(enrollment.id), "Ada Learner")]
    assert found("student", "nobody") == []
    assert found("group", "class even") == [(str(group), "Evening class")]
    assert [name for _, name in found("group", "")] == ["Evening class", "Morning class"]
    for number in range(override_form.MOST_FOUND + 1):
        campus.enroll(campus.person(f"Many {number}"))
    assert len(found("student", "many")) == override_form.MOST_FOUND


@pytest.mark.parametrize("role", [StaffRole.GRADER, StaffRole.VIEWER, None])
def test_whoever_does_not_author_the_course_cannot_change_an_exception(
    campus: Campus, quiz: Assessment, enrollment: Enrollment, role: StaffRole | None
) -> None:
    session, other = campus.session, campus.person("Olga Other", teaches=True)
    saved = add(campus, quiz, "student", enrollment.id, attempts_allowed="2")
    if role is not None:
        session.add(Membership(course_id=campus.course.id, person_id=other.person_id, role=role, created_at=clock.now()))
        session.flush()
        assert listed(campus, quiz, other) == [("student", "Ada Learner", "2 attempts")]
        assert override_form.exceptions(session, other, quiz.id).may_edit is False
    for actor in (other, campus.student):
        for refused_use in (
            lambda actor=actor: override_form.add_exception(session, actor, quiz.id, "run", None, {**NOTHING, "more": "10"}),
            lambda actor=actor: override_form.save_exception(session, actor, quiz.id, UUID(saved.id), {**NOTHING, "more": "10"}),
            lambda actor=actor: override_form.exception_sheet(session, actor, quiz.id, UUID(saved.id)),
            lambda actor=actor: override_form.find_subjects(session, actor, quiz.id, "student", ""),
            lambda actor=actor: overrides.remove_override(session, actor, quiz.id, UUID(saved.id)),
        ):
            with pytest.raises(NotFound):
                refused_use()
    with pytest.raises(NotFound):
        listed(campus, quiz, campus.student)
    if role is None:
        with pytest.raises(NotFound):
            listed(campus, quiz, other)


def test_another_quizs_exception_and_another_courses_people_do_not_exist(campus: Campus, quiz: Assessment, enrollment: Enrollment) -> None:
    session = campus.session
    saved = add(campus, quiz, "student", enrollment.id, attempts_allowed="2")
    with pytest.raises(NotFound):
        override_form.exception_sheet(session, campus.instructor, campus.quiz("Try it").id, UUID(saved.id))
    elsewhere = new_campus(session, neutral_course("elsewhere"))
    with pytest.raises(NotFound):
        add(campus, quiz, "student", elsewhere.enroll().id, attempts_allowed="2")
    with pytest.raises(NotFound):
        add(campus, quiz, "group", groups.add_group(session, elsewhere.instructor, elsewhere.course.id, "Theirs"), attempts_allowed="2")
    with pytest.raises(NotFound):
        add(campus, quiz, "student", uuid4(), attempts_allowed="2")


def test_more_than_fifty_exceptions_are_turned_like_pages(campus: Campus, quiz: Assessment) -> None:
    for number in range(override_form.PER_PAGE + 1):
        group = groups.add_group(campus.session, campus.instructor, campus.course.id, f"Group {number:02}")
        add(campus, quiz, "group", group, attempts_allowed="2")
    last = override_form.exceptions(campus.session, campus.instructor, quiz.id, page=9)
    assert (last.total, last.page, last.pages, [line.who for line in last.lines]) == (51, 2, 2, ["Group 50"])
