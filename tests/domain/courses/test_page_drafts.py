"""Drafts of pages: saved while they are written, never over somebody else's in silence; their history; what publishing changes."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring, page_drafts, page_history
from lms_app.domain.courses.page_drafts import SPELL, PageDraft, PageMoved, SavedDraft
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import Membership, Page, PageRevision
from lms_app.words import CompletionRule, StaffRole
from tests.support.campus import Campus, new_actor, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


@pytest.fixture
def page(campus: Campus) -> Page:
    return campus.page("Sand")


def words(*paragraphs: str) -> dict[str, Any]:
    return {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in paragraphs]}


def opened(campus: Campus, page: Page) -> PageDraft:
    return page_drafts.open_draft(campus.session, campus.instructor, page.id)


def save(campus: Campus, page: Page, text: str, base: str = "", *, actor: Actor | None = None, spell: str = "a", title: str = "Sand") -> SavedDraft:
    base = base or opened(campus, page).page.revision
    return page_drafts.save_draft(
        campus.session, actor or campus.instructor, page.id, title=title, document=words(text), base=UUID(base), spell=spell
    )


def colleague(campus: Campus, role: StaffRole = StaffRole.EDITOR) -> Actor:
    somebody = new_actor(campus.session, "A Colleague", teaches=True)
    campus.session.add(Membership(course_id=campus.course.id, person_id=somebody.person_id, role=role, created_at=clock.now()))
    campus.session.flush()
    return somebody


def revisions(campus: Campus, page: Page) -> list[int]:
    query = select(PageRevision.number).where(PageRevision.page_id == page.id).order_by(col(PageRevision.number))
    return list(campus.session.exec(query).all())


def test_what_is_saved_is_what_is_opened_next(campus: Campus, page: Page) -> None:
    saved = save(campus, page, "New words", title="  Fine   sand ")
    found = opened(campus, page)
    assert (found.page.revision, found.page.title, saved.title) == (saved.revision, "Fine sand", "Fine sand")
    assert found.page.reader == str(campus.instructor.person_id)
    assert found.document["content"][0]["content"] == [{"type": "text", "text": "New words"}]
    assert (found.saved_by, saved.state) == ("Ines Teacher", "changed")


def test_students_see_a_draft_only_when_it_is_published(campus: Campus, page: Page) -> None:
    shown = page.published_revision_id
    saved = save(campus, page, "New words")
    assert page.published_revision_id == shown
    assert page_drafts.publish(campus.session, campus.instructor, page.id, revision=UUID(saved.revision)).state == "published"
    assert str(page.published_revision_id) == saved.revision


def test_publishing_what_one_has_not_seen_is_refused(campus: Campus, page: Page) -> None:
    seen = save(campus, page, "Mine").revision
    save(campus, page, "Theirs", seen, actor=colleague(campus), spell="b")
    with pytest.raises(PageMoved):
        page_drafts.publish(campus.session, campus.instructor, page.id, revision=UUID(seen))


def test_two_on_one_page_never_overwrite_each_other(campus: Campus, page: Page) -> None:
    base = opened(campus, page).page.revision
    theirs = save(campus, page, "Their words stand here", base, actor=colleague(campus), spell="b")
    with pytest.raises(PageMoved) as moved:
        save(campus, page, "My words stand here", base, title="Mine")
    assert "A Colleague saved this page" in moved.value.sentence
    told = moved.value.theirs
    assert (told.revision, told.author, told.title) == (theirs.revision, "A Colleague", "Sand")
    assert [(piece.kind, piece.words) for piece in told.pieces] == [("changed", "<del>Their</del><ins>My</ins> words stand here")]
    assert opened(campus, page).page.revision == theirs.revision
    assert save(campus, page, "Both of our words", told.revision).revision == opened(campus, page).page.revision


def test_two_tabs_of_one_author_are_two_writers(campus: Campus, page: Page) -> None:
    base = opened(campus, page).page.revision
    save(campus, page, "From the first tab", base, spell="first")
    with pytest.raises(PageMoved):
        save(campus, page, "From the second tab", base, spell="second")


def test_a_save_whose_answer_was_lost_is_no_conflict_for_the_next(campus: Campus, page: Page) -> None:
    base = opened(campus, page).page.revision
    first = save(campus, page, "One", base)
    assert save(campus, page, "One", base).revision == first.revision
    second = save(campus, page, "One and two", base)
    assert opened(campus, page).page.revision == second.revision


def test_saving_what_is_there_already_makes_no_state(campus: Campus, page: Page) -> None:
    first, before = save(campus, page, "One"), revisions(campus, page)
    assert save(campus, page, "One", str(uuid4()), actor=colleague(campus), spell="b").revision == first.revision
    assert revisions(campus, page) == before


def test_saves_of_one_spell_of_writing_are_one_state(campus: Campus, page: Page) -> None:
    before = revisions(campus, page)
    for text in ("O", "On", "One"):
        save(campus, page, text)
    assert revisions(campus, page) == [*before, before[-1] + 1]
    with clock.moved_to(clock.now() + SPELL):
        save(campus, page, "One later")
    save(campus, page, "One more", actor=colleague(campus), spell="b")
    assert revisions(campus, page) == [*before, *(before[-1] + step for step in (1, 2, 3))]


def test_a_state_that_students_see_is_never_replaced(campus: Campus, page: Page) -> None:
    shown = save(campus, page, "Shown")
    page_drafts.publish(campus.session, campus.instructor, page.id, revision=UUID(shown.revision))
    save(campus, page, "After that")
    assert campus.session.get(PageRevision, UUID(shown.revision)) is not None


def test_an_earlier_state_comes_back_and_nothing_is_lost(campus: Campus, page: Page) -> None:
    first = save(campus, page, "First", spell="a", title="First title")
    second = save(campus, page, "Second", spell="b")
    back = page_drafts.restore(campus.session, campus.instructor, page.id, UUID(first.revision), base=UUID(second.revision))
    assert (back.page.title, back.document["content"][0]["content"][0]["text"]) == ("First title", "First")
    states = page_history.history(campus.session, campus.instructor, page.id)
    assert [state.title for state in states[:3]] == ["First title", "Sand", "First title"]
    assert [state.is_newest for state in states[:3]] == [True, False, False]
    with pytest.raises(PageMoved):
        page_drafts.restore(campus.session, campus.instructor, page.id, UUID(first.revision), base=UUID(second.revision))
    with pytest.raises(NotFound):
        page_drafts.restore(campus.session, campus.instructor, page.id, uuid4(), base=UUID(back.page.revision))


def test_the_history_says_who_when_and_what_students_see(campus: Campus, page: Page) -> None:
    shown = str(page.published_revision_id)
    saved = save(campus, page, "New words", actor=colleague(campus))
    newest = page_history.history(campus.session, campus.instructor, page.id)[0]
    assert (newest.id, newest.author, newest.saved_at) == (saved.revision, "A Colleague", saved.saved_at)
    assert [state.id for state in page_history.history(campus.session, campus.instructor, page.id) if state.is_published] == [shown]


def test_a_state_is_compared_with_the_one_before_and_with_the_newest(campus: Campus, page: Page) -> None:
    first = save(campus, page, "Grains of sand", spell="a")
    save(campus, page, "Grains of clay", spell="b", title="Clay")
    before = page_history.difference(campus.session, campus.instructor, page.id, UUID(first.revision), "before")
    assert "added" in {piece.kind for piece in before.pieces}
    newest = page_history.difference(campus.session, campus.instructor, page.id, UUID(first.revision), "newest")
    assert (newest.before_title, newest.after_title) == ("Sand", "Clay")
    assert [piece.words for piece in newest.pieces] == ["Grains of <del>sand</del><ins>clay</ins>"]


def test_publishing_shows_first_what_changes_and_for_how_many(campus: Campus, page: Page) -> None:
    campus.enroll()
    save(campus, page, "New words")
    changes = page_history.unpublished_changes(campus.session, campus.instructor, page.id)
    assert (changes.first, changes.students, changes.done) == (False, 1, 0)
    assert {piece.kind for piece in changes.difference.pieces} != {"same"}
    fresh = authoring.add_page(campus.session, campus.instructor, page.lesson_id, "Fresh")
    assert page_history.unpublished_changes(campus.session, campus.instructor, fresh.id).first


def test_a_rule_moves_its_version_and_keeps_what_students_did(campus: Campus, page: Page) -> None:
    version = page.rule_version
    page_drafts.set_rule(campus.session, campus.instructor, page.id, rule=CompletionRule.NONE, required=False)
    assert (page.completion_rule, page.required, page.rule_version) == (CompletionRule.NONE, False, version + 1)
    page_drafts.set_rule(campus.session, campus.instructor, page.id, rule=CompletionRule.NONE, required=True)
    assert page.rule_version == version + 1


def test_markdown_goes_out_and_comes_in(campus: Campus, page: Page) -> None:
    written = page_drafts.as_markdown(campus.session, campus.instructor, page.id, words("One", "Two"))
    assert written == "One\n\nTwo"
    read = page_drafts.from_markdown(campus.session, campus.instructor, page.id, "# One\n\n::: details More\nTwo\n:::")
    assert [node["type"] for node in read["content"]] == ["heading", "collapsible"]


def test_a_draft_looks_as_students_will_see_it(campus: Campus, page: Page) -> None:
    save(campus, page, "New words")
    assert [block.html for block in page_drafts.as_students_see(campus.session, campus.instructor, page.id)] == ["<p>New words</p>"]


@pytest.mark.parametrize(
    "document",
    [{}, {"type": "doc", "content": [{"type": "script"}]}, words("x") | {"content": [{"type": "quizBlock", "attrs": {"assessment": "x"}}]}],
)
def test_what_is_no_page_is_refused_and_loses_nothing(campus: Campus, page: Page, document: dict[str, Any]) -> None:
    base = opened(campus, page).page.revision
    with pytest.raises(Invalid):
        page_drafts.save_draft(campus.session, campus.instructor, page.id, title="Sand", document=document, base=UUID(base))
    assert opened(campus, page).page.revision == base


@pytest.mark.parametrize("who", ["student", "stranger", "grader", "viewer"])
def test_who_does_not_author_the_course_finds_nothing(campus: Campus, page: Page, who: str) -> None:
    actor = {
        "student": lambda: campus.student,
        "stranger": lambda: new_actor(campus.session, "Another Instructor", teaches=True),
        "grader": lambda: colleague(campus, StaffRole.GRADER),
        "viewer": lambda: colleague(campus, StaffRole.VIEWER),
    }[who]()
    base = UUID(str(page.draft_revision_id))
    calls: list[Any] = [
        lambda: page_drafts.open_draft(campus.session, actor, page.id),
        lambda: page_drafts.save_draft(campus.session, actor, page.id, title="x", document=words("x"), base=base),
        lambda: page_drafts.publish(campus.session, actor, page.id, revision=base),
        lambda: page_drafts.restore(campus.session, actor, page.id, base, base=base),
        lambda: page_drafts.set_rule(campus.session, actor, page.id, rule=CompletionRule.NONE, required=False),
        lambda: page_drafts.as_students_see(campus.session, actor, page.id),
        lambda: page_drafts.as_markdown(campus.session, actor, page.id, words("x")),
        lambda: page_drafts.from_markdown(campus.session, actor, page.id, "x"),
        lambda: page_history.history(campus.session, actor, page.id),
        lambda: page_history.difference(campus.session, actor, page.id, base, "before"),
        lambda: page_history.unpublished_changes(campus.session, actor, page.id),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()


def test_a_page_that_was_taken_out_is_not_written(campus: Campus, page: Page) -> None:
    authoring.archive(campus.session, campus.instructor, "page", page.id)
    with pytest.raises(Invalid, match="taken out"):
        save(campus, page, "x", str(page.draft_revision_id))


def statements(campus: Campus, page: Page, text: str) -> int:
    said: list[str] = []
    connection = campus.session.connection()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        said.append(statement)

    base = opened(campus, page).page.revision
    campus.session.flush()
    event.listen(connection.engine, "before_cursor_execute", note)
    try:
        save(campus, page, text, base)
    finally:
        event.remove(connection.engine, "before_cursor_execute", note)
    return len(said)


def test_a_save_costs_the_same_in_a_course_of_many_pages(campus: Campus, page: Page) -> None:
    save(campus, page, "warm")
    few = statements(campus, page, "One")
    for number in range(60):
        authoring.add_page(campus.session, campus.instructor, page.lesson_id, f"Page {number}")
    assert statements(campus, page, "Two") == few > 0


@pytest.mark.usefixtures("committed_database", "redis_url")
def test_of_five_who_save_at_once_one_wins_and_the_others_are_told() -> None:
    with transaction() as session:
        campus = new_campus(session)
        page_id, base = campus.page("Sand").id, campus.page("Sand").draft_revision_id
        writers = [campus.instructor, *(colleague(campus) for _ in range(4))]
    assert base is not None
    won: list[str] = []
    told: list[Conflict] = []

    def write(number: int, actor: Actor) -> None:
        try:
            with transaction() as session:
                saved = page_drafts.save_draft(session, actor, page_id, title="Sand", document=words(f"Text {number}"), base=base, spell=str(number))
            won.append(saved.revision)
        except PageMoved as moved:
            told.append(moved)

    threads = [threading.Thread(target=write, args=(number, actor)) for number, actor in enumerate(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(won), len(told)) == (1, 4)
    with transaction() as session:
        assert [str(session.get_one(Page, page_id).draft_revision_id)] == won


def test_a_spell_has_an_end() -> None:
    assert timedelta(minutes=5) <= SPELL <= timedelta(minutes=15)
