"""Writing a page in the browser: what is not sent yet is kept, nobody is overwritten in silence, a paste comes out clean. See `test_authoring.py`."""

from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring, page_drafts
from lms_app.models import Membership
from lms_app.models import Page as CoursePage
from lms_app.words import StaffRole
from tests.e2e.authors import BlockDesk, stored_page
from tests.e2e.conftest import sign_in
from tests.e2e.test_main_journey import new_instructor

_made = 0


class Desk(BlockDesk):
    """A page of a fresh course in the editor of its author."""

    def __init__(self, page: Page, page_id: UUID, course_id: UUID, author: Actor, email: str) -> None:
        super().__init__(page)
        self.page_id, self.course_id, self.author, self.email = page_id, course_id, author, email

    def stored(self) -> str:
        """The newest state of the page, as the database has it."""
        return str(stored_page(self.page_id))

    def save_elsewhere(self, actor: Actor, words: str) -> None:
        document = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]}
        with transaction() as session:
            base = session.get_one(CoursePage, self.page_id).draft_revision_id
            assert base is not None
            page_drafts.save_draft(session, actor, self.page_id, title="Rain", document=document, base=base, spell="elsewhere")


@pytest.fixture
def desk(stack: Any, visit: Any) -> Desk:
    global _made
    _made += 1
    email = f"ines.writes{_made}@example.org"
    author = new_instructor(email)
    with transaction() as session:
        course = authoring.create_course(session, author, title=f"Weather {_made}")
        module = authoring.add_module(session, author, course.id, "Sky")
        lesson = authoring.add_lesson(session, author, module.id, "Clouds")
        page_id, course_id = authoring.add_page(session, author, lesson.id, "Rain").id, course.id
    page = visit().page
    sign_in(page, email)
    page.goto(f"/teach/pages/{page_id}")
    made = Desk(page, page_id, course_id, author, email)
    expect(made.text).to_be_visible()
    return made


def test_what_was_not_sent_outlives_a_closed_tab(desk: Desk) -> None:
    page = desk.page
    desk.write("Before. ")
    desk.saved()
    page.route("**/draft", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    page.keyboard.type("Not sent yet.")
    expect(desk.says("offline")).to_be_visible()
    page.unroute("**/draft")
    page.goto("about:blank")
    page.goto(f"/teach/pages/{desk.page_id}")
    expect(desk.text).to_contain_text("Not sent yet.")
    desk.saved()
    assert "Not sent yet." in desk.stored()


def test_the_last_words_arrive_when_the_page_is_left(desk: Desk) -> None:
    page = desk.page
    desk.write("Before. ")
    desk.saved()
    page.keyboard.type("The last words.")
    page.goto("/teach")
    give_up = monotonic() + 10
    while "The last words." not in desk.stored():
        assert monotonic() < give_up
        page.wait_for_timeout(100)


def test_what_one_author_keeps_on_a_device_is_not_anothers(desk: Desk) -> None:
    page = desk.page
    page.route("**/draft", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    desk.write("Mine alone.")
    expect(desk.says("offline")).to_be_visible()
    email = f"omar.same.device{_made}@example.org"
    other = new_instructor(email)
    with transaction() as session:
        session.add(Membership(course_id=desk.course_id, person_id=other.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
    page.context.clear_cookies()
    sign_in(page, email)
    page.unroute("**/draft")
    page.goto(f"/teach/pages/{desk.page_id}")
    expect(desk.text).to_be_visible()
    expect(desk.text).not_to_contain_text("Mine alone.")
    assert "Mine alone." not in desk.stored()
    page.context.clear_cookies()
    sign_in(page, desk.email)
    page.goto(f"/teach/pages/{desk.page_id}")
    expect(desk.text).to_contain_text("Mine alone.")
    desk.saved()
    assert "Mine alone." in desk.stored()


def test_two_authors_are_shown_both_texts_and_choose(desk: Desk) -> None:
    page = desk.page
    other = new_instructor(f"omar.writes{_made}@example.org")
    with transaction() as session:
        membership = Membership(course_id=desk.course_id, person_id=other.person_id, role=StaffRole.EDITOR, created_at=clock.now())
        session.add(membership)
    desk.save_elsewhere(other, "Rain falls from clouds that other people wrote about.")
    desk.write("My own words about hail.")
    conflict = page.get_by_role("region", name="Two texts")
    expect(conflict).to_contain_text("Ines Okafor saved this page")
    assert "hail" not in desk.stored()
    theirs = conflict.locator('[data-kind="removed"]')
    expect(theirs).to_contain_text("other people wrote about")
    conflict.get_by_role("button", name="Use what I chose").click()
    desk.saved()
    expect(desk.text).to_contain_text("other people wrote about")
    expect(desk.text).to_contain_text("hail")
    assert "other people wrote about" in desk.stored()
    assert "hail" in desk.stored()


def test_what_word_copies_is_pasted_clean(desk: Desk) -> None:
    html = (Path(__file__).parents[1] / "domain/content/clipboard/word.html").read_text()
    desk.text.click()
    desk.text.evaluate(
        """(element, html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "Soils");
            element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        html,
    )
    expect(desk.text.get_by_role("heading", name="What a soil is")).to_be_visible()
    expect(desk.text.get_by_role("listitem").filter(has_text="Dig.")).to_be_visible()
    desk.saved()
    assert "mso" not in desk.stored()
    assert "coarse" in desk.stored()
