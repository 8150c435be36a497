"""Writing a page in the browser: it saves by itself, loses nothing without a connection, and never overwrites anybody in silence."""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring, page_drafts
from lms_app.models import Membership, PageRevision
from lms_app.models import Page as CoursePage
from lms_app.words import StaffRole
from tests.e2e.conftest import sign_in
from tests.e2e.test_main_journey import new_instructor

_made = 0


@dataclass
class Desk:
    """A page of a fresh course in the editor of its author."""

    browser_page: Page
    page_id: UUID
    course_id: UUID
    author: Actor
    email: str

    @property
    def text(self) -> Locator:
        return self.browser_page.get_by_role("textbox", name="Text of the page")

    def says(self, status: str) -> Locator:
        return self.browser_page.locator(f"[data-status={status}]")

    def write(self, words: str) -> None:
        self.text.click()
        self.browser_page.keyboard.press("Control+End")
        self.browser_page.keyboard.type(words)

    def stored(self) -> str:
        """The newest state of the page, as the database has it."""
        with transaction() as session:
            page = session.get_one(CoursePage, self.page_id)
            return str(session.get_one(PageRevision, page.draft_revision_id).document)

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
    expect(made.text).to_be_visible(timeout=20_000)
    return made


def test_a_page_is_written_saved_by_itself_published_and_restored(desk: Desk) -> None:
    page = desk.browser_page
    desk.write("Rain falls.")
    expect(desk.says("saved")).to_contain_text("Saved", timeout=5_000)
    page.keyboard.press("Enter")
    page.keyboard.type("/care")
    expect(page.get_by_role("option", name="Careful")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("It is wet.")
    expect(page.locator('.ly-callout[data-tone="careful"]')).to_contain_text("It is wet.")
    page.get_by_label("Title of the page").fill("Rain and snow")
    expect(desk.says("saved")).to_contain_text("Saved", timeout=5_000)
    page.reload()
    expect(desk.text).to_contain_text("It is wet.")
    expect(page.get_by_label("Title of the page")).to_have_value("Rain and snow")

    page.get_by_role("button", name="Publish page").click()
    dialog = page.get_by_role("dialog", name="Publish")
    expect(dialog).to_contain_text("They see this page for the first time.")
    dialog.get_by_role("button", name="Publish page").click()
    expect(page.get_by_text("No changes to publish")).to_be_visible()

    desk.write(" Very wet.")
    expect(page.get_by_text("Changed since published")).to_be_visible()
    expect(desk.says("saved")).to_contain_text("Saved", timeout=5_000)
    page.get_by_role("button", name="Publish page").click()
    expect(page.get_by_role("dialog", name="Publish").locator('[data-kind="added"]')).to_contain_text("Very wet.")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="History").click()
    history = page.get_by_role("dialog", name="History")
    history.get_by_role("button", name="Students see this").click()
    history.get_by_role("button", name="Restore this state").click()
    expect(desk.text).not_to_contain_text("Very wet.")
    assert "Very wet." not in desk.stored()

    page.get_by_role("button", name="View as a student").click()
    expect(page.get_by_role("dialog", name="As a student sees it").get_by_role("note", name="Careful")).to_contain_text("It is wet.")


def test_nothing_is_lost_while_there_is_no_connection(desk: Desk) -> None:
    page = desk.browser_page
    desk.write("Before. ")
    expect(desk.says("saved")).to_contain_text("Saved", timeout=5_000)
    page.context.set_offline(True)
    page.keyboard.type("While it was gone.")
    expect(desk.says("offline")).to_contain_text("kept on this device", timeout=10_000)
    assert "While it was gone." not in desk.stored()
    page.context.set_offline(False)
    expect(desk.says("saved")).to_contain_text("Saved", timeout=20_000)
    assert "While it was gone." in desk.stored()


