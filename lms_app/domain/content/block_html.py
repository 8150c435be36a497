"""One block, made ready for a page."""

from html import escape
from typing import Final

from lms_app.domain.content.code_colours import coloured
from lms_app.domain.content.document import (
    AudioBlock,
    Block,
    CalloutBlock,
    CodeBlock,
    CollapsibleBlock,
    EmbedBlock,
    FileBlock,
    HtmlBlock,
    ImageBlock,
    MathsBlock,
    PdfBlock,
    QuizBlock,
    RichTextBlock,
    VideoBlock,
)
from lms_app.domain.content.embeds import frame_address, host_name
from lms_app.domain.content.html_writing import HeadingNames, HtmlWriter, Link, missing_media, missing_picture, outside_link, scroll_box
from lms_app.domain.content.maths import mathml
from lms_app.domain.content.page_html import page_html
from lms_app.domain.content.references import FILE_SCHEME
from lms_app.domain.content.rich_text_schema import Node, children_of
from lms_app.domain.content.views import BlockView, CaptionsView

TONE_NAMES: Final = {"note": "Note", "tip": "Tip", "careful": "Careful"}

_STROKE: Final = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
_SIGNS: Final = {
    "note": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5M12 8h.01"/>',
    "tip": '<path d="M9 17h6M10 21h4M8.5 14a6 6 0 1 1 7 0c-.5.6-.5 1.2-.5 3H9c0-1.8-.1-2.4-.5-3z"/>',
    "careful": '<path d="M12 4 2.5 20h19zM12 10v4M12 17h.01"/>',
}


