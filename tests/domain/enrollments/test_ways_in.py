"""Codes, links, windows, prerequisites: who is let into a run, and who is not."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts
from lms_app.domain.assessments.closing_times import closing_times
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.assessments.overrides import set_override
from lms_app.domain.courses import access, authoring, queries
from lms_app.domain.enrollments import arriving, enrollments, invitation_links, learning, prerequisites, run_rules, runs
from lms_app.domain.enrollments import queries as learning_queries
from lms_app.domain.enrollments.runs import RunForm
from lms_app.errors import Conflict, Invalid, LimitReached, NotAllowed, NotFound, TooMany
from lms_app.models import Attempt, Enrollment, InvitationLink, Membership, Run
from lms_app.words import EnrollmentPolicy, StaffRole
from tests.domain.people.test_accounts import register
from tests.support.campus import Campus, neutral_course, new_campus

NOW = datetime.fromisoformat("2027-03-03T08:00:00+00:00")
FORM = RunForm(time_zone="Europe/Berlin")


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def set_up(campus: Campus, **fields) -> None:
    runs.set_up(campus.session, campus.instructor, campus.course.id, replace(FORM, **fields))


def run_of(campus: Campus) -> Run:
    return access.current_run(campus.session, campus.course.id)


def step(campus: Campus, actor: Actor | None) -> tuple[str, str]:
    page = queries.course_page(campus.session, actor, campus.slug)
    return page.next_step, page.notice


def link_token(campus: Campus, **fields: str) -> str:
    made = invitation_links.make(campus.session, campus.instructor, campus.course.id, **fields)
    return made.address.rpartition("/join/")[2]


def refused(campus: Campus, **fields) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        set_up(campus, **fields)
    return refusal.value.fields


def test_the_settings_of_a_run_are_read_as_they_were_written(campus: Campus, session: Session) -> None:
    written = {
        "opens_at": "2027-03-03T09:00", "closes_at": "2027-07-31T23:59", "enrollment_opens_at": "2027-02-01T00:00",
        "enrollment_closes_at": "2027-03-10T12:00", "seats": "30",
    }  # fmt: skip
    set_up(campus, policy=EnrollmentPolicy.CODE, **written)
    sheet = runs.run_sheet(session, campus.instructor, campus.course.id)
    assert {name: getattr(sheet, name) for name in written} == written
    assert (sheet.policy, sheet.time_zone, len(sheet.code)) == ("code", "Europe/Berlin", 9)
    assert run_of(campus).opens_at == NOW


def test_settings_that_make_no_sense_are_refused_field_by_field(campus: Campus) -> None:
    assert set(refused(campus, time_zone="Moon/Base")) == {"time_zone"}
    assert set(refused(campus, opens_at="soon", closes_at="0001-01-01T00:00", seats="many")) == {"opens_at", "closes_at", "seats"}
    assert refused(campus, opens_at="2027-03-03T09:00", closes_at="2027-03-03T09:00") == {"closes_at": "The course must end after it opens."}
    window = {"enrollment_opens_at": "2027-03-03T09:00", "enrollment_closes_at": "2027-03-02T09:00"}
    assert refused(campus, **window) == {"enrollment_closes_at": "Enrolment must close after it opens."}
    assert set(refused(campus, seats="-1")) == set(refused(campus, seats="100001")) == {"seats"}


def test_a_code_lets_in_however_it_is_written_until_it_is_renewed(campus: Campus, session: Session) -> None:
    set_up(campus, policy=EnrollmentPolicy.CODE)
    old = runs.run_sheet(session, campus.instructor, campus.course.id).code
    assert step(campus, campus.student) == ("code", "")
    with pytest.raises(Invalid, match="needs a code"):
        campus.enroll()
    new = runs.renew_code(session, campus.instructor, campus.course.id)
    with pytest.raises(Invalid, match="not the code"):
        enrollments.enroll(session, campus.student, campus.slug, code=old)
    enrollments.enroll(session, campus.student, campus.slug, code=f" {new.lower().replace('-', ' ')} ")


def test_codes_are_of_letters_that_are_not_taken_for_others() -> None:
    codes = "".join(run_rules.new_code() for _ in range(200))
    assert not set(codes) & set("0O1IL5S")
    assert run_rules.plain_code(run_rules.code_in_words(codes[:8]).lower()) == codes[:8]


def test_wrong_codes_are_slowed_down_and_a_right_one_takes_back_its_own_try_alone(campus: Campus, session: Session) -> None:
    set_up(campus, policy=EnrollmentPolicy.CODE)
    code = runs.run_sheet(session, campus.instructor, campus.course.id).code
    # Who leaves and comes back by a code that they know does not get free guesses at another course by it.
    for guess in range(enrollments.FREE_CODES + 1):
        with clock.moved_to(clock.now() + timedelta(minutes=guess)):
            enrollments.count_code_try(session, campus.student)
    with clock.moved_to(clock.now() + timedelta(minutes=10)):
        enrollments.count_code_try(session, campus.student)
        enrollments.enroll(session, campus.student, campus.slug, code=code)
        enrollments.withdraw(session, campus.student, campus.slug)
        enrollments.count_code_try(session, campus.student)
        with pytest.raises(TooMany):
            enrollments.count_code_try(session, campus.student)


def test_what_is_written_where_no_code_is_asked_for_forgets_no_wrong_codes(campus: Campus, session: Session) -> None:
    for _ in range(enrollments.FREE_CODES + 1):
        enrollments.count_code_try(session, campus.student)
    enrollments.enroll(session, campus.student, campus.slug, code="anything")
    with pytest.raises(TooMany):
        enrollments.count_code_try(session, campus.student)


def test_the_code_is_shown_to_authors_alone(campus: Campus, session: Session) -> None:
    set_up(campus, policy=EnrollmentPolicy.CODE)
    viewer = campus.person("Vera", teaches=True)
    session.add(Membership(course_id=campus.course.id, person_id=viewer.person_id, role=StaffRole.VIEWER, created_at=clock.now()))
    session.flush()
    assert runs.run_sheet(session, viewer, campus.course.id).code == ""
    for verb in (runs.renew_code, invitation_links.links, invitation_links.make, runs.create_run):
        with pytest.raises(NotFound):
            verb(session, viewer, campus.course.id)


def test_by_invitation_only_means_by_a_link(campus: Campus, session: Session) -> None:
    set_up(campus, policy=EnrollmentPolicy.INVITATION)
    assert step(campus, campus.student) == ("invitation", "This course is by invitation only.")
    with pytest.raises(NotAllowed, match="by invitation only"):
        campus.enroll()
    with pytest.raises(Invalid, match="does not work"):
        enrollments.enroll(session, campus.student, campus.slug, invitation="nonsense-nonsense")
    token = link_token(campus, uses="1", label=" Autumn   flyer ")
    for _ in range(2):
        enrollments.enroll(session, campus.student, campus.slug, invitation=token)
    with pytest.raises(Invalid, match="all its places are taken"):
        enrollments.enroll(session, campus.person(), campus.slug, invitation=token)
    (line,) = invitation_links.links(session, campus.instructor, campus.course.id)
    assert (line.label, line.uses, line.uses_allowed, line.state) == ("Autumn flyer", 1, 1, "used_up")
    assert token.encode() not in bytes(session.exec(select(InvitationLink.digest)).one())


def test_a_link_ends_with_its_time_and_when_it_is_revoked(campus: Campus, session: Session) -> None:
    token = link_token(campus, days="2")
    assert invitation_links.course_behind(session, token).id == campus.course.id
    with clock.moved_by(timedelta(days=2, minutes=1)), pytest.raises(NotFound):
        invitation_links.course_behind(session, token)
    (line,) = invitation_links.links(session, campus.instructor, campus.course.id)
    other = new_campus(session, neutral_course("other"))
    with pytest.raises(NotFound):
        invitation_links.revoke(session, other.instructor, other.course.id, UUID(line.id))
    invitation_links.revoke(session, campus.instructor, campus.course.id, UUID(line.id))
    with pytest.raises(Invalid):
        enrollments.enroll(session, campus.student, campus.slug, invitation=token)
    with pytest.raises(Invalid) as refusal:
        invitation_links.make(session, campus.instructor, campus.course.id, label="x" * 81, days="0", uses="1.5")
    assert set(refusal.value.fields) == {"label", "days", "uses"}


def test_a_link_of_another_course_lets_nobody_in_here(campus: Campus, session: Session) -> None:
    other = new_campus(session, neutral_course("other"))
    set_up(campus, policy=EnrollmentPolicy.INVITATION)
    with pytest.raises(Invalid):
        enrollments.enroll(session, campus.student, campus.slug, invitation=link_token(other))


def test_a_link_counts_who_waits_and_whoever_was_promoted_needs_it_no_more(campus: Campus, session: Session) -> None:
    set_up(campus, policy=EnrollmentPolicy.INVITATION, seats="0")
    token = link_token(campus, uses="1")
    assert enrollments.wait(session, campus.student, campus.slug, invitation=token).position == 1
    assert enrollments.wait(session, campus.student, campus.slug).position == 1
    set_up(campus, policy=EnrollmentPolicy.INVITATION, seats="1")
    assert step(campus, campus.student)[0] == "start"


def test_who_registers_by_a_link_is_in_the_course_once_the_address_is_confirmed(campus: Campus, session: Session) -> None:
    set_up(campus, policy=EnrollmentPolicy.INVITATION, seats="1")
    token = link_token(campus)
    first, second = register(session, "first@example.org", invitation=token), register(session, "second@example.org", invitation=token)
    assert session.exec(select(Enrollment.person_id)).all() == [first.id]
    assert arriving.first_page(session, first.id) == arriving.first_page(session, second.id) == f"/courses/{campus.slug}"
    assert [line.uses for line in invitation_links.links(session, campus.instructor, campus.course.id)] == [2]
    third = register(session, "third@example.org", invitation="not-a-link-of-ours")
    assert arriving.first_page(session, third.id) == "/home"


def test_enrolment_has_its_window(campus: Campus, session: Session) -> None:
    set_up(campus, enrollment_opens_at="2027-03-03T09:00", enrollment_closes_at="2027-03-10T09:00")
    with clock.moved_to(NOW - timedelta(minutes=1)):
        assert step(campus, campus.student) == ("closed", "Enrolment opens on 3 March, 09:00 (Europe/Berlin).")
        with pytest.raises(LimitReached, match="opens on 3 March, 09:00"):
            campus.enroll()
    with clock.moved_to(NOW + timedelta(days=7)):
        with pytest.raises(LimitReached, match="closed on 10 March, 09:00"):
            campus.enroll()
        with pytest.raises(LimitReached):
            enrollments.wait(session, campus.student, campus.slug)
        with pytest.raises(LimitReached):
            enrollments.enroll(session, campus.student, campus.slug, invitation=link_token(campus))
    with clock.moved_to(NOW):
        campus.enroll()


def test_before_it_opens_who_is_enrolled_reads_when_and_does_nothing_yet(campus: Campus, session: Session) -> None:
    set_up(campus, opens_at="2027-03-03T09:00")
    page, quiz = campus.page("Sand").id, campus.quiz("Final quiz").id
    with clock.moved_to(NOW - timedelta(days=1)):
        campus.enroll()
        assert step(campus, campus.student) == ("opens", "You are enrolled. Opens on 3 March, 09:00 (Europe/Berlin).")
        for act in (
            lambda: learning_queries.learning_page(session, campus.student, campus.slug),
            lambda: learning_queries.marked_outline(session, campus.student, campus.slug),
            lambda: learning.open_page(session, campus.student, page),
            lambda: learning.mark_complete(session, campus.student, page),
            lambda: learning.heartbeat(session, campus.student, page, seconds=9, reached_end=True),
            lambda: attempts.start(session, campus.student, quiz),
        ):
            with pytest.raises(LimitReached, match=r"Opens on 3 March, 09:00 \(Europe/Berlin\)"):
                act()
    with clock.moved_to(NOW):
        learning.mark_complete(session, campus.student, page)
        attempts.start(session, campus.student, quiz)


def test_after_it_has_ended_one_reads_and_hands_in_nothing(campus: Campus, session: Session) -> None:
    set_up(campus, closes_at="2027-03-03T09:00")
    page, stones, quiz = campus.page("Sand").id, campus.page("Stones").id, campus.quiz("Final quiz").id
    with clock.moved_to(NOW - timedelta(minutes=30)):
        campus.enroll()
        learning.open_page(session, campus.student, stones)
        sheet = attempts.start(session, campus.student, quiz)
        assert session.get_one(Attempt, UUID(sheet.id)).deadline_at == NOW
    with clock.moved_to(NOW + timedelta(minutes=1)):
        assert "ended on 3 March, 09:00" in learning_queries.learning_page(session, campus.student, campus.slug).ended
        assert step(campus, campus.student)[1].startswith("This course ended on 3 March, 09:00 (Europe/Berlin).")
        learning.open_page(session, campus.student, page)
        assert not learning.heartbeat(session, campus.student, stones, seconds=30, reached_end=True)
        with pytest.raises(Conflict, match="This course ended"):
            learning.mark_complete(session, campus.student, page)
        with pytest.raises(LimitReached, match="closed"):
            attempts.start(session, campus.student, quiz)


def test_an_exception_gives_somebody_longer_than_the_run(campus: Campus, session: Session) -> None:
    set_up(campus, closes_at="2027-03-03T09:00")
    quiz = campus.quiz("Final quiz").id
    with clock.moved_to(NOW - timedelta(minutes=30)):
        late, other = campus.enroll(), campus.enroll(campus.person())
    later = NOW + timedelta(days=2)
    set_override(session, campus.instructor, quiz, Override(closes_at=later), enrollment_id=late.id)
    times = closing_times(session, [(late.run_id, quiz)])[late.run_id, quiz]
    assert (times.everybody, dict(times.others)) == (NOW, {late.id: later})
    with clock.moved_to(NOW + timedelta(days=1)):
        attempts.start(session, campus.student, quiz)
        with pytest.raises(LimitReached):
            attempts.start(session, Actor(person_id=other.person_id, roles=campus.student.roles), quiz)


def complete(campus: Campus, actor: Actor) -> None:
    enrollment = campus.enroll(actor)
    enrollment.completed_at = clock.now()
    campus.session.add(enrollment)
    campus.session.flush()


def test_a_prerequisite_is_named_until_it_is_completed(campus: Campus, session: Session) -> None:
    first = new_campus(session, replace(neutral_course("first"), title="Pebbles"))
    prerequisites.require(session, campus.instructor, campus.course.id, first.course.id)
    prerequisites.require(session, campus.instructor, campus.course.id, first.course.id)
    assert step(campus, campus.student) == ("missing", "Complete “Pebbles” first.")
    with pytest.raises(prerequisites.Missing) as refusal:
        campus.enroll()
    assert (refusal.value.sentence, refusal.value.courses[0].slug) == ("Complete “Pebbles” first.", "first")
    with pytest.raises(LimitReached):
        enrollments.enroll(session, campus.student, campus.slug, invitation=link_token(campus))
    complete(first, campus.student)
    enrollments.withdraw(session, campus.student, "first")
    campus.enroll()
    prerequisites.release(session, campus.instructor, campus.course.id, first.course.id)
    campus.enroll(campus.person())


def test_prerequisites_do_not_go_round_in_circles(campus: Campus, session: Session) -> None:
    second, third = (new_campus(session, neutral_course(slug)) for slug in ("second", "third"))
    prerequisites.require(session, second.instructor, second.course.id, campus.course.id)
    prerequisites.require(session, third.instructor, third.course.id, second.course.id)
    with pytest.raises(Invalid, match="waits for this course itself"):
        prerequisites.require(session, campus.instructor, campus.course.id, third.course.id)
    with pytest.raises(Invalid, match="its own prerequisite"):
        prerequisites.require(session, campus.instructor, campus.course.id, campus.course.id)
    draft = new_campus(session, neutral_course("draft"), publish=False)
    with pytest.raises(NotFound):
        prerequisites.require(session, campus.instructor, campus.course.id, draft.course.id)
    with pytest.raises(NotFound):
        prerequisites.require(session, campus.instructor, second.course.id, third.course.id)
    with pytest.raises(NotFound):
        prerequisites.release(session, campus.instructor, second.course.id, campus.course.id)
    assert queries.possible_prerequisites(session, campus.instructor, campus.course.id, "") == []
    found = queries.possible_prerequisites(session, campus.instructor, campus.course.id, "stones")
    assert {course.id for course in found} == {str(second.course.id), str(third.course.id)}


def test_a_new_run_has_the_dates_moved_and_nobody_in_it(campus: Campus, session: Session) -> None:
    set_up(campus, opens_at="2027-03-03T09:00", closes_at="2027-07-31T23:59", seats="30", policy=EnrollmentPolicy.CODE)
    with clock.moved_to(NOW):
        old = enrollments.enroll(session, campus.student, campus.slug, code=run_of(campus).enrollment_code or "")
    first = run_of(campus).id
    second = runs.create_run(session, campus.instructor, campus.course.id, title="Autumn", opens_on="2027-11-03")
    assert run_of(campus).id == first
    assert [(line.title, line.students, line.present) for line in runs.runs(session, campus.instructor, campus.course.id)] == [
        ("Autumn", 0, False),
        ("Run 1", 1, True),
    ]
    runs.choose_run(session, campus.instructor, campus.course.id, second)
    sheet = runs.run_sheet(session, campus.instructor, campus.course.id)
    assert (sheet.opens_at, sheet.closes_at, sheet.seats, sheet.taken) == ("2027-11-03T09:00", "2028-04-01T23:59", "30", 0)
    newcomer = campus.person()
    with clock.moved_to(NOW + timedelta(days=250)):
        enrolled = enrollments.enroll(session, newcomer, campus.slug, code=run_of(campus).enrollment_code or "")
        assert [session.get_one(Enrollment, each).run_id for each in (old, enrolled)] == [first, second]
        assert step(campus, campus.student)[0] == "start"
    with pytest.raises(Invalid):
        runs.create_run(session, campus.instructor, campus.course.id, title="x" * 121, opens_on="one day")
    other = new_campus(session, neutral_course("other"))
    with pytest.raises(NotFound):
        runs.choose_run(session, other.instructor, other.course.id, second)


def test_a_link_into_a_run_that_takes_nobody_any_more_leads_nowhere(campus: Campus, session: Session) -> None:
    token = link_token(campus)
    runs.choose_run(session, campus.instructor, campus.course.id, runs.create_run(session, campus.instructor, campus.course.id))
    with pytest.raises(NotFound, match="not open"):
        invitation_links.course_behind(session, token)
    authoring.unpublish_course(session, campus.instructor, campus.course.id)
    with pytest.raises(NotFound):
        invitation_links.course_behind(session, token)


def test_who_sets_up_a_run_that_somebody_else_set_up_meanwhile_is_told_both(campus: Campus) -> None:
    place = (campus.session, campus.instructor, campus.course.id)
    seen = runs.run_sheet(*place).version
    runs.set_up(*place, replace(FORM, seats="30"), seen=seen)
    mine = replace(FORM, seats="40", opens_at="2027-03-03T09:00")
    with pytest.raises(runs.RunMoved) as moved:
        runs.set_up(*place, mine, seen=seen)
    theirs = moved.value.theirs
    assert runs.differences(mine, theirs) == [
        runs.Difference(name="seats", yours="40", theirs="30"),
        runs.Difference(name="opens_at", yours="2027-03-03T09:00", theirs=""),
    ]
    runs.set_up(*place, mine, seen=theirs.version)
    sheet = runs.run_sheet(*place)
    assert (sheet.seats, sheet.opens_at) == ("40", "2027-03-03T09:00")
    assert runs.differences(mine, sheet) == []


def test_another_run_that_was_chosen_meanwhile_is_not_set_up_in_its_place(campus: Campus) -> None:
    place = (campus.session, campus.instructor, campus.course.id)
    seen = runs.run_sheet(*place).version
    runs.choose_run(*place, runs.create_run(*place, title="Spring"))
    with pytest.raises(runs.RunMoved):
        runs.set_up(*place, FORM, seen=seen)


def test_students_and_seats_that_move_do_not_move_the_settings(campus: Campus) -> None:
    place = (campus.session, campus.instructor, campus.course.id)
    seen = runs.run_sheet(*place).version
    campus.enroll()
    assert runs.run_sheet(*place).version == seen
    runs.set_up(*place, FORM, seen=seen)
