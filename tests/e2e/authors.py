"""What an instructor's hands do on the authoring pages: the outline, the block editor, the question editor."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from playwright.sync_api import Locator, Page, TimeoutError, expect

from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import authored_outline
from lms_app.models import Page as CoursePage
from lms_app.models import PageRevision

TITLES = """() => {
  const top = (row) => row.getBoundingClientRect().top;
  const rows = [...document.querySelectorAll("[role=treeitem]")].sort((one, other) => top(one) - top(other));
  return rows.map((row) => row.querySelector('.ly-tree-title')?.lastChild.textContent);
}"""


def row(page: Page, title: str) -> Locator:
    """The row of a node in the outline."""
    return page.get_by_role("treeitem", name=re.compile(rf"^(Module|Lesson|Page|Quiz) {re.escape(title)} "))


def drag(page: Page, title: str, onto: str, *, y: int, let_go: str = "") -> None:
    """Carries a node by the pointer to `y` pixels below the top of another's row, as whoever looks where it would go. `let_go` names a link at
    which it is let go instead."""
    row(page, title).hover()
    page.mouse.down()
    # A browser knows some moves later that something is dragged over a place.
    for x in range(118, 138):
        row(page, onto).hover(position={"x": x, "y": y})
        if page.locator(".ly-tree-line, .ly-tree-row[data-into]").count():
            break
    else:
        raise AssertionError(f"“{title}” is not carried.")
    if let_go:
        for x in (8, 10):
            page.get_by_role("link", name=let_go, exact=True).hover(position={"x": x, "y": 8})
    page.mouse.up()


def expect_order(page: Page, *titles: str) -> None:
    """The outline shows these nodes, in this order."""
    with suppress(TimeoutError):
        page.wait_for_function(f"(titles) => JSON.stringify(({TITLES})()) === JSON.stringify(titles)", arg=titles)
    seen = page.evaluate(TITLES)
    assert seen == list(titles), f"It is {seen}"


def stored_outline(author: Actor, course_id: UUID) -> dict[str, dict[str, list[str]]]:
    """The pages of each lesson of each module, as the database has them."""
    with transaction() as session:
        outline = authored_outline.authored_outline(session, author, course_id)
        return {module.title: {lesson.title: [page.title for page in lesson.pages] for lesson in module.lessons} for module in outline.modules}


def stored_page(page_id: UUID) -> dict[str, Any]:
    """The newest state of a page, as the database has it."""
    with transaction() as session:
        page = session.get_one(CoursePage, page_id)
        return session.get_one(PageRevision, page.draft_revision_id).document


class BlockDesk:
    """The block editor of a page, wherever it stands."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def text(self) -> Locator:
        return self.page.get_by_role("textbox", name="Text of the page")

    def says(self, status: str) -> Locator:
        return self.page.locator(f"[data-status={status}]")

    def saved(self) -> None:
        expect(self.says("saved")).to_contain_text("Saved")

    def write(self, words: str) -> None:
        """Goes on at the end of the text."""
        self.text.click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)

    def below(self) -> None:
        """Puts the cursor into the empty paragraph at the end of the page. A block that is still chosen would be written over."""
        for _ in range(20):
            self.text.locator(":scope > p").last.click()
            # A dialog that closes gives the focus back to the block that it was opened for.
            self.page.wait_for_timeout(100)
            if self.page.locator(".ly-editor-card[data-selected]").count() == 0:
                return
        raise AssertionError("A block stays chosen.")

    def slash(self, name: str) -> None:
        """Puts a block there by its name in the menu behind "/"."""
        self.page.keyboard.type(f"/{name.split()[0].lower()}")
        option = self.page.get_by_role("option", name=name, exact=True)
        expect(option).to_be_visible()
        for _ in range(8):
            if option.get_attribute("aria-selected") == "true":
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")

    def insert(self, name: str) -> None:
        """Puts a block there by the menu of the toolbar."""
        self.page.get_by_role("button", name="Insert", exact=True).click()
        self.page.get_by_role("menuitem", name=name, exact=True).click()

    def card(self, kind: str) -> Locator:
        return self.page.locator(f".ly-editor-card[data-kind={kind}]")

    def pick(self, name: str) -> None:
        """Chooses a file of the course in the dialog that is open."""
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=name).click()
        expect(dialog).to_be_hidden()


