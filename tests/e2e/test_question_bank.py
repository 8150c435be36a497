"""A bank in the browser: questions written, found, changed together, imported and written to a file. `test_authoring.py` writes one of every type."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from lms_app.database import transaction
from tests.e2e.authors import QuestionDesk
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.furnished import _new_actor  # pyright: ignore[reportPrivateUsage]
from tests.support.exam_hall import exam_course

GIFT = b"Slate splits.{T}\n\nWhat is under sand? {=rock ~air}\n\nThis one {has no right answer\n"


def test_a_bank_is_searched_changed_imported_into_and_written_to_a_file(stack: Stack, visit: Callable, tmp_path: Path) -> None:
    email = "ines.writes@example.org"
    with transaction() as session:
        course_id = exam_course(session, _new_actor(session, "Ines Okafor", email, teaches=True), "written-in-a-bank", 12).id
    page = visit(reduced_motion="reduce").page
    sign_in(page, email)
    page.goto(f"/teach/courses/{course_id}/bank")

    desk = QuestionDesk(page, {})
    desk.begin("Essay", "")
    desk.close()
    expect(page.get_by_role("list", name="Questions").get_by_role("listitem")).to_have_count(12)
    desk.begin("File upload", "Hand in a drawing.")
    desk.field("Endings of their names", "pdf", exact=False)
    page.get_by_label("Tags").fill("Drawing")
    page.get_by_label("Difficulty").select_option("hard")
    desk.publish()
    expect(page.get_by_text("No quiz asks it yet.")).to_be_visible()
    desk.close()

    rows = page.get_by_role("list", name="Questions").get_by_role("listitem")
    expect(rows).to_have_count(13)
    expect(rows.first).to_contain_text("File upload · Hard")
    page.get_by_role("searchbox", name="Search questions").fill("herons Madrid")
    expect(page.get_by_text("No question matches")).to_be_visible()
    page.get_by_role("searchbox", name="Search questions").fill("drawing")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Hand in a drawing.")
    page.get_by_role("searchbox", name="Search questions").fill("boreh log")
    expect(rows).to_have_count(4)
    page.get_by_role("searchbox", name="Search questions").fill("")
    expect(rows).to_have_count(13)

    page.get_by_role("button", name="Add category").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Old")
    page.get_by_role("button", name="Save name").click()
    page.get_by_role("button", name="Choose all 13").click()
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_role("dialog").get_by_label("Category").select_option(label="Old")
    page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(page.get_by_text("13 questions moved.")).to_be_visible()
    expect(page.get_by_role("group", name="Chosen questions")).to_be_focused()
    old = page.get_by_role("button", name=re.compile("^Old ?13"))
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
    expect(rows).to_have_count(15)

    page.get_by_role("button", name="Choose all 15").click()
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as written:
        page.get_by_role("dialog").get_by_role("button", name="Export").click()
    assert "Slate splits." in Path(written.value.path()).read_text()
    expect(page.get_by_text("13 questions moved.")).to_have_count(0)
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
    tops = [
        page.get_by_role("button", name=name).evaluate("button => button.getBoundingClientRect().bottom") for name in ("Try it", "Close the question")
    ]
    assert abs(tops[0] - tops[1]) < 12, "What can be done does not stand in one line."
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
