"""A course authored in the browser, from its title to what a student reads, without one page load and without losing a word to a lost connection."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from lms_app.adapters import passwords
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people.registration import create_person
from lms_app.models import Assessment, AssessmentSection, Course, QuestionRevision, SectionQuestion
from lms_app.words import QuestionType, Role
from tests.e2e.authors import EVERY_QUESTION, BlockDesk, QuestionDesk, drag, expect_order, row, stored_outline, stored_page
from tests.e2e.conftest import PASSWORD, Stack, sign_in
from tests.e2e.test_main_journey import new_instructor
from tests.e2e.test_playing import CAPTIONS, FILM

pytestmark = pytest.mark.timeout(300)

AUTHOR, STUDENT = "ines.authors@example.org", "lena.authors@example.org"
GONE = 20
"""Seconds without a connection."""
SOCKETS = """(() => {
  const Kept = window.WebSocket;
  window.lySockets = [];
  window.WebSocket = class extends Kept { constructor(...given) { super(...given); window.lySockets.push(this); } };
})()"""
"""Remembers the sockets of a page: being offline in the browser's own emulation leaves those open that are."""


def test_a_course_is_authored_without_a_reload_and_nothing_is_lost_without_a_connection(stack: Stack, visit: Callable, tmp_path: Path) -> None:
    author, files = new_instructor(AUTHOR), _files(tmp_path)
    page = visit(reduced_motion="reduce").page
    page.add_init_script(SOCKETS)
    sign_in(page, AUTHOR)
    page.evaluate("() => { window.lyLoadedOnce = true; }")

    course_id = _found_course(page)
    _send_files(page, files)
    desk = BlockDesk(page)
    row(page, "Rain").click()
    _write_every_block(desk, files)
    rain = UUID(page.url.rsplit("#page-", 1)[1])
    _write_every_question(page, files)
    _expect_every_block(rain)
    _expect_every_question(course_id)
    _put_in_order(page, author, course_id)
    student = _publish_and_enrol(page, visit, course_id)
    student.goto(f"/learn/weather-and-ground/{rain}")
    _see_every_block(student)
    _edit_publish_and_restore(desk, student)
    _write_without_a_connection(desk, rain, student)
    assert page.evaluate("() => window.lyLoadedOnce"), "The page was loaded anew."


def _files(folder: Path) -> dict[str, Path]:
    """A file of each kind."""
    contents = {
        "film.mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(64),
        "captions.vtt": CAPTIONS,
        "talk.wav": FILM[:80_044],
        "paper.pdf": b"%PDF-1.7\nWeather",
        "data.csv": b"day,rain\n1,4\n",
    }
    files = {name: folder / name for name in (*contents, "cloud.png", "map.png")}
    for name, content in contents.items():
        files[name].write_bytes(content)
    for name in ("cloud.png", "map.png"):
        Image.new("RGB", (400, 200), "teal").save(files[name])
    return files


def _found_course(page: Page) -> UUID:
    """A new course of two modules, by its form and its outline."""
    page.get_by_role("link", name="Teach", exact=True).click()
    page.get_by_role("button", name="New course").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Title").fill("Weather and ground")
    form.get_by_label("Summary").fill("What falls, and what it falls on.")
    form.get_by_role("button", name="Create course").click()
    expect(page.get_by_text("No modules yet")).to_be_visible()
    for module, lesson, more in (("Sky", "Clouds", ("Rain", "Snow")), ("Ground", "Stones", ("Slate",))):
        _add(page, "Add module", module, "module")
        _add(page, "Add lesson", lesson, "lesson")
        for title in more:
            page.get_by_role("treeitem", name=f"Lesson {lesson} ").click(button="right")
            _add(page, "Add page", title, "page", "menuitem")
    expect_order(page, "Sky", "Clouds", "Clouds", "Rain", "Snow", "Ground", "Stones", "Stones", "Slate")
    return UUID(page.url.split("#")[0].rstrip("/").rsplit("/", 1)[1])


