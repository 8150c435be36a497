"""A bank in the browser: a question of every type written and tried out, then found, changed together, imported and written to a file."""

import re
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from lms_app.database import transaction
from lms_app.domain.courses import authoring
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.furnished import _new_actor  # pyright: ignore[reportPrivateUsage]
from tests.e2e.test_main_journey import new_instructor
from tests.support.exam_hall import exam_course

GIFT = b"Slate splits.{T}\n\nWhat is under sand? {=rock ~air}\n\nThis one {has no right answer\n"


class Desk:
    """The question editor, open in the bank."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def write(self, kind: str, asked: str) -> None:
        self.page.get_by_role("button", name="Add question").click()
        self.page.get_by_role("button", name=kind, exact=True).click()
        self.page.get_by_role("textbox", name="Question", exact=True).click()
        self.page.keyboard.type(asked)

    def text(self, label: str, words: str) -> None:
        self.page.get_by_role("textbox", name=label, exact=True).first.fill(words)

    def tried(self, answer: Callable[[Page], object], says: str) -> None:
        self.page.get_by_role("button", name="Try it").click()
        dialog = self.page.get_by_role("dialog")
        answer(self.page)
        dialog.get_by_role("button", name="Check answer").click()
        expect(dialog).to_contain_text(says)
        dialog.get_by_role("button", name="Close").click()

    def publish(self) -> None:
        self.page.get_by_role("button", name="Publish question").click()
        expect(self.page.get_by_text("No quiz asks it yet.")).to_be_visible()
        self.page.get_by_role("button", name="Close the question").click()


def test_a_question_of_every_type_is_written_tried_and_kept_in_the_bank(stack: Stack, visit: Callable, tmp_path: Path) -> None:
    email = "ines.writes@example.org"
    author = new_instructor(email)
    with transaction() as session:
        course_id = authoring.create_course(session, author, title="Stones").id
    Image.new("RGB", (400, 200), "teal").save(tmp_path / "map.png")
    page = visit(viewport={"width": 1440, "height": 900}, reduced_motion="reduce").page
    sign_in(page, email)
    page.goto(f"/teach/courses/{course_id}/bank")
    desk, last = Desk(page), page.get_by_role("dialog").locator

    desk.write("Single choice", "Which is oldest?")
    desk.text("Choice 1", "Slate")
    desk.text("Choice 2", "Chalk")
    page.get_by_role("button", name="Publish question").click()
    expect(page.get_by_role("alert")).to_contain_text("Mark the choice that is right.")
    page.get_by_role("checkbox", name="Choice 1 is right").check()
    grip = page.get_by_role("button", name="Move choice 2, Chalk", exact=True)
    grip.focus()
    for key in ("Space", "ArrowUp", "Space"):
        page.keyboard.press(key)
        page.wait_for_timeout(120)
    expect(page.get_by_role("textbox", name="Choice 1", exact=True)).to_have_text("Chalk")
    desk.tried(lambda page: last(".ly-choice", has_text="Slate").click(), "It earns 100")
    desk.publish()

    desk.write("Multiple choice", "Which are stones?")
    for number, words in enumerate(("Slate", "Chalk", "Wool"), start=1):
        desk.text(f"Choice {number}", words)
    page.get_by_role("checkbox", name="Choice 1 is right").check()
    page.get_by_role("checkbox", name="Choice 2 is right").check()
    page.get_by_label("Scoring").select_option("partial")
    desk.tried(lambda page: last(".ly-choice", has_text="Slate").click(), "It earns 50")
    page.get_by_role("button", name="Remove choice 3, Wool").click()
    expect(page.get_by_role("button", name="Remove choice 3", exact=True)).to_be_focused()
    desk.publish()

    desk.write("True or false", "Slate splits.")
    page.get_by_role("radio", name="True", exact=True).check()
    desk.tried(lambda page: last(".ly-choice", has_text="False").click(), "Not quite.")
    desk.publish()

    desk.write("Short text", "Who?")
    desk.text("Answer", "Hyp*")
    page.get_by_label("Compared").select_option("wildcard")
    desk.tried(lambda page: page.get_by_role("dialog").get_by_label("Your answer").fill("hypatia"), "It earns 100")
    desk.publish()

    desk.write("Number", "How many?")
    page.get_by_label("Number", exact=True).fill("10")
    page.get_by_label("Distance").fill("0.5")
    desk.tried(lambda page: page.get_by_role("dialog").get_by_label("Your answer, a number").fill("10.5"), "It earns 100")
    desk.publish()

    desk.write("Calculated number", "How much is {a} and {b}?")
    for name, low in (("a", "2"), ("b", "3")):
        line = page.locator("li", has=page.get_by_role("button", name=f"Put {{{name}}} into the text"))
        line.get_by_label("From").fill(low)
        line.get_by_label("To", exact=True).fill(low)
    page.get_by_label("Formula", exact=True).fill("a + b")
    page.get_by_role("button", name="Show what would be drawn").click()
    expect(page.get_by_role("table", name="What some attempts would draw").get_by_role("row")).to_have_count(7)
    desk.tried(lambda page: page.get_by_role("dialog").get_by_label("Your answer, a number").fill("5"), "It earns 100")
    desk.publish()

    desk.write("Matching", "Which capital?")
    for number, (left, right) in enumerate((("Portugal", "Lisbon"), ("Spain", "Madrid")), start=1):
        desk.text(f"Left side {number}", left)
        desk.text(f"Right side {number}", right)
    desk.tried(lambda page: last(".ly-pair", has_text="Spain").get_by_role("combobox").select_option("Madrid"), "It earns 50")
    desk.publish()

    desk.write("Ordering", "In order.")
    desk.text("Item 1", "Egg")
    desk.text("Item 2", "Pupa")
    desk.tried(lambda page: page.get_by_role("dialog").get_by_role("button", name="Move Egg up", exact=True).click(), "It earns 100")
    desk.publish()

    desk.write("Gaps in a text", "Water boils at ")
    page.keyboard.type("100")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    page.get_by_role("button", name="Put a gap here").click()
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_contain_text("[[1]]")
    expect(page.get_by_label("Answer", exact=True)).to_have_value("100")
    desk.tried(lambda page: page.get_by_role("dialog").get_by_label("Gap 1 of 1").fill("100"), "It earns 100")
    desk.publish()

    desk.write("Menus in a text", "The needle points ")
    page.get_by_role("button", name="Put a menu here").click()
    desk.text("Choice 1", "north")
    desk.text("Choice 2", "south")
    page.get_by_label("Right choice").select_option("north")
    desk.tried(lambda page: page.get_by_role("dialog").get_by_label("Gap 1 of 1").select_option("south"), "Not quite.")
    desk.publish()

    desk.write("Places on a picture", "Where?")
    page.get_by_role("button", name="Choose picture").click()
    page.get_by_role("dialog").locator("input[type=file]").set_input_files(tmp_path / "map.png")
    canvas = page.get_by_role("group", name="Regions on the picture")
    expect(canvas).to_be_visible()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.85, box["y"] + box["height"] * 0.5, steps=5)
    page.mouse.up()
    region = page.get_by_role("button", name="Region 1, circle")
    before = region.get_attribute("aria-label")
    region.focus()
    page.keyboard.press("ArrowLeft")
    expect(region).not_to_have_attribute("aria-label", before or "")
    page.get_by_label("What the picture shows").fill("A plain")

    def mark(page: Page) -> None:
        picture = page.get_by_role("dialog").locator(".ly-hotspot-picture img")
        expect(picture).to_have_js_property("complete", True)
        there = picture.bounding_box()
        assert there
        page.mouse.click(there["x"] + there["width"] * 0.75, there["y"] + there["height"] * 0.5)

    desk.tried(mark, "It earns 100")
    desk.publish()

    desk.write("Essay", "What did you see?")
    page.get_by_label("Words at least").fill("2")
    desk.tried(lambda page: page.get_by_role("dialog").get_by_label("Your answer").fill("A heron"), "waits for its marks")
    desk.publish()

    desk.write("File upload", "Hand in a drawing.")
    page.get_by_label("Endings of their names").fill("pdf")
    page.get_by_label("Tags").fill("Drawing")
    page.get_by_label("Difficulty").select_option("hard")
    desk.publish()
    desk.write("Description", "Take your time.")
    desk.publish()

    rows = page.get_by_role("list", name="Questions").get_by_role("listitem")
    expect(rows).to_have_count(14)
    expect(rows.nth(1)).to_contain_text("File upload · Hard")
    page.get_by_role("searchbox", name="Search questions").fill("herons Madrid")
    expect(page.get_by_text("No question matches")).to_be_visible()
    page.get_by_role("searchbox", name="Search questions").fill("madr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Which capital?")
    page.get_by_role("searchbox", name="Search questions").fill("")
    expect(rows).to_have_count(14)

    page.get_by_role("button", name="Add category").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Old")
    page.get_by_role("button", name="Save name").click()
    page.get_by_role("button", name="Choose all 14").click()
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_role("dialog").get_by_label("Category").select_option(label="Old")
    page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(page.get_by_text("14 questions moved.")).to_be_visible()
    expect(page.get_by_role("group", name="Chosen questions")).to_be_focused()
    old = page.get_by_role("button", name=re.compile("^Old ?14"))
    expect(old).to_be_visible()

    (tmp_path / "stones.gift").write_bytes(GIFT)
    old.click()
    page.get_by_role("button", name="Import questions").click()
    page.get_by_label("File of questions").set_input_files(tmp_path / "stones.gift")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 questions can be taken. Nothing is stored yet.")
    expect(dialog).to_contain_text("line 5")
    dialog.get_by_role("button", name="Import 2 questions").click()
    expect(dialog).to_contain_text("2 questions imported")
    dialog.get_by_role("button", name="Close").click()
    expect(rows).to_have_count(16)

    page.get_by_role("button", name="Choose all 16").click()
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as written:
        page.get_by_role("dialog").get_by_role("button", name="Export").click()
    assert "Slate splits." in Path(written.value.path()).read_text()
    expect(page.get_by_role("dialog")).to_contain_text("left out, or not whole")


def test_a_long_bank_is_drawn_as_it_comes_into_sight_on_a_phone(stack: Stack, visit: Callable) -> None:
    email = "ines.bank@example.org"
    with transaction() as session:
        course_id = exam_course(session, _new_actor(session, "Ines Bank", email, teaches=True), "kept-in-a-bank", 150).id
    page = visit(viewport={"width": 360, "height": 800}, reduced_motion="reduce").page
    sign_in(page, email)
    page.goto(f"/teach/courses/{course_id}/bank")
    rows = page.get_by_role("list", name="Questions").get_by_role("listitem")
    expect(page.get_by_text("150 questions", exact=True)).to_be_visible()
    assert rows.count() < 60
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("[aria-posinset='150'] .ly-banking-title")).to_be_visible()
    page.locator("[aria-posinset='150'] input").check()
    expect(page.get_by_text("1 question chosen")).to_be_visible()
    page.locator("[aria-posinset='150'] .ly-banking-title").click()
    page.get_by_role("button", name="Close the question").click()
    expect(page.locator("[aria-posinset='150'] .ly-banking-title")).to_be_focused()
    expect(page.locator("[aria-posinset='150']")).to_be_in_viewport()

    page.route(re.compile("/bank/questions"), lambda route: route.abort())
    page.get_by_role("searchbox", name="Search questions").fill("no such words")
    expect(page.get_by_role("alert")).to_contain_text("There is no connection.")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No question matches")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
