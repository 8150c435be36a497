"""Where a visitor may be sent."""

import pytest

from lms_app.web import urls


@pytest.mark.parametrize("path", ["/", "/home", "/learn/a-course?page=2#top", "/certificates/ABC"])
def test_paths_of_ours_are_kept(path: str) -> None:
    assert urls.ours_or_home(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "home",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "/home\\..",
        " /home",
    ],
)
def test_everything_else_leads_home(path: str) -> None:
    assert urls.ours_or_home(path) == "/"


def test_sign_in_leads_back_to_where_one_came_from() -> None:
    assert urls.sign_in("/learn/a?page=2") == "/sign-in?next=/learn/a%3Fpage%3D2"
    assert urls.sign_in("//evil.example") == "/sign-in"
    assert urls.sign_in() == "/sign-in"