class QuestionDesk:
    """The question editor, in a quiz or in the bank."""

    def __init__(self, page: Page, files: Mapping[str, Any]) -> None:
        self.page = page
        self.files = files

    def begin(self, kind: str, asked: str) -> None:
        self.page.get_by_role("button", name="Add question").click()
        self.page.get_by_role("button", name=kind, exact=True).click()
        self.page.get_by_role("textbox", name="Question", exact=True).click()
        self.page.keyboard.type(asked)

    def text(self, **words: str) -> None:
        """Fills texts with a toolbar, named with _ for blanks: `Choice_1="Slate"`."""
        for label, value in words.items():
            self.page.get_by_role("textbox", name=label.replace("_", " "), exact=True).first.fill(value)

    def field(self, label: str, value: str, *, exact: bool = True) -> None:
        self.page.get_by_label(label, exact=exact).fill(value)

    def option(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(value)

    def right(self, *choices: int) -> None:
        for choice in choices:
            self.page.get_by_role("checkbox", name=f"Choice {choice} is right").check()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def tried(self, answer: Callable[[Locator], object], says: str) -> None:
        """Answers it as a student would."""
        self.page.get_by_role("button", name="Try it").click()
        dialog = self.page.get_by_role("dialog")
        answer(dialog)
        dialog.get_by_role("button", name="Check answer").click()
        expect(dialog).to_contain_text(says)
        dialog.get_by_role("button", name="Close").click()

    def write(self, written: "Written") -> None:
        """Writes a question, tries it out, publishes it and closes it."""
        self.begin(written.kind, written.asked)
        written.fill(self)
        if written.answer:
            self.tried(written.answer, written.says)
        self.publish()
        self.close()

    def publish(self) -> None:
        self.press("Publish question")
        expect(self.page.locator(".ly-callout-title").get_by_text("Published", exact=True)).to_be_visible()

    def close(self) -> None:
        self.press("Close the question")


@dataclass(frozen=True)
class Written:
    """A question as an author writes it, an answer to it, and what that earns."""

    kind: str
    asked: str
    fill: Callable[[QuestionDesk], object] = lambda desk: None
    answer: Callable[[Locator], object] | None = None
    says: str = ""


def _single(desk: QuestionDesk) -> None:
    desk.text(Choice_1="Slate", Choice_2="Chalk")
    desk.press("Publish question")
    expect(desk.page.get_by_role("alert")).to_contain_text("Mark the choice that is right.")
    desk.right(1)
    grip = desk.page.get_by_role("button", name="Move choice 2, Chalk", exact=True)
    grip.focus()
    for key in ("Space", "ArrowUp", "Space"):
        desk.page.keyboard.press(key)
        desk.page.wait_for_timeout(120)
    expect(desk.page.get_by_role("textbox", name="Choice 1", exact=True)).to_have_text("Chalk")


def _multiple(desk: QuestionDesk) -> None:
    desk.text(Choice_1="Slate", Choice_2="Chalk", Choice_3="Wool")
    desk.press("Remove choice 3, Wool")
    expect(desk.page.get_by_role("button", name="Remove choice 3", exact=True)).to_be_focused()
    desk.right(1, 2)
    desk.option("Scoring", "partial")


def _short(desk: QuestionDesk) -> None:
    desk.text(Answer="Hyp*")
    desk.option("Compared", "wildcard")


def _true(desk: QuestionDesk) -> None:
    desk.page.get_by_role("radio", name="True", exact=True).check()


def _number(desk: QuestionDesk) -> None:
    desk.field("Number", "10")
    desk.field("Distance", "0.5")


def _calculated(desk: QuestionDesk) -> None:
    for name, low in (("a", "2"), ("b", "3")):
        line = desk.page.locator("li", has=desk.page.get_by_role("button", name=f"Put {{{name}}} into the text"))
        line.get_by_label("From").fill(low)
        line.get_by_label("To", exact=True).fill(low)
    desk.field("Formula", "a + b")
    desk.press("Show what would be drawn")
    expect(desk.page.get_by_role("table", name="What some attempts would draw").get_by_role("row")).to_have_count(7)


def _gap(desk: QuestionDesk) -> None:
    desk.page.keyboard.type("100")
    for _ in range(3):
        desk.page.keyboard.press("Shift+ArrowLeft")
    desk.press("Put a gap here")
    expect(desk.page.get_by_role("textbox", name="Question", exact=True)).to_contain_text("[[1]]")
    expect(desk.page.get_by_label("Answer", exact=True)).to_have_value("100")


def _menu(desk: QuestionDesk) -> None:
    desk.press("Put a menu here")
    desk.text(Choice_1="north", Choice_2="south")
    desk.option("Right choice", "north")


def _essay(desk: QuestionDesk) -> None:
    desk.field("Words at least", "2", exact=False)


def _hotspot(desk: QuestionDesk) -> None:
    desk.press("Choose picture")
    desk.page.get_by_role("dialog").locator("input[type=file]").set_input_files(desk.files["map.png"])
    canvas = desk.page.get_by_role("group", name="Regions on the picture")
    expect(canvas).to_be_visible()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    across, down = box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.5
    desk.page.mouse.move(across, down)
    desk.page.mouse.down()
    desk.page.mouse.move(across + box["width"] * 0.1, down, steps=5)
    desk.page.mouse.up()
    region = desk.page.get_by_role("button", name="Region 1, circle")
    before = region.get_attribute("aria-label")
    region.focus()
    desk.page.keyboard.press("ArrowLeft")
    expect(region).not_to_have_attribute("aria-label", before or "")
    desk.field("What the picture shows", "A plain")


def _mark(dialog: Locator) -> None:
    picture = dialog.locator(".ly-hotspot-picture img")
    expect(picture).to_have_js_property("complete", True)
    box = picture.bounding_box()
    assert box
    dialog.page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.5)


