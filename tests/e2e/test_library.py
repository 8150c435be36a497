"""The files of a course in the browser: sent together, found, renamed, seen where they are used, and taken out only where nothing shows them."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from lms_app.database import transaction
from lms_app.domain.courses import authoring
from tests.e2e.conftest import sign_in
from tests.e2e.test_main_journey import new_instructor


def test_files_are_sent_found_renamed_and_taken_out(stack, visit, tmp_path: Path) -> None:
    email = "ines.files@example.org"
    author = new_instructor(email)
    with transaction() as session:
        course = authoring.create_course(session, author, title="Maps")
        lesson = authoring.add_lesson(session, author, authoring.add_module(session, author, course.id, "Sheets").id, "Legends")
        page_id, course_id = authoring.add_page(session, author, lesson.id, "Sheet one").id, course.id
    Image.new("RGB", (300, 200), "teal").save(tmp_path / "sheet.png")
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7\nnotes")
    (tmp_path / "empty.png").write_bytes(b"GIF89a, and then nothing")

    page = visit().page
    sign_in(page, email)
    page.goto(f"/teach/courses/{course_id}/files")
    expect(page.get_by_text("No files yet.", exact=False)).to_be_visible()
    page.get_by_label("Files to send").set_input_files([tmp_path / name for name in ("sheet.png", "empty.png", "notes.pdf")])
    rows = page.locator(".ly-library > li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("notes.pdf")
    expect(rows.last).to_contain_text("300 × 200")
    refused = page.locator(".ly-library-sending > li")
    expect(refused).to_contain_text("empty.png")
    refused.get_by_role("button", name="Dismiss").click()
    expect(refused).to_have_count(0)

    page.get_by_label("Kind").select_option("image")
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Rename sheet.png").click()
    page.get_by_role("textbox", name="Name").fill("The teal sheet")
    page.get_by_role("button", name="Save name").click()
    expect(rows).to_contain_text("The teal sheet.png")

    page.goto(f"/teach/pages/{page_id}")
    page.get_by_role("textbox", name="Text of the page").click(timeout=20_000)
    page.get_by_role("button", name="Insert").click()
    page.get_by_role("menuitem", name="Picture").click()
    with page.expect_response(lambda reply: reply.request.method == "PUT" and '"file":""' not in (reply.request.post_data or "")):
        page.get_by_role("dialog").get_by_role("button", name="The teal sheet.png").click()

    page.goto(f"/teach/courses/{course_id}/files")
    page.get_by_role("button", name="Remove The teal sheet.png").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("is used")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Where The teal sheet.png is used: Used in 1 place").click()
    expect(page.get_by_role("dialog").get_by_role("link", name="Sheet one")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Remove notes.pdf").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(rows).to_have_count(1)
