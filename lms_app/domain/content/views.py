"""What a screen may see of a document: frozen values, all of them text, numbers and flags."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A line of "On this page". `anchor` is the id to link to; `level` is 2 for the highest on the page."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True, kw_only=True)
class CaptionsView:
    """Subtitles of a video in one language."""

    src: str
    language: str
    label: str


@dataclass(frozen=True, kw_only=True)
class BlockView:
    """One block, ready to be shown.

    `html` is the whole block, safe to put into a page as it is; nothing for a quiz. The other fields serve who draws a block
    by its own component: `src` is the address of a stored file ("" where it is missing), `url` an address elsewhere, `host` its
    name for the reader, `frame` what a frame may load ("" where the host is not allowed), `assessment` the id of a quiz.
    """

    id: str
    kind: str
    html: str = ""
    src: str = ""
    alt: str = ""
    decorative: bool = False
    caption: str = ""
    title: str = ""
    url: str = ""
    host: str = ""
    frame: str = ""
    tone: str = ""
    language: str = ""
    transcript: str = ""
    captions: list[CaptionsView] = field(default_factory=list[CaptionsView])
    assessment: str = ""
    missing: bool = False


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A document ready to be shown: its blocks in order, and the headings of its two highest levels."""

    blocks: list[BlockView]
    headings: list[Heading]

    @property
    def html(self) -> str:
        """All blocks as one piece."""
        return "".join(block.html for block in self.blocks)
