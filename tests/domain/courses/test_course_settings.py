"""What a course says of itself, its objectives and its staff."""

from dataclasses import asdict
from threading import Thread
from time import monotonic
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.crypto import INSTALLATION
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import learner
from lms_app.domain.certificates.template_rules import CertificateTemplate
from lms_app.domain.courses import access, authoring, course_settings, files, objectives, queries, staff
from lms_app.domain.notifications import queries as notifications
from lms_app.domain.people.registration import email_of
from lms_app.errors import Conflict, Invalid, NotFound, TooMany
from lms_app.ids import uuid7
from lms_app.models import Membership, StoredFile
from lms_app.words import StaffRole
from tests.support.campus import Campus, new_actor, new_campus

ABOUT = {"title": "Stones", "slug": "stones", "summary": "", "language": "en", "level": "", "tags": ""}


def describe(campus: Campus, actor: Actor | None = None, **other: str) -> None:
    course_settings.describe(campus.session, actor or campus.instructor, campus.course.id, **(ABOUT | {"slug": campus.course.slug} | other))


def colleague(campus: Campus, role: StaffRole, name: str = "Cleo Colleague") -> Actor:
    actor = new_actor(campus.session, name, teaches=True)
    assert staff.add(campus.session, campus.instructor, campus.course.id, email_of(campus.session, actor.person_id), role) == actor.person_id
    return actor


def test_a_course_moves_to_another_address_and_the_old_one_leads_to_it(session: Session) -> None:
    campus = new_campus(session)
    old = campus.course.slug
    describe(campus, slug="All-About-Stones")
    assert (access.published_course(session, "all-about-stones").id, access.published_course(session, old).id) == (campus.course.id,) * 2
    assert queries.course_page(session, None, old).slug == "all-about-stones"
    describe(campus, slug=old)
    assert access.published_course(session, "all-about-stones").id == campus.course.id


def test_an_address_that_a_course_had_is_not_for_another(session: Session) -> None:
    campus = new_campus(session)
    old = campus.course.slug
    describe(campus, slug="all-about-stones")
    other = authoring.create_course(session, campus.instructor, title="Other", slug=old)
    assert other.slug == f"{old}-2"
    for taken in (old, "all-about-stones"):
        with pytest.raises(Invalid) as refused:
            course_settings.describe(session, campus.instructor, other.id, **(ABOUT | {"slug": taken}))
        assert refused.value.fields == {"slug": "Another course has this address, or had it before."}


def test_an_address_wanted_by_two_courses_at_once_goes_to_one_of_them(committed_database: str, redis_url: str) -> None:
    with transaction() as session:
        campus = new_campus(session)
        courses = [authoring.create_course(session, campus.instructor, title=title).id for title in ("One", "Two")]
    refusals: list[dict[str, str]] = []

    def want_it_too() -> None:
        with pytest.raises(Invalid) as refused, transaction() as session:
            course_settings.describe(session, campus.instructor, courses[1], **(ABOUT | {"slug": "wanted"}))
        refusals.append(refused.value.fields)

    second = Thread(target=want_it_too)
    with transaction() as session:
        course_settings.describe(session, campus.instructor, courses[0], **(ABOUT | {"slug": "wanted"}))
        second.start()
        give_up = monotonic() + 10
        while not session.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
        ).scalar():
            assert monotonic() < give_up
            session.execute(text("SELECT pg_stat_clear_snapshot()"))
    second.join()
    assert refusals == [{"slug": "Another course has this address, or had it before."}]


def test_every_field_that_cannot_stay_is_named_at_once_and_nothing_is_saved(session: Session) -> None:
    campus = new_campus(session)
    title = campus.course.title
    with pytest.raises(Invalid) as refused:
        describe(campus, title=" ", slug="no spaces", summary="x" * 1001, language="english please", tags=",".join(map(str, range(13))))
    assert set(refused.value.fields) == {"title", "slug", "summary", "language", "tags"}
    with pytest.raises(Invalid) as refused:
        describe(campus, title="New", tags="x" * 41)
    assert set(refused.value.fields) == {"tags"}
    assert campus.course.title == title