class BlockWriter:
    """Makes the views of the blocks of one page."""

    def __init__(self, link: Link, headings: HeadingNames, embed_hosts: frozenset[str]) -> None:
        self.link = link
        self.headings = headings
        self.embed_hosts = embed_hosts

    def view(self, block: Block) -> BlockView:
        """The block ready to be shown."""
        match block:
            case RichTextBlock():
                return BlockView(id=block.id, kind=block.type, html=self._text(block.content))
            case CalloutBlock():
                return self._callout(block)
            case ImageBlock():
                return self._image(block)
            case VideoBlock():
                return self._outside_video(block) if block.url else self._video(block)
            case AudioBlock():
                return self._audio(block)
            case FileBlock():
                return self._file(block)
            case PdfBlock():
                return self._pdf(block)
            case CollapsibleBlock():
                summary = f"<summary>{escape(block.title or 'More')}</summary>"
                html = f'<details class="ly-collapsible">{summary}<div>{self._text(block.content)}</div></details>'
                return BlockView(id=block.id, kind=block.type, html=html, title=block.title)
            case EmbedBlock():
                return self._embed(block)
            case CodeBlock():
                return self._code(block)
            case MathsBlock():
                html = f"{scroll_box('Formula')}{mathml(block.tex, display=True)}</div>"
                return BlockView(id=block.id, kind=block.type, html=html, alt=block.tex)
            case HtmlBlock():
                return BlockView(id=block.id, kind=block.type, html=page_html(block.html, self.link, self.headings))
            case QuizBlock():
                return BlockView(id=block.id, kind=block.type, assessment=block.assessment)

    def _text(self, content: Node) -> str:
        return HtmlWriter(link=self.link, headings=self.headings).blocks(children_of(content))

    def _source(self, name: str) -> str:
        return (self.link(FILE_SCHEME + name) if name else None) or ""

    def _callout(self, block: CalloutBlock) -> BlockView:
        name = TONE_NAMES[block.tone]
        sign = f'<svg class="ly-icon" width="16" height="16" viewBox="0 0 24 24" aria-hidden="true" {_STROKE}>{_SIGNS[block.tone]}</svg>'
        inside = f'<div><p class="ly-callout-title">{name}</p>{self._text(block.content)}</div>'
        html = f'<div class="ly-callout" data-tone="{block.tone}" role="note" aria-label="{name}">{sign}{inside}</div>'
        return BlockView(id=block.id, kind=block.type, html=html, tone=block.tone, title=name)

    def _image(self, block: ImageBlock) -> BlockView:
        source, alt = self._source(block.file), "" if block.decorative else block.alt
        picture = f'<img src="{escape(source)}" alt="{escape(alt)}" loading="lazy">' if source else missing_picture(block.alt or block.caption)
        return BlockView(
            id=block.id,
            kind=block.type,
            html=f'<figure class="ly-figure">{picture}{_figcaption(block.caption)}</figure>',
            src=source,
            alt=alt,
            decorative=block.decorative,
            caption=block.caption,
            missing=not source,
        )

    def _video(self, block: VideoBlock) -> BlockView:
        source = self._source(block.file)
        captions = [
            CaptionsView(src=address, language=entry.language, label=entry.label or entry.language)
            for entry in block.captions
            if (address := self._source(entry.file))
        ]
        tracks = "".join(
            f'<track kind="subtitles" src="{escape(entry.src)}" srclang="{escape(entry.language)}" label="{escape(entry.label)}">'
            for entry in captions
        )
        named = f"{_block(block.id)}{_name(block.title)}"
        player = f'<video class="ly-media" controls preload="metadata"{named}><source src="{escape(source)}">{tracks}</video>'
        shown = player if source else missing_media("Video", block.title)
        return BlockView(
            id=block.id,
            kind=block.type,
            html=f'<figure class="ly-figure">{shown}{_figcaption(block.title)}</figure>{_transcript(block.transcript)}',
            src=source,
            title=block.title,
            captions=captions,
            transcript=block.transcript,
            missing=not source,
        )

    def _outside_video(self, block: VideoBlock) -> BlockView:
        frame = frame_address(block.url, self.embed_hosts) or ""
        return BlockView(
            id=block.id,
            kind=block.type,
            html=f"<p{_framed(frame, block)}>{outside_link(block.url, block.title, 'Video')}</p>{_transcript(block.transcript)}",
            title=block.title,
            url=block.url,
            host=host_name(block.url),
            frame=frame,
            transcript=block.transcript,
        )

    def _audio(self, block: AudioBlock) -> BlockView:
        source = self._source(block.file)
        player = f'<audio class="ly-media" controls preload="metadata"{_block(block.id)}{_name(block.title)} src="{escape(source)}"></audio>'
        shown = player if source else missing_media("Recording", block.title)
        html = f'<figure class="ly-figure">{shown}{_figcaption(block.title)}</figure>'
        return BlockView(id=block.id, kind=block.type, html=html, src=source, title=block.title, missing=not source)

    def _file(self, block: FileBlock) -> BlockView:
        source, title = self._source(block.file), block.title or "File"
        link = f'<a class="ly-file" href="{escape(source)}" download>Download {escape(title)}</a>' if source else missing_media("File", block.title)
        return BlockView(id=block.id, kind=block.type, html=f"<p>{link}</p>", src=source, title=title, missing=not source)

    def _pdf(self, block: PdfBlock) -> BlockView:
        source, title = self._source(block.file), block.title or "PDF"
        if not source:
            return BlockView(id=block.id, kind=block.type, html=f"<p>{missing_media('PDF', block.title)}</p>", title=title, missing=True)
        frame = f'<iframe class="ly-pdf" src="{escape(source)}" title="{escape(title)}" loading="lazy"></iframe>'
        link = f'<a class="ly-file" href="{escape(source)}" download>Download {escape(title)}</a>'
        html = f'<figure class="ly-figure">{frame}<figcaption>{link}</figcaption></figure>'
        return BlockView(id=block.id, kind=block.type, html=html, src=source, title=title)

    def _embed(self, block: EmbedBlock) -> BlockView:
        shown = outside_link(block.url, block.title, "Page") if block.url else missing_media("Page", block.title)
        frame = frame_address(block.url, self.embed_hosts) or ""
        return BlockView(
            id=block.id,
            kind=block.type,
            html=f"<p{_framed(frame, block)}>{shown}</p>",
            title=block.title,
            url=block.url,
            host=host_name(block.url),
            frame=frame,
            missing=not block.url,
        )

    def _code(self, block: CodeBlock) -> BlockView:
        of = f' class="language-{escape(block.language)}"' if block.language else ""
        code = f'<pre tabindex="0"><code{of}>{coloured(block.text, block.language)}</code></pre>'
        html = f'<figure class="ly-code">{_figcaption(block.caption)}{code}</figure>'
        return BlockView(id=block.id, kind=block.type, html=html, language=block.language, caption=block.caption)


def _figcaption(words: str) -> str:
    return f"<figcaption>{escape(words)}</figcaption>" if words else ""


def _block(block_id: str) -> str:
    """By what a player's place is remembered."""
    return f' data-block="{escape(block_id)}"' if block_id else ""


def _name(title: str) -> str:
    return f' aria-label="{escape(title)}"' if title else ""


def _framed(frame: str, block: VideoBlock | EmbedBlock) -> str:
    """What says that a link's target may also be shown in a frame, once its reader asks for that."""
    return f' data-frame="{escape(frame)}" data-kind="{block.type}" data-title="{escape(block.title)}"' if frame else ""


def _transcript(words: str) -> str:
    if not words.strip():
        return ""
    paragraphs = "".join(f"<p>{escape(' '.join(part.split()))}</p>" for part in words.split("\n") if part.strip())
    return f'<details class="ly-transcript"><summary>Transcript</summary>{paragraphs}</details>'