def _add(page: Page, button: str, title: str, kind: str, role: str = "button") -> None:
    page.get_by_role(role, name=button, exact=True).click()  # type: ignore[arg-type]
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill(title)
    dialog.get_by_role("button", name=f"Add {kind}").click()
    expect(page.get_by_role("treeitem", name=f"{kind.capitalize()} {title} ")).to_be_visible()


def _send_files(page: Page, files: dict[str, Path]) -> None:
    """All at once to the library of the course, but for what is sent where it is needed."""
    page.get_by_role("link", name="Files", exact=True).click()
    page.get_by_label("Files to send").set_input_files([files[name] for name in ("cloud.png", "film.mp4", "talk.wav", "paper.pdf", "data.csv")])
    expect(page.locator(".ly-library > li")).to_have_count(5)
    page.get_by_role("link", name="Build", exact=True).click()


def _write_every_block(desk: BlockDesk, files: dict[str, Path]) -> None:
    """Each kind of block, by the keyboard's menu, the toolbar's, Markdown, and the dialogs."""
    page, keys = desk.page, desk.page.keyboard
    desk.text.click()
    keys.type("What falls from clouds is ")
    keys.press("Control+B")
    keys.type("water")
    keys.press("Control+B")
    keys.type(", and its speed is ")
    desk.slash("Formula in the line")
    keys.type("v = gt")
    keys.press("Enter")
    keys.press("Enter")
    keys.type("## Kinds of it")
    keys.press("Enter")
    keys.type("- Rain")
    keys.press("Enter")
    keys.type("Snow")
    keys.press("Enter")
    keys.press("Enter")
    desk.slash("Numbered list")
    keys.type("Look up")
    keys.press("Enter")
    keys.press("Enter")
    desk.slash("Quote")
    keys.type("It never rains but it pours.")
    keys.press("Enter")
    keys.press("Enter")
    desk.slash("Table")
    for cell in ("Month", "Rain", "Snow", "May", "4", "0"):
        keys.type(cell)
        keys.press("Tab")
    desk.below()
    desk.slash("Line")
    desk.slash("Code")
    keys.type("print('rain')")
    page.get_by_label("Language", exact=True).fill("python")
    desk.below()
    desk.slash("Formula")
    desk.card("mathsBlock").get_by_label("TeX").fill(r"\rho = \frac{m}{V}")
    desk.below()
    desk.insert("Picture")
    desk.pick("cloud.png")
    desk.card("imageBlock").get_by_label("Description for who cannot see it").fill("A teal cloud")
    desk.below()
    desk.slash("Video")
    film = desk.card("videoBlock")
    film.get_by_role("button", name="Choose video").click()
    desk.pick("film.mp4")
    film.get_by_label("Title").fill("A shower")
    film.get_by_role("button", name="Add captions").click()
    page.get_by_role("dialog").locator("input[type=file]").set_input_files(files["captions.vtt"])
    film.get_by_label("Name").fill("English")
    desk.below()
    # Without a click in between: the cursor is below what was just placed.
    for name, file, card in (("Recording", "talk.wav", "audioBlock"), ("PDF", "paper.pdf", "pdfBlock"), ("File", "data.csv", "fileBlock")):
        desk.slash(name)
        desk.pick(file)
        expect(desk.card(card).get_by_label("Title")).not_to_have_value("")
    desk.slash("Page from elsewhere")
    desk.card("embedBlock").get_by_label("Address").fill("https://player.vimeo.com/video/12345")
    desk.card("embedBlock").get_by_label("Title").fill("A storm")
    desk.below()
    desk.slash("Careful")
    keys.type("It is wet.")
    desk.below()
    desk.insert("Collapsible")
    page.get_by_label("Title that opens it").fill("Why is it wet?")
    page.locator(".ly-editor-box .ly-editor-inside").last.locator("p").click()
    keys.type("It is water.")
    desk.below()
    desk.slash("Quiz")
    expect(desk.card("quizBlock")).to_contain_text("0 questions")
    keys.type("The end.")
    desk.saved()
    page.get_by_role("button", name="View as a student").click()
    seen = page.get_by_role("dialog", name="As a student sees it")
    expect(seen.get_by_role("note", name="Careful")).to_contain_text("It is wet.")
    seen.get_by_role("button", name="Go on writing").click()