def test_tags_are_kept_once_in_their_order_and_found_in_the_catalogue(session: Session) -> None:
    campus = new_campus(session)
    describe(campus, tags=" Geology,  rocks and  minerals ,geology,, Volcanoes")
    assert course_settings.settings(session, campus.instructor, campus.course.id).tags == "Geology, rocks and minerals, Volcanoes"
    assert queries.course_page(session, None, campus.course.slug).tags == ["Geology", "rocks and minerals", "Volcanoes"]
    session.flush()
    assert [card.title for card in queries.catalogue(session, None, "volcan").cards] == ["Stones"]


def test_objectives_are_written_moved_and_taken_out(session: Session) -> None:
    campus = new_campus(session)
    course, author = campus.course.id, campus.instructor
    for words in ("Name a stone", "Weigh a stone", "  Compare   stones "):
        objectives.add(session, author, course, words)
    weigh = objectives.objectives(session, author, course)[1]
    objectives.move(session, author, course, UUID(weigh.id), -1)
    objectives.move(session, author, course, UUID(weigh.id), -1)
    objectives.reword(session, author, course, UUID(weigh.id), "Weigh stones")
    assert [(line.text, line.first, line.last) for line in objectives.objectives(session, author, course)] == [
        ("Weigh stones", True, False),
        ("Name a stone", False, False),
        ("Compare stones", False, True),
    ]
    objectives.archive(session, author, course, UUID(weigh.id))
    assert queries.course_page(session, None, campus.course.slug).objectives == ["Name a stone", "Compare stones"]
    with pytest.raises(NotFound):
        objectives.reword(session, author, course, UUID(weigh.id), "Gone")
    for words in (" ", "x" * 301):
        with pytest.raises(Invalid):
            objectives.add(session, author, course, words)


def test_a_colleague_joins_and_is_told(session: Session) -> None:
    campus = new_campus(session)
    editor = colleague(campus, StaffRole.EDITOR)
    assert [(one.name, one.role, one.is_you) for one in staff.staff(session, editor, campus.course.id)][1:] == [("Cleo Colleague", "editor", True)]
    assert [item.sentence for item in notifications.inbox(session, editor).items] == [
        f"You are on the staff of {campus.course.title} now, as editor."
    ]
    describe(campus, editor, title="Pebbles")
    with pytest.raises(Conflict):
        staff.add(session, campus.instructor, campus.course.id, email_of(session, editor.person_id), StaffRole.VIEWER)


def test_only_owners_say_who_is_on_the_staff(session: Session) -> None:
    campus = new_campus(session)
    editor = colleague(campus, StaffRole.EDITOR)
    acts = [
        lambda actor: staff.add(session, actor, campus.course.id, "x@example.org", StaffRole.OWNER),
        lambda actor: staff.change(session, actor, campus.course.id, editor.person_id, StaffRole.OWNER),
        lambda actor: staff.remove(session, actor, campus.course.id, campus.instructor.person_id),
    ]
    for act in acts:
        for actor in (editor, campus.student, new_actor(session, "Otto Other", teaches=True)):
            with pytest.raises(NotFound):
                act(actor)


def test_a_course_keeps_an_owner(session: Session) -> None:
    campus = new_campus(session)
    course, owner = campus.course.id, campus.instructor
    with pytest.raises(Conflict):
        staff.remove(session, owner, course, owner.person_id)
    with pytest.raises(Conflict):
        staff.change(session, owner, course, owner.person_id, StaffRole.EDITOR)
    second = colleague(campus, StaffRole.OWNER)
    staff.remove(session, second, course, owner.person_id)
    assert session.exec(select(Membership.role).where(Membership.course_id == course)).all() == [StaffRole.OWNER]
    with pytest.raises(NotFound):
        course_settings.settings(session, owner, course)


