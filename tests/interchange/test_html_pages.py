"""Whole HTML pages of packages, in order and in disorder."""

from lms_app.interchange.html_pages import read_html_page


def test_a_page_whose_frame_stands_in_its_own_head_is_read() -> None:
    page = read_html_page(
        b'<head><!DOCTYPE html>\n<html lang="en"><head><meta name="identifier" content="moon"><title>The moon</title></head><body><p>Far.</p></body>',
        "moon.html",
    )
    assert (page.title, page.says, page.body) == ("The moon", {"identifier": "moon"}, "<p>Far.</p>")
