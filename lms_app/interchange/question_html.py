"""What a question asks as HTML, for formats that know no blocks."""

from collections.abc import Sequence
from html import escape

from lms_app.domain.content import rich_text
from lms_app.domain.content.rich_text import RichText
from lms_app.domain.content.rich_text_schema import Node
from lms_app.interchange.neutral import Block


def stem_html(blocks: Sequence[Block]) -> str:
    """The blocks as one piece of HTML. What HTML has no plain element for, such as a quiz, is left out: reading it back will tell."""
    return "".join(map(_block_html, blocks))


def text_html(text: RichText) -> str:
    r"""A rich text as HTML, with formulas as `\(…\)`, which every system that draws them knows."""
    return rich_text.to_html(_spelled_out(text))


def plain_words(text: RichText) -> str | None:
    """The text, where it is one paragraph of plain words and no more; else None."""
    match text["content"]:
        case [{"type": "paragraph", "content": [{"type": "text", "text": words, **more}]}] if not more:
            return words
    return None


def _block_html(block: Block) -> str:
    match block["type"]:
        case "rich_text" | "callout":
            return text_html(block["content"])
        case "html":
            return block["html"]
        case "image":
            return f'<p><img src="file:{escape(block["file"])}" alt="{escape(block.get("alt", ""))}"></p>'
        case "code":
            return f"<pre><code>{escape(block['text'])}</code></pre>"
        case "maths":
            return f"<p>\\[{escape(block['tex'])}\\]</p>"
    return ""


def _spelled_out(node: Node) -> Node:
    if node["type"] == "maths":
        return {**node, "type": "text", "text": f"\\({node['attrs']['tex']}\\)"}
    return {**node, "content": [_spelled_out(child) for child in node["content"]]} if "content" in node else node
