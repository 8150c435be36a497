"""Rendered content that many readers see at the same moment: the same calls as `rendering`, with what was rendered kept in the process.

Everybody in an exam is shown the same twenty questions within ten seconds, and rendering one costs as much as reading it from the database. What
comes out depends on the content and on the resolver alone, so these two are the key; use resolvers that are made once
(`courses/addresses.py`), or nothing is ever found again.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import orjson

from lms_app.domain.content import rendering
from lms_app.domain.content.rendering import Resolver
from lms_app.domain.content.rich_text import RichText

LARGEST = 20_000
"""Bytes of content that is kept: what is larger is a page, not a question."""
KEPT = 4096


def html_of_document(document: Mapping[str, Any], resolve: Resolver) -> str:
    """`rendering.html_of_document` of a stored document."""
    return _html(rendering.html_of_document, document, resolve)


def html_of_rich_text(text: RichText, resolve: Resolver) -> str:
    """`rendering.html_of_rich_text`."""
    return _html(rendering.html_of_rich_text, text, resolve)


def inline_html_of_rich_text(text: RichText, resolve: Resolver) -> str:
    """`rendering.inline_html_of_rich_text`."""
    return _html(rendering.inline_html_of_rich_text, text, resolve)


def _html(render: Callable[[Any, Resolver], str], content: Mapping[str, Any], resolve: Resolver) -> str:
    written = orjson.dumps(content)
    return _kept(render, written, resolve) if len(written) <= LARGEST else render(content, resolve)


@lru_cache(maxsize=KEPT)
def _kept(render: Callable[[Any, Resolver], str], written: bytes, resolve: Resolver) -> str:
    return render(orjson.loads(written), resolve)