def test_addresses_cannot_be_tried_without_end(session: Session) -> None:
    campus = new_campus(session)
    student = email_of(session, campus.student.person_id)
    assert staff.add(session, campus.instructor, campus.course.id, student, StaffRole.VIEWER) is None
    for number in range(staff.FREE_TRIES):
        assert staff.add(session, campus.instructor, campus.course.id, f"nobody{number}@example.org", StaffRole.VIEWER) is None
    with pytest.raises(TooMany):
        staff.add(session, campus.instructor, campus.course.id, "nobody@example.org", StaffRole.VIEWER)


def test_a_sample_of_the_certificate_says_what_the_form_says(session: Session) -> None:
    campus = new_campus(session)
    template = CertificateTemplate(heading=" Teilnahme\nbescheinigung ", completed="hat den Kurs besucht", colour="plum")
    signed = {"signatory_name": " Ada Example ", "signatory_title": "Dean", "template": template}
    sheet = course_settings.sample(session, campus.instructor, campus.course.id, **signed)
    assert (sheet.course, sheet.signatory, sheet.signatory_title) == (campus.course.title, "Ada Example", "Dean")
    assert (sheet.heading, sheet.certifies, sheet.completed, sheet.colour) == ("Teilnahme bescheinigung", "", "hat den Kurs besucht", "plum")
    course_settings.certify(session, campus.instructor, campus.course.id, offered=False, **signed)
    kept = course_settings.settings(session, campus.instructor, campus.course.id)
    assert (kept.certificate_offered, kept.signatory_name, kept.signatory_title) == (False, "Ada Example", "Dean")
    assert asdict(kept.template) == {name: getattr(sheet, name) for name in ("heading", "certifies", "completed", "colour")}
    for stranger in (campus.student, colleague(campus, StaffRole.GRADER)):
        with pytest.raises(NotFound):
            course_settings.sample(session, stranger, campus.course.id, **signed)


def stored(campus: Campus, media_type: str) -> UUID:
    file = StoredFile(
        key_owner=INSTALLATION,
        course_id=campus.course.id,
        purpose="course",
        filename="quarry",
        media_type=media_type,
        size=1,
        storage_key=str(uuid7()),
        created_at=clock.now(),
    )
    campus.session.add(file)
    campus.session.flush()
    return file.id


def test_a_picture_of_the_course_becomes_its_cover_wherever_the_course_is_shown(session: Session) -> None:
    campus = new_campus(session)
    owner, course = campus.instructor, campus.course.id
    drawn = f"/v/covers/{campus.slug}.svg"
    assert course_settings.settings(session, owner, course).cover == drawn
    picture = stored(campus, "image/png")
    course_settings.choose_cover(session, owner, course, picture)
    campus.enroll()
    kept = course_settings.settings(session, owner, course)
    assert (kept.cover, kept.cover_is_drawn) == (f"/v/files/{picture}", False)
    shown = (
        queries.catalogue(session, None).cards[0],
        queries.course_page(session, None, campus.slug),
        queries.taught_courses(session, owner)[0],
        learner.learner_home(session, campus.student).courses[0],
    )
    assert {place.cover for place in shown} == {kept.cover}
    assert files.course_file(session, None, picture).filename == "quarry"
    course_settings.choose_cover(session, owner, course, None)
    assert course_settings.settings(session, owner, course).cover == drawn
    with pytest.raises(NotFound):
        files.course_file(session, None, picture)


def test_nothing_but_a_picture_of_the_course_becomes_its_cover(session: Session) -> None:
    campus, other = new_campus(session), new_campus(session)
    with pytest.raises(Invalid, match="A cover is a picture"):
        course_settings.choose_cover(session, campus.instructor, campus.course.id, stored(campus, "application/pdf"))
    for actor, file_id in ((campus.instructor, stored(other, "image/png")), (campus.student, stored(campus, "image/png"))):
        with pytest.raises(NotFound):
            course_settings.choose_cover(session, actor, campus.course.id, file_id)
    assert campus.course.cover_file_id is None
