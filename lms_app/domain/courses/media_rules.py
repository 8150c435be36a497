"""What a course's file is, told by its content; its name only chooses among what looks alike. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from lms_app.domain.assessments.file_kind_rules import is_what_its_name_says
from lms_app.errors import Invalid

Kind = Literal["image", "video", "audio", "pdf", "captions", "file"]

TYPES_OF: dict[Kind, frozenset[str]] = {
    "image": frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"}),
    "video": frozenset({"video/mp4", "video/webm"}),
    "audio": frozenset({"audio/mpeg", "audio/ogg", "audio/wav", "audio/mp4"}),
    "pdf": frozenset({"application/pdf"}),
    "captions": frozenset({"text/vtt"}),
}
SHOWN = frozenset[str]().union(*TYPES_OF.values())
"""The media types that a page may show in place; everything else is a file to download."""

SVG, VTT, SRT = "image/svg+xml", "text/vtt", "application/x-subrip"

MOST_NAME = 200

_ENDINGS: dict[str, tuple[str, ...]] = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/avif": ("avif",),
    SVG: ("svg",),
    "video/mp4": ("mp4", "m4v"),
    "video/webm": ("webm",),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/wav": ("wav",),
    "audio/mp4": ("m4a", "m4b"),
    "application/pdf": ("pdf",),
    VTT: ("vtt",),
    SRT: ("srt",),
}
_TYPE_OF_ENDING = {ending: media_type for media_type, endings in _ENDINGS.items() for ending in endings}

_OPEN_XML, _OPEN_DOCUMENT = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
_DOWNLOADS: dict[str, str] = {
    "zip": "application/zip",
    "gz": "application/gzip",
    "tgz": "application/gzip",
    "tar": "application/x-tar",
    "7z": "application/x-7z-compressed",
    "docx": f"{_OPEN_XML}.wordprocessingml.document",
    "xlsx": f"{_OPEN_XML}.spreadsheetml.sheet",
    "pptx": f"{_OPEN_XML}.presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "odt": f"{_OPEN_DOCUMENT}.text",
    "ods": f"{_OPEN_DOCUMENT}.spreadsheet",
    "odp": f"{_OPEN_DOCUMENT}.presentation",
    "odg": f"{_OPEN_DOCUMENT}.graphics",
    "rtf": "application/rtf",
    "epub": "application/epub+zip",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "md": "text/markdown",
    "tex": "application/x-tex",
    "bib": "application/x-bibtex",
    "json": "application/json",
    "ipynb": "application/x-ipynb+json",
    **dict.fromkeys(("py", "r", "c", "h", "cpp", "java", "sql", "m", "jl"), "text/plain"),
    **dict.fromkeys(("ggb", "sav", "dta", "mat", "rds", "stl", "parquet"), "application/octet-stream"),
}
"""What may be kept to be downloaded, by the ending of its name. Nothing here is run by a browser, and all of it is sent to be saved."""
_TEXTS = frozenset({"csv", "tsv", "txt", "md", "tex", "bib", "json", "ipynb", "py", "r", "c", "h", "cpp", "java", "sql", "m", "jl"})

_RUN = re.compile(rb"^\s*(?:<!--.{0,400}?-->\s*)*<(?:!doctype\s+html|html|head|body|script|iframe|xsl:stylesheet|xsl:transform)\b", re.I | re.S)
_RUN_XML = re.compile(rb"http://www\.w3\.org/1999/(?:xhtml|XSL/Transform)")
_RUN_ENDINGS = frozenset(
    {"html", "htm", "xhtml", "xht", "shtml", "mhtml", "hta", "js", "mjs", "cjs", "xml", "xsl", "xslt", "css", "wasm", "swf", "php"}
)
_SVG = re.compile(rb"^\s*(?:<\?xml.{0,200}?\?>\s*)?(?:(?:<!--.{0,400}?-->|<!doctype\s+svg[^>]{0,300}>)\s*)*<(?:svg:)?svg[\s>]", re.I | re.S)
_VTT = re.compile(rb"WEBVTT(?:[ \t\r\n]|$)")
_SRT = re.compile(rb"\s*\d{1,6}\s*\r?\n\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->")

_TIME = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_CUE = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A file that may come: its name with the ending of what it is, and its media type."""

    name: str
    media_type: str