def test_what_was_not_sent_outlives_a_closed_tab(desk: Desk) -> None:
    page = desk.browser_page
    desk.write("Before. ")
    expect(desk.says("saved")).to_contain_text("Saved", timeout=5_000)
    page.route("**/draft", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    page.keyboard.type("Not sent yet.")
    expect(desk.says("offline")).to_be_visible(timeout=10_000)
    page.unroute("**/draft")
    page.goto("about:blank")
    page.goto(f"/teach/pages/{desk.page_id}")
    expect(desk.text).to_contain_text("Not sent yet.")
    expect(desk.says("saved")).to_contain_text("Saved", timeout=10_000)
    assert "Not sent yet." in desk.stored()


def test_the_last_words_arrive_when_the_page_is_left(desk: Desk) -> None:
    page = desk.browser_page
    desk.write("Before. ")
    expect(desk.says("saved")).to_contain_text("Saved", timeout=5_000)
    page.keyboard.type("The last words.")
    page.goto("/teach")
    give_up = monotonic() + 10
    while "The last words." not in desk.stored():
        assert monotonic() < give_up
        page.wait_for_timeout(100)


def test_what_one_author_keeps_on_a_device_is_not_anothers(desk: Desk) -> None:
    page = desk.browser_page
    page.route("**/draft", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    desk.write("Mine alone.")
    expect(desk.says("offline")).to_be_visible(timeout=10_000)
    email = f"omar.same.device{_made}@example.org"
    other = new_instructor(email)
    with transaction() as session:
        session.add(Membership(course_id=desk.course_id, person_id=other.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
    page.context.clear_cookies()
    sign_in(page, email)
    page.unroute("**/draft")
    page.goto(f"/teach/pages/{desk.page_id}")
    expect(desk.text).to_be_visible(timeout=20_000)
    expect(desk.text).not_to_contain_text("Mine alone.")
    assert "Mine alone." not in desk.stored()
    page.context.clear_cookies()
    sign_in(page, desk.email)
    page.goto(f"/teach/pages/{desk.page_id}")
    expect(desk.text).to_contain_text("Mine alone.", timeout=20_000)
    expect(desk.says("saved")).to_contain_text("Saved", timeout=10_000)
    assert "Mine alone." in desk.stored()


def test_two_authors_are_shown_both_texts_and_choose(desk: Desk) -> None:
    page = desk.browser_page
    other = new_instructor(f"omar.writes{_made}@example.org")
    with transaction() as session:
        membership = Membership(course_id=desk.course_id, person_id=other.person_id, role=StaffRole.EDITOR, created_at=clock.now())
        session.add(membership)
    desk.save_elsewhere(other, "Rain falls from clouds that other people wrote about.")
    desk.write("My own words about hail.")
    conflict = page.get_by_role("region", name="Two texts")
    expect(conflict).to_contain_text("Ines Okafor saved this page", timeout=10_000)
    assert "hail" not in desk.stored()
    theirs = conflict.locator('[data-kind="removed"]')
    expect(theirs).to_contain_text("other people wrote about")
    conflict.get_by_role("button", name="Use what I chose").click()
    expect(desk.says("saved")).to_contain_text("Saved", timeout=10_000)
    expect(desk.text).to_contain_text("other people wrote about")
    expect(desk.text).to_contain_text("hail")
    assert "other people wrote about" in desk.stored()
    assert "hail" in desk.stored()


def test_a_picture_is_sent_and_described(desk: Desk, tmp_path: Path) -> None:
    page = desk.browser_page
    Image.new("RGB", (320, 200), "teal").save(tmp_path / "cloud.png")
    desk.write("A cloud:")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Insert").click()
    page.get_by_role("menuitem", name="Picture").click()
    picker = page.get_by_role("dialog", name="Choose a picture")
    picker.locator("input[type=file]").set_input_files(tmp_path / "cloud.png")
    picture = page.locator(".ly-editor-picture")
    expect(picture).to_be_visible(timeout=10_000)
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 320
    page.get_by_label("Description for who cannot see it").fill("A teal cloud")
    expect(desk.says("saved")).to_contain_text("Saved", timeout=5_000)
    assert "A teal cloud" in desk.stored()


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
    expect(desk.says("saved")).to_contain_text("Saved", timeout=5_000)
    assert "mso" not in desk.stored()
    assert "coarse" in desk.stored()