def _choose(words: str) -> Callable[[Locator], object]:
    return lambda dialog: dialog.locator(".ly-choice", has_text=words).click()


def _type(label: str, words: str) -> Callable[[Locator], object]:
    return lambda dialog: dialog.get_by_label(label).fill(words)


EVERY_QUESTION = (
    Written("Single choice", "Which is oldest?", _single, _choose("Slate"), "It earns 100"),
    Written("Multiple choice", "Which are stones?", _multiple, _choose("Slate"), "It earns 50"),
    Written("True or false", "Slate splits.", _true, _choose("False"), "Not quite."),
    Written("Short text", "Who?", _short, _type("Your answer", "hypatia"), "It earns 100"),
    Written("Number", "How many?", _number, _type("Your answer, a number", "10.5"), "It earns 100"),
    Written("Calculated number", "How much is {a} and {b}?", _calculated, _type("Your answer, a number", "5"), "It earns 100"),
    Written(
        "Matching",
        "Which capital?",
        lambda desk: desk.text(Left_side_1="Portugal", Right_side_1="Lisbon", Left_side_2="Spain", Right_side_2="Madrid"),
        lambda dialog: dialog.locator(".ly-pair", has_text="Spain").get_by_role("combobox").select_option("Madrid"),
        "It earns 50",
    ),
    Written(
        "Ordering",
        "In order.",
        lambda desk: desk.text(Item_1="Egg", Item_2="Pupa"),
        lambda dialog: dialog.get_by_role("button", name="Move Egg up", exact=True).click(),
        "It earns 100",
    ),
    Written("Gaps in a text", "Water boils at ", _gap, _type("Gap 1 of 1", "100"), "It earns 100"),
    Written("Menus in a text", "The needle points ", _menu, lambda dialog: dialog.get_by_label("Gap 1 of 1").select_option("south"), "Not quite."),
    Written("Places on a picture", "Where?", _hotspot, _mark, "It earns 100"),
    Written(
        "Essay",
        "What did you see?",
        _essay,
        _type("Your answer", "A heron"),
        "waits for its marks",
    ),
    Written("File upload", "Hand in a drawing.", lambda desk: desk.field("Endings of their names", "pdf", exact=False)),
    Written("Description", "Take your time."),
)
"""A question of each type."""