def kind_of(media_type: str) -> Kind:
    """What a file of this type is for an author."""
    for kind, types in TYPES_OF.items():
        if media_type in types:
            return kind
    return "file"


def clean_name(name: str) -> str:
    """A file's name without its folders and what cannot be printed. Raises Invalid when nothing is left."""
    clean = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable()).strip(" .")
    if not clean:
        raise Invalid("This file has no name.")
    stem, dot, ending = clean.rpartition(".")
    return clean if len(clean) <= MOST_NAME else f"{stem[: MOST_NAME - 1 - len(ending)]}{dot}{ending}" if stem else clean[:MOST_NAME]


def renamed(name: str, media_type: str, before: str) -> str:
    """A new name for a file, with the ending that it had when the new one has another. Raises Invalid for no name."""
    clean = clean_name(name)
    ending = before.rpartition(".")[2] if "." in before else ""
    allowed = (*_ENDINGS.get(media_type, ()), ending.lower())
    return clean if not ending or _ending(clean) in allowed else clean_name(f"{clean}.{ending}")


def recognise(name: str, start: bytes) -> Recognised:
    """What a file is that begins with `start` (512 bytes, or the whole of a shorter one). Raises Invalid, with the reason, for what may not come."""
    clean = clean_name(name)
    ending = _ending(clean)
    media_type = _by_content(start, ending)
    if media_type is None:
        return Recognised(name=clean, media_type=_download(clean, ending, start))
    claimed = _TYPE_OF_ENDING.get(ending) or _DOWNLOADS.get(ending)
    if claimed is None:
        # A name without an ending that we know is given the right one.
        return Recognised(name=clean_name(f"{clean}.{_ENDINGS[media_type][0]}"), media_type=media_type)
    if _family(claimed) != _family(media_type):
        raise Invalid(f"{clean} is not what its name says: it holds {_said(media_type)}. Give it the right ending, then upload it again.")
    return Recognised(name=clean if claimed == media_type else with_ending(clean, media_type), media_type=media_type)


def with_ending(name: str, media_type: str) -> str:
    """A name that ends in what files of this type end in."""
    stem = name.rpartition(".")[0] or name
    return clean_name(f"{stem}.{_ENDINGS[media_type][0]}")


