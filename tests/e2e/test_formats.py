"""An instructor brings a cartridge in, stops an import, and takes the course out and in again in our own archive."""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Stack, sign_in
from tests.e2e.test_main_journey import new_instructor
from tests.interchange.cartridge_builder import files_of, pack_zip
from tests.interchange.olx_builder import build_short_course


def test_a_cartridge_comes_in_and_its_course_goes_out_and_in_again(stack: Stack, visit, tmp_path: Path) -> None:
    new_instructor("ines.formats@example.org")
    page = visit().page
    sign_in(page, "ines.formats@example.org")
    page.goto("/teach/import")
    page.locator("#archive").set_input_files(pack_zip(tmp_path / "tides.imscc", files_of()))
    expect(page.get_by_text("Tides and moons is imported")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("row", name="Say hello")).to_contain_text("discussion topic")
    page.get_by_role("link", name="Open course").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tides and moons")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Export: Lyceum archive").click()
    download = page.get_by_role("link", name="Download: Lyceum archive")
    expect(download).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Export: Markdown").click()
    expect(page.get_by_role("link", name="Download: Markdown")).to_be_visible(timeout=60_000)
    page.get_by_text("What this format does not say").first.click()
    expect(page.get_by_text("Who signs it is not in Markdown.").first).to_be_visible()
    with page.expect_download() as coming:
        download.click()
    written = tmp_path / coming.value.suggested_filename
    coming.value.save_as(written)
    assert written.name == "tides-and-moons.lyceum.zip"
    page.goto("/teach/import")
    page.locator("#archive").set_input_files(written)
    expect(page.get_by_role("link", name="Open course")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Tides and moons is imported")).to_be_visible()
    stack.kill_worker()
    try:
        page.get_by_role("button", name="Import another").click()
        page.locator("#archive").set_input_files(build_short_course(tmp_path))
        page.get_by_role("button", name="Cancel import").click()
        expect(page.get_by_text("This import was cancelled")).to_be_visible()
    finally:
        stack.start_worker()
    page.reload()
    expect(page.get_by_text("Cancelled", exact=True)).to_be_visible()
    expect(page.locator("#archive")).to_be_attached()