def _expect_every_block(page_id: UUID) -> None:
    blocks = stored_page(page_id)["blocks"]
    kinds = {block["type"] for block in blocks}
    wanted = {"rich_text", "code", "maths", "image", "video", "audio", "pdf", "file", "embed", "callout", "collapsible", "quiz"}
    assert wanted <= kinds
    film = next(block for block in blocks if block["type"] == "video")
    assert [captions["label"] for captions in film["captions"]] == ["English"]


def _write_every_question(page: Page, files: dict[str, Path]) -> None:
    """Into the quiz of the page."""
    page.get_by_role("treeitem", name="Quiz Rain ").click()
    page.get_by_role("link", name="Edit quiz").click()
    desk = QuestionDesk(page, files)
    for written in EVERY_QUESTION:
        desk.write(written)
    expect(page.get_by_role("button", name="Edit question 14")).to_be_visible()
    page.get_by_role("button", name="Move up question 14").click()
    expect(page.get_by_text("13. Take your time.")).to_be_visible()
    page.get_by_role("link", name="Weather and ground").click()


def _expect_every_question(course_id: UUID) -> None:
    with transaction() as session:
        quiz = session.exec(select(Assessment).where(Assessment.course_id == course_id)).one()
        types = session.exec(
            select(QuestionRevision.type)
            .join(SectionQuestion, col(SectionQuestion.question_revision_id) == col(QuestionRevision.id))
            .join(AssessmentSection, col(AssessmentSection.id) == col(SectionQuestion.section_id))
            .where(AssessmentSection.assessment_revision_id == quiz.draft_revision_id)
        ).all()
    assert sorted(types) == sorted(QuestionType)


def _put_in_order(page: Page, author: Actor, course_id: UUID) -> None:
    """By the pointer and by keys, over the ends of lessons and modules."""
    expect_order(page, "Sky", "Clouds", "Clouds", "Rain", "Rain", "Snow", "Ground", "Stones", "Stones", "Slate")
    drag(page, "Slate", "Snow", y=4)
    expect_order(page, "Sky", "Clouds", "Clouds", "Rain", "Rain", "Slate", "Snow", "Ground", "Stones", "Stones")
    row(page, "Snow").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect_order(page, "Sky", "Clouds", "Clouds", "Rain", "Rain", "Slate", "Ground", "Stones", "Snow", "Stones")
    row(page, "Slate").focus()
    page.keyboard.press("Control+Shift+KeyD")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("status").filter(has_text="in lesson “Stones”, module “Ground”")).to_have_count(1)
    page.keyboard.press("Enter")
    expect_order(page, "Sky", "Clouds", "Clouds", "Rain", "Rain", "Ground", "Stones", "Slate", "Snow", "Stones")
    expect(page.get_by_text("“Slate” is now in “Stones”.")).to_be_visible()
    assert stored_outline(author, course_id) == {"Sky": {"Clouds": ["Clouds", "Rain"]}, "Ground": {"Stones": ["Slate", "Snow", "Stones"]}}


