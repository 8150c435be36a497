"""Pages from elsewhere: which may stand in a frame, and at what address."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from lms_app.domain.content.references import safe_outside_address

DEFAULT_EMBED_HOSTS: Final = frozenset({"www.youtube-nocookie.com", "player.vimeo.com"})
"""Where a frame may lead unless the installation says otherwise (`EMBED_HOSTS`)."""

_YOUTUBE: Final = frozenset({"youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com"})
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{6,20}")
_SECONDS = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")


def embed_hosts(setting: str) -> frozenset[str]:
    """The hosts in a setting that lists them with commas."""
    return frozenset(host.strip().lower() for host in setting.split(",") if host.strip())


def frame_address(address: str, hosts: frozenset[str] = DEFAULT_EMBED_HOSTS) -> str | None:
    """What a frame loads to show this address; None where its host is not among `hosts`.

    Addresses of videos on YouTube and Vimeo are turned into those of their players.
    """
    safe = safe_outside_address(address)
    if not safe:
        return None
    framed = _youtube_player(safe) or _vimeo_player(safe) or safe
    parts = urlsplit(framed)
    return framed if parts.scheme == "https" and parts.netloc.lower() in hosts else None


def is_video(address: str) -> bool:
    """Whether the address is that of a video on a platform we know."""
    safe = safe_outside_address(address)
    return bool(safe and (_youtube_player(safe) or _vimeo_player(safe)))


def host_name(address: str) -> str:
    """The host of an address as a reader calls it."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""


def _youtube_player(address: str) -> str | None:
    parts = urlsplit(address)
    host, steps, query = (parts.hostname or "").removeprefix("www."), parts.path.strip("/").split("/"), parse_qs(parts.query)
    if host == "youtu.be":
        video = steps[0]
    elif host in _YOUTUBE and steps[0] == "watch":
        video = query.get("v", [""])[0]
    elif host in _YOUTUBE and steps[0] in {"embed", "v", "shorts", "live"} and len(steps) > 1:
        video = steps[1]
    else:
        return None
    if not _VIDEO_ID.fullmatch(video):
        return None
    start = _seconds(query.get("t", query.get("start", [""]))[0])
    return f"https://www.youtube-nocookie.com/embed/{video}{f'?start={start}' if start else ''}"


def _vimeo_player(address: str) -> str | None:
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    found = re.fullmatch(r"/(?:video/|channels/[\w-]+/)?(\d{4,15})(?:/([0-9a-f]{6,20}))?/?", parts.path)
    if host not in {"vimeo.com", "player.vimeo.com"} or not found:
        return None
    key = found[2] or parse_qs(parts.query).get("h", [""])[0]
    return f"https://player.vimeo.com/video/{found[1]}{f'?h={key}' if re.fullmatch(r'[0-9a-f]{6,20}', key) else ''}"


def _seconds(written: str) -> int:
    found = _SECONDS.fullmatch(written[:20])
    return sum(int(part or 0) * unit for part, unit in zip(found.groups(), (3600, 60, 1), strict=True)) if found else 0