def checked_vtt(text: str) -> str:
    """WebVTT with plain line ends. Raises Invalid that names the first line which is wrong."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "�").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise Invalid("These captions do not begin with a line that says WEBVTT.")
    cues, noting = 0, False
    for number, line in enumerate(lines[1:], start=2):
        noting = bool(line.strip()) and (noting or re.match(r"NOTE(?:[ \t]|$)", line) is not None)
        if "-->" not in line or noting:
            continue
        found = _CUE.fullmatch(line.strip())
        if found is None:
            raise Invalid(f"Line {number} of these captions is no time. Write it as 00:01:02.500 --> 00:01:05.000.")
        times = found.groups()
        if _milliseconds(times[:4]) >= _milliseconds(times[4:]):
            raise Invalid(f"In line {number} of these captions the end is not after the beginning.")
        cues += 1
    if not cues:
        raise Invalid("There are no captions in this file: no line says when one begins and ends.")
    return "\n".join(lines)


def decoded(source: bytes) -> str:
    """The text of captions: UTF-8, UTF-16 with its mark, or what Windows programs write."""
    for encoding in ("utf-16",) if source.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig",):
        try:
            return source.decode(encoding)
        except UnicodeDecodeError:
            continue
    return source.decode("cp1252", "replace")


def _milliseconds(groups: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = (int(group or 0) for group in groups)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _download(name: str, ending: str, start: bytes) -> str:
    if ending in _RUN_ENDINGS or _RUN.match(_unmarked(start)) or _RUN_XML.search(start):
        raise Invalid(f"{name} is a web page or a script, which a browser would run. To have students download it, put it in a .zip file.")
    if ending in _TYPE_OF_ENDING or (ending in _DOWNLOADS and not is_what_its_name_says(name, start)):
        raise Invalid(f"{name} is not what its name says, or is damaged. Save it anew, in the kind that its name ends in.")
    if ending not in _DOWNLOADS:
        raise Invalid(f"Files like {name} cannot be kept here. To have students download it, put it in a .zip file.")
    if ending in _TEXTS and b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid(f"{name} is not a text, as its name says.")
    return _DOWNLOADS[ending]


def _by_content(start: bytes, ending: str) -> str | None:
    """The media type of what shows what it is; None for all else. Raises Invalid for kinds that no browser shows."""
    signed = {
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
        b"GIF87a": "image/gif",
        b"GIF89a": "image/gif",
        b"ID3": "audio/mpeg",
        b"%PDF-": "application/pdf",
    }
    for mark, media_type in signed.items():
        if start.startswith(mark):
            return media_type
    if start[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(start[8:12])
    if start[4:8] == b"ftyp":
        return _by_brand(start, ending)
    if start.startswith(b"\x1aE\xdf\xa3"):
        if b"webm" in start[:64]:
            return "video/webm"
        raise Invalid("This is a Matroska video, which browsers do not play. Save it as MP4 or WebM, then upload it again.")
    if start.startswith(b"OggS"):
        if b"\x80theora" in start:
            raise Invalid("This is a Theora video, which browsers no longer play. Save it as MP4 or WebM, then upload it again.")
        return "audio/ogg"
    if ending == "mp3" and len(start) > 1 and start[0] == 0xFF and start[1] & 0xE6 == 0xE2:
        return "audio/mpeg"
    if ending == "pdf" and b"%PDF-" in start:
        return "application/pdf"
    plain = _unmarked(start)
    if _VTT.match(plain) or (ending == "vtt" and _is_text(start)):
        return VTT
    if ending == "srt" and (_SRT.match(plain) or _is_text(start)):
        return SRT
    if _SVG.match(plain) or (ending == "svg" and plain.lstrip().startswith(b"<") and not _RUN.match(plain)):
        return SVG
    return None


def _by_brand(start: bytes, ending: str) -> str:
    """What an ISO media file is, by the brands in its first box."""
    length = min(int.from_bytes(start[:4], "big"), len(start))
    brands = {start[8:12], *(start[place : place + 4] for place in range(16, length, 4))}
    if start[8:12] == b"qt  ":
        raise Invalid("This is a QuickTime film, which not all browsers play. Save it as MP4, then upload it again.")
    if brands & {b"avif", b"avis"}:
        return "image/avif"
    if brands & {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}:
        raise Invalid("This is a HEIC picture, which browsers do not show. Save it as JPEG, then upload it again.")
    return "audio/mp4" if start[8:11] == b"M4A" or start[8:11] == b"M4B" or ending in _ENDINGS["audio/mp4"] else "video/mp4"


def _unmarked(start: bytes) -> bytes:
    """The beginning of a text in UTF-8 without its mark."""
    return start.removeprefix(b"\xef\xbb\xbf")


def _is_text(start: bytes) -> bool:
    return start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in start


def _family(media_type: str) -> str:
    """Types that may be mistaken for each other by their names: those of one kind. A vector picture is no photograph, though."""
    if media_type in (SVG, VTT, SRT):
        return media_type
    return kind_of(media_type)


def _said(media_type: str) -> str:
    kinds = {"image": "a picture", "video": "a video", "audio": "a sound recording", "pdf": "a PDF", "captions": "captions", "file": "something else"}
    return "captions" if media_type == SRT else kinds[kind_of(media_type)]