def _publish_and_enrol(page: Page, visit: Callable, course_id: UUID) -> Page:
    """Publishes the course; gives the page of a student who takes it."""
    row(page, "Rain").first.click()
    page.get_by_role("button", name="Publish page").click()
    dialog = page.get_by_role("dialog", name="Publish")
    expect(dialog).to_contain_text("They see this page for the first time.")
    expect(dialog).to_contain_text("With it: “Rain”.")
    dialog.get_by_role("button", name="Publish page").click()
    expect(page.get_by_text("No changes to publish")).to_be_visible()
    page.get_by_role("link", name="Course", exact=True).click()
    page.get_by_role("button", name="Publish course").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published: 5 pages.")).to_be_visible()
    with transaction() as session:
        person = create_person(session, name="Lena Brandt", email=STUDENT, password_hash=passwords.hash_password(PASSWORD))
        enrollments.enroll(session, Actor(person_id=person.id, roles=frozenset({Role.STUDENT})), session.get_one(Course, course_id).slug)
    student = visit(reduced_motion="reduce").page
    sign_in(student, STUDENT)
    return student


def _see_every_block(student: Page) -> None:
    article = student.get_by_role("article")
    article.get_by_text("Transcript, line by line").click()
    for seen in (
        article.get_by_role("heading", name="Kinds of it"),
        article.get_by_role("listitem").filter(has_text="Snow"),
        article.get_by_role("cell", name="May"),
        article.locator("blockquote"),
        article.locator("pre").filter(has_text="print('rain')"),
        article.locator("math").first,
        article.get_by_role("img", name="A teal cloud"),
        article.locator("video"),
        article.locator("audio"),
        article.get_by_text("Then silence."),
        article.get_by_role("note", name="Careful"),
        article.locator("details").filter(has_text="Why is it wet?"),
        article.get_by_text("data.csv"),
        article.get_by_role("link", name="Start quiz"),
    ):
        expect(seen).to_be_visible()


def _edit_publish_and_restore(desk: BlockDesk, student: Page) -> None:
    page = desk.page
    row(page, "Rain").first.click()
    desk.below()
    page.keyboard.type(" Or is it?")
    desk.saved()
    page.get_by_role("button", name="Publish page").click()
    dialog = page.get_by_role("dialog", name="Publish")
    expect(dialog.locator("ins")).to_contain_text("Or is it?")
    dialog.get_by_role("button", name="Publish page").click()
    expect(page.get_by_text("No changes to publish")).to_be_visible()
    student.reload()
    expect(student.get_by_role("article")).to_contain_text("Or is it?")

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="History").click()
    history = page.get_by_role("dialog", name="History")
    history.get_by_role("list", name="States of this page").get_by_role("button").nth(1).click()
    history.get_by_role("button", name="Restore this state").click()
    expect(desk.text).not_to_contain_text("Or is it?")
    expect(desk.text).to_contain_text("The end.")


def _write_without_a_connection(desk: BlockDesk, page_id: UUID, student: Page) -> None:
    """Goes on typing while the connection goes and while it comes back."""
    page, keys = desk.page, desk.page.keyboard
    desk.below()
    keys.type("Before it went. ")
    page.context.set_offline(True)
    assert (
        page.evaluate("() => window.lySockets.filter((socket) => socket.readyState === WebSocket.OPEN).map((socket) => socket.close()).length") == 1
    )
    gone = monotonic()
    written = 0
    while monotonic() < gone + GONE:
        written += 1
        keys.type(f"Word {written} of many. ", delay=40)
    expect(desk.says("offline")).to_contain_text("Kept on this device")
    assert "Word 1 of many" not in str(stored_page(page_id))
    page.context.set_offline(False)
    back = monotonic()
    while monotonic() < back + 4:
        written += 1
        keys.type(f"Word {written} of many. ", delay=40)
    whole = "Before it went. " + " ".join(f"Word {number} of many." for number in range(1, written + 1))
    expect(desk.text).to_contain_text(whole)
    desk.saved()
    assert whole in str(stored_page(page_id))
    page.get_by_role("button", name="Publish page").click()
    page.get_by_role("dialog", name="Publish").get_by_role("button", name="Publish page").click()
    expect(page.get_by_text("No changes to publish")).to_be_visible()
    student.reload()
    expect(student.get_by_role("article")).to_contain_text(whole)
