"""Which pages from elsewhere may stand in a frame, and at what address."""

import pytest

from lms_app.domain.content.embeds import embed_hosts, frame_address, host_name, is_video

PLAYER = "https://www.youtube-nocookie.com/embed/abcdefghijk"


@pytest.mark.parametrize(
    ("address", "framed"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk", PLAYER),
        ("http://m.youtube.com/watch?list=1&v=abcdefghijk", PLAYER),
        ("https://youtu.be/abcdefghijk?t=1m3s", f"{PLAYER}?start=63"),
        ("https://youtu.be/abcdefghijk?t=90", f"{PLAYER}?start=90"),
        ("https://www.youtube.com/shorts/abcdefghijk", PLAYER),
        ("https://www.youtube.com/embed/abcdefghijk", PLAYER),
        ("https://vimeo.com/12345", "https://player.vimeo.com/video/12345"),
        ("https://vimeo.com/12345/abcdef12", "https://player.vimeo.com/video/12345?h=abcdef12"),
        ("https://player.vimeo.com/video/12345", "https://player.vimeo.com/video/12345"),
        ("https://www.youtube.com/watch?v=../../x", None),
        ("https://www.youtube.com/", None),
        ("https://example.org/", None),
        ("http://player.vimeo.com/other", None),
        ("https://player.vimeo.com.evil.example/x", None),
        ("https://player.vimeo.com@evil.example/x", None),
        ("https://user@player.vimeo.com/x", None),
        ("https://player.vimeo.com:8443/x", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_frame_leads_to_an_allowed_host_or_nowhere(address: str, framed: str | None) -> None:
    assert frame_address(address) == framed


def test_the_installation_says_which_hosts_are_allowed() -> None:
    assert frame_address("https://maps.example.org/x", embed_hosts(" Maps.example.org , other.example.org,")) == "https://maps.example.org/x"
    assert frame_address("https://youtu.be/abcdefghijk", frozenset()) is None


def test_videos_are_known_by_their_address_and_hosts_by_a_short_name() -> None:
    assert is_video("https://youtu.be/abcdefghijk")
    assert not is_video("https://example.org/abcdefghijk")
    assert host_name("https://www.youtube.com/watch") == "youtube.com"
