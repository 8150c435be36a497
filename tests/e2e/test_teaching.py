"""An instructor at the browser: an archive comes in, is published and stands in the catalogue; a course is made by hand."""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Stack, sign_in
from tests.e2e.test_main_journey import new_instructor
from tests.interchange.olx_builder import SCRIPTED_TITLE, build_short_course, pack


def test_an_imported_course_is_published_and_stands_in_the_catalogue(stack: Stack, visit, tmp_path: Path) -> None:
    new_instructor("ines.imports@example.org")
    page = visit().page
    sign_in(page, "ines.imports@example.org")
    page.goto("/teach/import")
    page.locator("#archive").set_input_files(build_short_course(tmp_path))
    expect(page.get_by_role("link", name="Open course")).to_be_visible(timeout=60_000)
    expect(page.get_by_text(SCRIPTED_TITLE)).to_be_visible()
    expect(page.get_by_text("orion.png")).to_be_visible()
    page.get_by_role("link", name="Open course").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The autumn sky")
    slug_before = page.url
    page.get_by_role("button", name="Publish course").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published: 3 pages.")).to_be_visible()
    assert page.url == slug_before
    page.get_by_role("link", name="See course").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The autumn sky")
    stranger = visit().page
    stranger.goto("/catalogue?search=autumn")
    expect(stranger.get_by_role("link", name="The autumn sky").first).to_be_visible()


def test_a_harmful_archive_is_refused_with_a_sentence(stack: Stack, visit, tmp_path: Path) -> None:
    new_instructor("ines.harm@example.org")
    page = visit().page
    sign_in(page, "ines.harm@example.org")
    page.goto("/teach/import")
    page.locator("#archive").set_input_files(pack(tmp_path / "harm.tar.gz", {"../outside.xml": "<course/>"}))
    expect(page.get_by_text("This archive was not imported")).to_be_visible()
    expect(page.get_by_text("Nothing of it was kept.")).to_be_visible()


def test_a_course_is_made_by_hand(stack: Stack, visit) -> None:
    new_instructor("ines.hand@example.org")
    page = visit().page
    sign_in(page, "ines.hand@example.org")
    page.goto("/teach")
    page.get_by_role("button", name="New course").click()
    page.get_by_label("Title").fill("Clouds by hand")
    page.get_by_role("button", name="Create course").click()
    page.wait_for_url("**/teach/courses/**")
    tree = page.get_by_role("tree", name="Outline of the course")
    for verb, title in (("Add module", "Sky"), ("Add lesson", "Clouds")):
        page.get_by_role("button", name=verb).last.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Title").fill(title)
        dialog.get_by_role("button", name=verb).click()
        expect(dialog).to_be_hidden()
        expect(tree.get_by_role("treeitem", name=title).last).to_be_visible()
    tree.get_by_role("treeitem", name="Lesson Clouds").click()
    page.get_by_role("button", name="Add page").click()
    page.keyboard.type("Rain")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title of the page")).to_have_value("Rain")
    expect(tree.get_by_role("treeitem", name="Page Rain")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Move page up").click()
    expect(tree.get_by_role("treeitem").nth(2)).to_have_accessible_name("Page Rain Draft")
    text = page.get_by_role("textbox", name="Text of the page")
    text.click()
    page.keyboard.type("## Why it rains")
    page.keyboard.press("Enter")
    page.keyboard.type("Clouds are **heavy**.")
    expect(text.get_by_role("heading", name="Why it rains")).to_be_visible()
    page.get_by_role("button", name="Insert").click()
    page.get_by_role("menuitem", name="Quiz", exact=True).click()
    expect(page.locator("[data-status=saved]")).to_contain_text("Saved")
    page.get_by_role("link", name="Edit quiz").click()
    page.wait_for_url("**/teach/quizzes/**")
    page.get_by_role("button", name="Add question").click()
    page.get_by_role("button", name="True or false").click()
    page.get_by_role("textbox", name="Question", exact=True).click()
    page.keyboard.type("Rain is wet.")
    page.get_by_role("button", name="Publish question").click()
    expect(page.get_by_text("Say whether the statement is true or false.").first).to_be_visible()
    page.get_by_role("radio", name="True", exact=True).check()
    page.get_by_role("button", name="Publish question").click()
    expect(page.get_by_text("It is in the drafts of")).to_be_visible()
    page.get_by_role("button", name="Close the question").click()
    expect(page.locator(".ly-row-title").get_by_text("Rain is wet.")).to_be_visible()
    page.get_by_role("link", name="Clouds by hand").click()
    page.get_by_role("button", name="Unfold all").click()
    expect(page.get_by_role("treeitem", name="Quiz Rain")).to_be_visible()
    page.get_by_role("button", name="Publish course").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published: 2 pages.")).to_be_visible()
    expect(page.get_by_role("treeitem", name="Quiz Rain")).to_have_accessible_name("Quiz Rain Published")
