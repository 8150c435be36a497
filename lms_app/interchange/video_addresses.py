"""Addresses of videos on platforms, in the one form that is stored."""

import re

_ID = r"(?P<id>[A-Za-z0-9_-]{6,20})"
_YOUTUBE = re.compile(
    rf"^https?://(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:embed/|v/|shorts/|live/|watch\?(?:[^#]*&)?v=)|youtu\.be/){_ID}(?:[?&#/].*)?$"
)


def youtube_address(video_id: str) -> str:
    """Where the video of that id is watched."""
    return f"https://www.youtube.com/watch?v={video_id}"


def watch_address(address: str) -> str | None:
    """The address of a YouTube video in its plain form, None where it is none."""
    found = _YOUTUBE.match(address.strip())
    return youtube_address(found["id"]) if found else None
