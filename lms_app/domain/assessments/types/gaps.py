"""Gaps in what is asked: `[[1]]` in the text is where gap 1 stands."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

MARK = re.compile(r"\[\[([A-Za-z0-9]{1,20})\]\]")


def place_gaps(html: str, gaps: Iterable[Mapping[str, Any]]) -> str:
    """The HTML of a stem with `<span data-gap="ID"></span>` where its gaps stand. `gaps` are a sheet's: each has `id` and `name`."""
    ids = {gap["name"]: gap["id"] for gap in gaps}
    if not ids:
        return html
    return MARK.sub(lambda mark: f'<span data-gap="{escape(ids[mark[1]])}"></span>' if mark[1] in ids else mark[0], html)
