"""Lists of addresses: read, looked at, carried out, and what they tell of who has an account."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.courses import access
from lms_app.domain.enrollments import (
    address_invitations,
    address_list_rules,
    arriving,
    enrolling_many,
    enrollments,
    prerequisites,
    roster,
    runs,
    seats,
    waiting_list,
)
from lms_app.domain.enrollments.address_list_rules import Line
from lms_app.domain.enrollments.runs import RunForm
from lms_app.domain.notifications.queries import inbox
from lms_app.domain.people import erasing, leftovers
from lms_app.domain.people.registration import create_person, email_of
from lms_app.errors import Conflict, Invalid, LimitReached, NotAllowed, NotFound
from lms_app.models import AddressInvitation, Enrollment, Group, GroupMember, Membership, OutboxMessage, PersonKey
from lms_app.words import StaffRole
from tests.domain.people.test_accounts import Post, register
from tests.support.campus import Campus, neutral_course, new_campus
from tests.support.statements import statements


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def look(campus: Campus, text: str, actor=None) -> enrolling_many.ListPreview:
    return enrolling_many.preview(campus.session, actor or campus.instructor, campus.course.id, text)


def outcomes(campus: Campus, text: str) -> list[str]:
    return [line.outcome for line in sorted(look(campus, text).lines, key=lambda line: line.number)]


def carry_out(campus: Campus, text: str) -> enrolling_many.Done:
    return enrolling_many.carry_out(campus.session, campus.instructor, campus.course.id, text, seen=look(campus, text).seen)


def with_seats(campus: Campus, number: str) -> None:
    runs.set_up(campus.session, campus.instructor, campus.course.id, RunForm(time_zone="UTC", seats=number))


def address(campus: Campus, name: str = "Bea") -> str:
    return email_of(campus.session, campus.person(name).person_id)


def mailed(session: Session) -> Post:
    post = Post()
    for row in session.exec(select(OutboxMessage).where(OutboxMessage.job == address_invitations.MAIL).order_by(col(OutboxMessage.id))).all():
        address_invitations.send(session, UUID(row.arguments["invitation_id"]), send=post)
    return post


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a@example.org\n\n  b@example.org  \n", [Line(number=1, email="a@example.org"), Line(number=3, email="b@example.org")]),
        ("Name;E-Mail;Group\nAda L.;a@example.org;Evening", [Line(number=2, email="a@example.org", name="Ada L.", group="Evening")]),
        ("a@example.org\tAda\tEvening", [Line(number=1, email="a@example.org", name="Ada", group="Evening")]),
        ('"Lovelace, Ada",a@example.org', [Line(number=1, email="a@example.org", name="Lovelace, Ada")]),
        ("Ada Lovelace <a@example.org>", [Line(number=1, email="a@example.org", name="Ada Lovelace")]),
        ("\ufeffemail\r\na@example.org\r\n", [Line(number=2, email="a@example.org")]),
        ("a@example.org\nb@example.org,Bea", [Line(number=1, email="a@example.org"), Line(number=2, email="b@example.org", name="Bea")]),
        ("nobody", [Line(number=1, email="nobody")]),
        ('a@example.org,"Ada\nb@example.org\nc@example.org', [Line(number=3, email="a@example.org Ada b@example.org c@example.org")]),
        ('email,notes\na@example.org,"two\nlines"', [Line(number=3, email="a@example.org")]),
        (" \n,,\n", []),
    ],
)
def test_a_list_is_read_as_people_write_them(text: str, lines: list[Line]) -> None:
    assert address_list_rules.read(text) == lines


def test_a_list_of_too_many_lines_is_not_read() -> None:
    with pytest.raises(address_list_rules.TooLong):
        address_list_rules.read("a@example.org\n" * (address_list_rules.MOST_LINES + 1))


def test_the_look_says_of_each_line_what_would_happen_and_does_nothing(campus: Campus, session: Session) -> None:
    with_seats(campus, "3")
    inside = email_of(session, campus.student.person_id)
    campus.enroll()
    known = address(campus)
    text = f"{inside}\nnot an address\n{known}\nnew@example.org\nNEW@example.org\nlast@example.org"
    assert outcomes(campus, text) == ["enrolled", "bad", "new", "new", "duplicate", "new_waiting"]
    seen = look(campus, text)
    assert (seen.lines[0].number, seen.lines[0].sentence) == (2, "This is no e-mail address")
    assert seen.lines[1].sentence == "The same as line 4: passed over"
    assert (seen.enrols, seen.waits, seen.stays, seen.bad, seen.fine) == (2, 1, 1, 1, False)
    with pytest.raises(Invalid, match="no addresses"):
        carry_out(campus, text)
    assert len(session.exec(select(Enrollment)).all()) == 1
    assert session.exec(select(AddressInvitation)).all() == []


def test_the_look_is_the_same_for_an_address_with_and_one_without_an_account(campus: Campus, session: Session) -> None:
    with_seats(campus, "1")
    account, nobody = address(campus), "nobody-here@example.org"

    def told(*emails: str) -> list[tuple[str, str]]:
        return [(line.outcome, line.sentence) for line in look(campus, "\n".join(emails)).lines]

    assert told(account) == told(nobody)
    assert told(account, nobody) == told(nobody, account)
    assert "account" in told(account)[0][1]


def test_a_list_enrols_invites_and_lets_wait_in_one_act(campus: Campus, session: Session) -> None:
    with_seats(campus, "2")
    known, late = campus.person("Bea"), campus.person("Cy")
    text = f"email,name,group\n{email_of(session, known.person_id)},,Evening\nnew@example.org,Nia,evening\n{email_of(session, late.person_id)},,"
    assert look(campus, text).new_groups == ["Evening"]
    done = carry_out(campus, text)
    assert (done.enrols, done.waits) == (2, 1)
    run = access.current_run(session, campus.course.id)
    assert [one.name for one in roster.named(session, run.id)] == ["Bea"]
    assert [line.name for line in waiting_list.waiting_list(session, campus.instructor, campus.course.id).lines] == ["Cy"]
    assert inbox(session, known).items[0].sentence == "The staff of Stones and sand enrolled you."
    assert inbox(session, late).items[0].sentence.startswith("You are on the waiting list of Stones and sand.")
    (invited,) = address_invitations.invited(session, campus.instructor, campus.course.id).lines
    assert (invited.email, invited.name, invited.waits) == ("new@example.org", "Nia", False)
    ((to, subject, words),) = mailed(session).sent
    assert (to, subject) == ("new@example.org", "An invitation to Stones and sand")
    assert "Register with this address, and you are enrolled" in words
    newcomer = register(session, "new@example.org")
    assert seats.takes(session, run.id, newcomer.id) is not None
    assert arriving.first_page(session, newcomer.id) == f"/courses/{campus.slug}"
    assert session.exec(select(Group.name)).all() == ["Evening"]
    assert outcomes(campus, text) == ["enrolled", "enrolled", "waits"]
    assert session.exec(select(AddressInvitation)).all() == []


def test_who_takes_the_course_already_comes_into_a_group_by_as_many_statements_for_many_as_for_few(campus: Campus, session: Session) -> None:
    people = [address(campus, f"P{number}") for number in range(12)]
    carry_out(campus, "\n".join(people))
    numbers: list[int] = []
    for some in (people[:2], people):
        text = "\n".join(f"{one},,Evening" for one in some)
        seen = look(campus, text).seen
        with statements(session) as made:
            enrolling_many.carry_out(session, campus.instructor, campus.course.id, text, seen=seen)
        numbers.append(len(made))
    assert len(session.exec(select(GroupMember)).all()) == 12
    assert numbers[1] <= numbers[0]


def test_enrolling_inviting_and_queueing_take_as_many_statements_for_many_as_for_few(campus: Campus, session: Session) -> None:
    numbers: list[int] = []
    for some, seats_before in ((8, 0), (40, 16)):
        with_seats(campus, str(seats_before + 2 * some))
        known = [address(campus, f"P{some}-{number}") for number in range(2 * some)]
        strangers = [f"s{some}-{number}@example.org" for number in range(some)]
        text = "\n".join(f"{one},,Evening" for one in (*known[:some], *strangers, *known[some:]))
        seen = look(campus, text).seen
        with statements(session) as made:
            done = enrolling_many.carry_out(session, campus.instructor, campus.course.id, text, seen=seen)
        assert (done.enrols, done.waits) == (2 * some, some)
        numbers.append(len(made))
        for entry in waiting_list.waiting_list(session, campus.instructor, campus.course.id).lines:
            waiting_list.take_off(session, campus.instructor, campus.course.id, UUID(entry.id))
    assert numbers[1] <= numbers[0]


def test_an_invitation_keeps_its_seat_until_it_is_taken_back_or_its_time_is_over(campus: Campus, session: Session) -> None:
    with_seats(campus, "1")
    carry_out(campus, "new@example.org")
    with pytest.raises(LimitReached):
        campus.enroll()
    enrollments.wait(session, campus.student, campus.slug)
    (invited,) = address_invitations.invited(session, campus.instructor, campus.course.id).lines
    other = new_campus(session, neutral_course("other"))
    with pytest.raises(NotFound):
        address_invitations.take_back(session, other.instructor, other.course.id, UUID(invited.id))
    keys = len(session.exec(select(PersonKey)).all())
    address_invitations.take_back(session, campus.instructor, campus.course.id, UUID(invited.id))
    run = access.current_run(session, campus.course.id)
    assert seats.takes(session, run.id, campus.student.person_id) is not None
    assert len(session.exec(select(PersonKey)).all()) == keys - 1
    assert mailed(session).sent == []
    with_seats(campus, "2")
    carry_out(campus, "new@example.org")
    second = campus.person("Bea")
    enrollments.wait(session, second, campus.slug)
    with clock.moved_by(address_invitations.LIFE + timedelta(minutes=1)):
        leftovers.clean_up(session)
        address_invitations.clean_up(session)
    assert seats.takes(session, run.id, second.person_id) is not None
    assert register(session, "new@example.org").id not in session.exec(select(Enrollment.person_id)).all()


def test_an_invited_address_without_a_seat_waits_behind_those_who_wait(campus: Campus, session: Session) -> None:
    with_seats(campus, "0")
    enrollments.wait(session, campus.student, campus.slug)
    carry_out(campus, "new@example.org")
    newcomer = register(session, "new@example.org")
    run = access.current_run(session, campus.course.id)
    assert [entry.person_id for entry in seats.waiting(session, run.id)] == [campus.student.person_id, newcomer.id]


def while_it_waits(run_id: UUID, act: Callable[[], object], meanwhile: Callable[[Session], object]) -> None:
    """Does one thing while another waits for the run, which is held."""
    with transaction() as session, ThreadPoolExecutor(1) as pool:
        seats.hold(session, run_id)
        done = pool.submit(act)
        give_up = monotonic() + 10
        while not session.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
        ).scalar():
            assert monotonic() < give_up
            session.execute(text("SELECT pg_stat_clear_snapshot()"))
        meanwhile(session)
        session.commit()
        done.result(30)


def invited_to_the_last_seat() -> tuple[Campus, UUID, UUID]:
    """A course with one seat, which is kept for new@example.org, and one who waits; the run and the invitation."""
    with transaction() as session:
        campus = new_campus(session)
        with_seats(campus, "1")
        carry_out(campus, "new@example.org")
        enrollments.wait(session, campus.student, campus.slug)
        return campus, access.current_run(session, campus.course.id).id, session.exec(select(AddressInvitation.id)).one()


def test_an_address_whose_account_is_made_while_it_is_invited_is_enrolled_instead_of_mailed(campus: Campus, session: Session) -> None:
    run = access.current_run(session, campus.course.id)
    person_id = campus.person("Mara Lind").person_id
    # As another transaction sees it in which the account is not there yet.
    address_invitations.invite(session, campus.instructor, run, [address_invitations.Invitee(email=email_of(session, person_id))])
    invitation = session.exec(select(AddressInvitation)).one()
    mailed: list[str] = []
    address_invitations.send(session, invitation.id, send=lambda to, subject, text: mailed.append(to))
    assert mailed == []
    assert seats.takes(session, run.id, person_id) is not None
    assert session.exec(select(AddressInvitation)).all() == []


def test_an_invitation_that_is_taken_back_while_its_address_registers_gives_its_seat_once(committed_database: str, redis_url: str) -> None:
    campus, run_id, invitation = invited_to_the_last_seat()

    def register_now() -> None:
        with transaction() as session:
            create_person(session, name="Nia New", email="new@example.org", password_hash=None)

    def take_back(session: Session) -> None:
        address_invitations.take_back(session, campus.instructor, campus.course.id, invitation)

    while_it_waits(run_id, register_now, take_back)
    with transaction() as session:
        assert seats.taken(session, run_id) == 1
        assert seats.takes(session, run_id, campus.student.person_id)


def test_invitations_end_while_one_of_them_is_taken_back(committed_database: str, redis_url: str) -> None:
    campus, run_id, invitation = invited_to_the_last_seat()

    def clean_up() -> None:
        with clock.moved_by(address_invitations.LIFE), transaction() as session:
            address_invitations.clean_up(session)

    def take_back(session: Session) -> None:
        address_invitations.take_back(session, campus.instructor, campus.course.id, invitation)

    while_it_waits(run_id, clean_up, take_back)
    with transaction() as session:
        assert session.exec(select(AddressInvitation)).all() == []
        assert seats.takes(session, run_id, campus.student.person_id)


def test_what_has_changed_since_the_look_stops_the_act(campus: Campus, session: Session) -> None:
    with_seats(campus, "1")
    text = address(campus)
    seen = look(campus, text).seen
    campus.enroll()
    with pytest.raises(Conflict, match="changed since you looked"):
        enrolling_many.carry_out(session, campus.instructor, campus.course.id, text, seen=seen)
    assert len(session.exec(select(Enrollment)).all()) == 1


def test_an_owner_enrols_past_prerequisites_window_and_policy_and_an_editor_not_past_prerequisites(campus: Campus, session: Session) -> None:
    first = new_campus(session, neutral_course("first"))
    prerequisites.require(session, campus.instructor, campus.course.id, first.course.id)
    editor = campus.person("Ed", teaches=True)
    session.add(Membership(course_id=campus.course.id, person_id=editor.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
    session.flush()
    with pytest.raises(NotAllowed, match="Only its owners"):
        look(campus, "new@example.org", editor)
    assert carry_out(campus, email_of(session, campus.student.person_id)).enrols == 1
    prerequisites.release(session, campus.instructor, campus.course.id, first.course.id)
    assert look(campus, "new@example.org", editor).enrols == 1


@pytest.mark.parametrize("role", [StaffRole.GRADER, StaffRole.VIEWER, None])
def test_who_is_no_author_enrols_nobody(campus: Campus, session: Session, role: StaffRole | None) -> None:
    other = campus.person("Other", teaches=True)
    if role is not None:
        session.add(Membership(course_id=campus.course.id, person_id=other.person_id, role=role, created_at=clock.now()))
        session.flush()
    enrollment = campus.enroll()
    course_id = campus.course.id
    for act in (
        lambda: enrolling_many.preview(session, other, course_id, "new@example.org"),
        lambda: enrolling_many.carry_out(session, other, course_id, "new@example.org", seen=""),
        lambda: address_invitations.invited(session, other, course_id),
        lambda: enrollments.remove(session, other, course_id, enrollment.id),
    ):
        with pytest.raises(NotFound):
            act()


def test_nothing_of_an_erased_persons_address_stays_in_an_invitation(campus: Campus, session: Session) -> None:
    carry_out(campus, "gone@example.org")
    second = new_campus(session, neutral_course("second"))
    person = create_person(session, name="Gus", email="gone@example.org", password_hash=None)
    session.flush()
    enrolling_many.carry_out(
        session, second.instructor, second.course.id, "other@example.org",
        seen=enrolling_many.preview(session, second.instructor, second.course.id, "other@example.org").seen,
    )  # fmt: skip
    person.email_index = session.exec(select(AddressInvitation.email_index)).one()
    session.add(person)
    session.flush()
    erasing.erase(session, person.id, discard=lambda key: None)
    assert session.exec(select(AddressInvitation)).all() == []


def test_each_act_after_many_takes_longer(campus: Campus, session: Session) -> None:
    from lms_app.errors import TooMany

    for number in range(enrolling_many.FREE_ACTS + 1):
        carry_out(campus, f"new{number}@example.org")
    with pytest.raises(TooMany):
        carry_out(campus, "one-more@example.org")
