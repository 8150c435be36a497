"""Subtitles in the forms that courses carry (SubRip, WebVTT, Open edX's JSON), made into WebVTT and into a plain transcript."""

import html
import json
import re
from dataclasses import dataclass

MAX_CAPTIONS = 4 << 20
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>|\{\\[^{}]{0,50}\}")


@dataclass(frozen=True, kw_only=True)
class Cue:
    """Words from one moment to another, in milliseconds."""

    start: int
    end: int
    text: str


def read_captions(source: bytes, name: str) -> list[Cue]:
    """The cues of a subtitle file in order; none where it cannot be read."""
    if len(source) > MAX_CAPTIONS:
        return []
    text = source.decode("utf-8-sig", "replace")
    return _read_json(text) if name.endswith((".sjson", ".json")) else _read_text(text)


def to_vtt(cues: list[Cue]) -> bytes:
    """The cues as a WebVTT file."""
    blocks = [f"{_clock(cue.start)} --> {_clock(cue.end)}\n{html.escape(cue.text, quote=False)}" for cue in cues]
    return ("WEBVTT\n\n" + "\n\n".join(blocks) + "\n").encode()


def to_srt(cues: list[Cue]) -> bytes:
    """The subtitles as a SubRip file."""
    blocks = [
        f"{number}\n{_clock(cue.start).replace('.', ',')} --> {_clock(cue.end).replace('.', ',')}\n{cue.text}\n"
        for number, cue in enumerate(cues, start=1)
    ]
    return "\n".join(blocks).encode()


def transcript(cues: list[Cue]) -> str:
    """The words alone, a new paragraph where nobody spoke for three seconds."""
    paragraphs: list[list[str]] = [[]]
    for before, cue in zip([None, *cues], cues, strict=False):
        if before and cue.start - before.end > 3000:
            paragraphs.append([])
        paragraphs[-1].append(" ".join(cue.text.split()))
    return "\n\n".join(" ".join(words) for words in paragraphs if words)


def _read_text(text: str) -> list[Cue]:
    cues: list[Cue] = []
    timing: re.Match[str] | None = None
    words: list[str] = []
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        if found := _TIMING.match(line):
            timing, words = found, []
        elif line.strip() and timing:
            words.append(html.unescape(_MARKUP.sub("", line)).strip())
        elif timing:
            cues += _cue(_milliseconds(timing.groups()[:4]), _milliseconds(timing.groups()[4:]), words)
            timing = None
    return cues


def _read_json(text: str) -> list[Cue]:
    try:
        found = json.loads(text)
        rows = list(zip(found["start"], found["end"], found["text"], strict=False))
        return [cue for start, end, words in rows for cue in _cue(int(start), int(end), html.unescape(str(words)).split("\n"))]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return []


def _cue(start: int, end: int, words: list[str]) -> list[Cue]:
    text = "\n".join(filter(None, (_MARKUP.sub("", line).replace("\x00", "").strip() for line in words)))
    return [Cue(start=start, end=end, text=text)] if text and 0 <= start < end else []


def _milliseconds(groups: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = groups
    return ((int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)) * 1000 + int((fraction or "0").ljust(3, "0"))


def _clock(moment: int) -> str:
    seconds, milliseconds = divmod(moment, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds:03}"
