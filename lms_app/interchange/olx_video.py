"""A video of an OLX course: its address or file, its subtitles, its handouts."""

import json
import re
from pathlib import PurePosixPath

from lms_app.domain.content.document import new_block_id
from lms_app.interchange.asset_names import asset_name
from lms_app.interchange.captions import read_captions, to_vtt, transcript
from lms_app.interchange.findings import Findings
from lms_app.interchange.languages import language_name
from lms_app.interchange.neutral import Block
from lms_app.interchange.olx_links import OlxLinks
from lms_app.interchange.olx_source import OlxNode
from lms_app.interchange.video_addresses import watch_address, youtube_address

_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{6,20}")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")
_MAX_TRANSCRIPT = 200_000
_PLAYABLE = (".mp4", ".webm", ".ogv", ".ogg", ".mov", ".m4v", ".m3u8", ".mpd")


class OlxVideos:
    """Turns the videos of one course into blocks."""

    def __init__(self, links: OlxLinks, findings: Findings, language: str) -> None:
        self._links = links
        self._findings = findings
        self._language = language

    def blocks(self, node: OlxNode, place: str) -> list[Block]:
        """The video, then the files that came with it."""
        title = node.title
        url, file = self._source(node)
        if not url and not file:
            self._findings.leave_out("video", title or "Video", place, "It names no video: neither a YouTube id nor a file.")
        captions, words = self._captions(node, place)
        video: Block = {
            "id": new_block_id(),
            "type": "video",
            "file": file,
            "url": url,
            "title": title,
            "captions": captions,
            "transcript": words,
        }
        return ([video] if url or file else []) + self._handouts(node)

    def _source(self, node: OlxNode) -> tuple[str, str]:
        """The address on the web, or the asset."""
        if video_id := _youtube_id(node):
            start = _seconds(node.attributes.get("start_time") or node.attributes.get("from") or "")
            return youtube_address(video_id) + (f"&t={start}s" if start else ""), ""
        for address in _sources(node):
            if name := self._links.file(address):
                return ("", name) if self._links.has(name) else ("", "")
            if watched := watch_address(address):
                return watched, ""
            if address.startswith(("http://", "https://")):
                return address, ""
        return "", ""

    def _captions(self, node: OlxNode, place: str) -> tuple[list[dict[str, str]], str]:
        captions: list[dict[str, str]] = []
        transcripts: dict[str, str] = {}
        for language, name in _subtitle_files(node).items():
            path = self._links.known_file(name)
            if path is None:
                self._findings.miss(name)
                continue
            cues = read_captions(self._links.read(path), path)
            if not cues or not _LANGUAGE.fullmatch(language):
                self._findings.leave_out("transcript", name, place, "It cannot be read as subtitles.")
                continue
            content = to_vtt(cues)
            file = asset_name(f"captions-{PurePosixPath(path.removesuffix('.sjson')).stem}.vtt")
            self._links.add(file, "text/vtt", len(content), lambda content=content: content)
            captions.append({"file": file, "language": language, "label": language_name(language)})
            transcripts[language] = transcript(cues)
        chosen = transcripts.get(self._language) or next(iter(transcripts.values()), "")
        return captions, chosen[:_MAX_TRANSCRIPT]

    def _handouts(self, node: OlxNode) -> list[Block]:
        blocks: list[Block] = []
        for tag in ("handout", "track"):
            address = node.attributes.get(tag) or next((str(child.get("src") or "") for child in node.element.iter(tag)), "")
            name = self._links.file(address) if address else None
            if name and self._links.has(name):
                blocks.append({"id": new_block_id(), "type": "file", "file": name, "title": PurePosixPath(name).stem.replace("_", " ")})
        return blocks


def _youtube_id(node: OlxNode) -> str:
    """The id in `youtube_id_1_0`, or the one at normal speed in `youtube` ("0.75:id,1.00:id")."""
    found = node.attributes.get("youtube_id_1_0", "").strip()
    if not found:
        speeds = dict(part.strip().split(":", 1) for part in node.attributes.get("youtube", "").split(",") if ":" in part)
        found = speeds.get("1.00") or speeds.get("1.0") or next(iter(speeds.values()), "")
    return found.strip() if _VIDEO_ID.fullmatch(found.strip()) else ""


def _sources(node: OlxNode) -> list[str]:
    """The addresses of video files, those that a browser plays first."""
    listed = _json(node.attributes.get("html5_sources", ""))
    addresses = [str(address) for address in listed] if isinstance(listed, list) else []
    addresses += [str(child.get("src") or "") for child in node.element.iter("source", "encoded_video")]
    addresses += [str(child.get("url") or "") for child in node.element.iter("encoded_video")]
    addresses.append(node.attributes.get("source", ""))
    unique = list(dict.fromkeys(address.strip() for address in addresses if address.strip()))
    return sorted(unique, key=lambda address: not address.lower().split("?")[0].endswith(_PLAYABLE))


def _subtitle_files(node: OlxNode) -> dict[str, str]:
    """The subtitle file of each language."""
    files: dict[str, str] = {}
    if sub := node.attributes.get("sub", "").strip():
        files["en"] = f"subs_{sub}.srt.sjson"
    listed = _json(node.attributes.get("transcripts", ""))
    if isinstance(listed, dict):
        files |= {str(language): str(name) for language, name in listed.items()}
    files |= {str(child.get("language")): str(child.get("src")) for child in node.element.iter("transcript") if child.get("src")}
    return files


def _seconds(clock: str) -> int:
    """The seconds of `00:11:39`, 0 where it says nothing."""
    parts = clock.strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(re.fullmatch(r"\d{1,5}(\.\d*)?", part) for part in parts):
        return 0
    return round(sum(float(part) * 60**power for power, part in enumerate(reversed(parts))))


def _json(text: str) -> object:
    try:
        return json.loads(text) if len(text) < 100_000 else None
    except (ValueError, RecursionError):
        return None
