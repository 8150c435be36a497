"""The words of a document, for search, and how long they take to read."""

import math
import re
from collections.abc import Iterator
from html import unescape
from typing import Final

import nh3

from lms_app.domain.content.document import (
    AudioBlock,
    Block,
    CalloutBlock,
    CodeBlock,
    CollapsibleBlock,
    Document,
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
from lms_app.domain.content.rich_text import to_text
from lms_app.domain.content.rich_text_schema import walk

WORDS_A_MINUTE: Final = 220
CHARACTERS_A_MINUTE: Final = 450
"""For scripts that do not part words: Chinese, Japanese, Korean, Thai."""
SECONDS: Final = {"picture": 8, "formula": 6, "line of code": 2}

_WORD = re.compile(r"\w[\w'’-]*")
_UNPARTED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_PICTURE = re.compile(r'<img\b[^>]*?\balt="([^"]*)"[^>]*>')
_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|tr|dd|dt|figcaption|caption|blockquote|pre|summary)>|<br>|<hr>")


def text_of(document: Document) -> str:
    """Everything a reader can read, one line per paragraph; maths as TeX, pictures by their descriptions."""
    return "\n".join(words for block in document.blocks for words in _words(block) if words)


def text_of_html(html: str) -> str:
    """The words of sanitised HTML, one line per paragraph."""
    bare = nh3.clean(_PICTURE.sub(r" \1 ", _BLOCK_END.sub("\n", html)), tags=set(), link_rel=None)
    lines = (" ".join(unescape(line).split()) for line in bare.split("\n"))
    return "\n".join(line for line in lines if line)


def reading_minutes(document: Document) -> int:
    """Whole minutes, at least one, that reading takes; videos, recordings and quizzes are not counted."""
    seconds = 0.0
    for block in document.blocks:
        seconds += _seconds(block)
    return max(1, math.ceil(seconds / 60 - 0.25))


def _words(block: Block) -> Iterator[str]:
    match block:
        case RichTextBlock() | CalloutBlock():
            yield to_text(block.content)
        case CollapsibleBlock():
            yield from (block.title, to_text(block.content))
        case ImageBlock():
            yield from (block.alt, block.caption)
        case VideoBlock():
            yield from (block.title, block.transcript)
        case AudioBlock() | FileBlock() | PdfBlock() | EmbedBlock():
            yield block.title
        case CodeBlock():
            yield from (block.caption, block.text)
        case MathsBlock():
            yield block.tex
        case HtmlBlock():
            yield text_of_html(block.html)
        case QuizBlock():
            pass


def _seconds(block: Block) -> float:
    match block:
        case RichTextBlock() | CalloutBlock() | CollapsibleBlock():
            kinds = [node["type"] for node in walk(block.content)]
            return _reading(to_text(block.content)) + kinds.count("image") * SECONDS["picture"]
        case ImageBlock():
            return SECONDS["picture"] + _reading(block.caption)
        case CodeBlock():
            return (block.text.count("\n") + 1) * SECONDS["line of code"]
        case MathsBlock():
            return SECONDS["formula"]
        case HtmlBlock():
            return _reading(text_of_html(block.html)) + block.html.count("<img") * SECONDS["picture"]
        case _:
            return 0


def _reading(text: str) -> float:
    unparted = len(_UNPARTED.findall(text))
    words = len(_WORD.findall(_UNPARTED.sub(" ", text)))
    return 60 * (words / WORDS_A_MINUTE + unparted / CHARACTERS_A_MINUTE)
