"""The blocks of a page as HTML, for formats that know nothing else. References stay `file:NAME` and `page:REF`; `Leading` leads them on."""

from html import escape

from lms_app.domain.content.embeds import frame_address
from lms_app.interchange.neutral import Block
from lms_app.interchange.question_html import text_html


def block_html(block: Block) -> str:
    """One block as HTML, "" for a quiz, which is no text."""
    match block["type"]:
        case "rich_text":
            return text_html(block["content"])
        case "html":
            return block["html"]
        case "image":
            picture = f'<img src="file:{escape(block["file"])}" alt="{escape(block.get("alt", ""))}">'
            caption = block.get("caption", "")
            return f"<figure>{picture}<figcaption>{escape(caption)}</figcaption></figure>" if caption else f"<p>{picture}</p>"
        case "video":
            return _video(block)
        case "audio":
            return f'<p><audio controls src="file:{escape(block["file"])}"></audio></p>{_named(block)}'
        case "file" | "pdf":
            return f'<p><a href="file:{escape(block["file"])}">{escape(block.get("title", "") or block["file"])}</a></p>'
        case "embed":
            return _framed(block["url"], block.get("title", ""))
        case "callout":
            return f"<blockquote>{text_html(block['content'])}</blockquote>"
        case "collapsible":
            return f"<details><summary>{escape(block.get('title', ''))}</summary>{text_html(block['content'])}</details>"
        case "code":
            code = f"<pre><code>{escape(block['text'])}</code></pre>"
            return f"<figure>{code}<figcaption>{escape(block['caption'])}</figcaption></figure>" if block.get("caption") else code
        case "maths":
            return f"<p>\\[{escape(block['tex'])}\\]</p>"
    return ""


def _video(block: Block) -> str:
    if block.get("url"):
        return _framed(block["url"], block.get("title", "")) + _transcript(block)
    tracks = "".join(
        f'<track kind="captions" src="file:{escape(one["file"])}" srclang="{escape(one["language"])}" label="{escape(one.get("label", ""))}">'
        for one in block.get("captions", ())
    )
    return f'<p><video controls src="file:{escape(block["file"])}">{tracks}</video></p>{_named(block)}{_transcript(block)}'


def _framed(address: str, title: str) -> str:
    """A page in a frame where it may stand in one, else a link to it."""
    if frame := frame_address(address):
        return f'<p><iframe src="{escape(frame)}" title="{escape(title)}" width="640" height="360"></iframe></p>'
    return f'<p><a href="{escape(address)}">{escape(title or address)}</a></p>'


def _named(block: Block) -> str:
    return f"<p>{escape(block['title'])}</p>" if block.get("title") else ""


def _transcript(block: Block) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in block.get("transcript", "").split("\n") if line.strip())
    return f"<details><summary>Transcript</summary>{lines}</details>" if lines else ""
