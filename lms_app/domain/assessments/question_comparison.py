"""Two states of a question's form side by side, field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from lms_app.domain.content.editing import from_editor
from lms_app.domain.content.rendering import html_of_document, html_of_rich_text, inline_html_of_rich_text
from lms_app.domain.content.rich_text import check, is_empty, to_markdown
from lms_app.errors import Invalid

_NOT_SHOWN = frozenset({"id", "option_id"})
_KNOWN = {"": "", None: "", False: "", True: "✓"}


@dataclass(frozen=True, kw_only=True)
class FieldDifference:
    """A field of a question's form in which two states differ, as HTML that is safe as it is."""

    field: str
    theirs: str
    mine: str


def compare(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> list[FieldDifference]:
    """The fields that say different things, in the order of the form."""
    names = dict.fromkeys([*theirs, *mine])
    return [
        FieldDifference(field=name, theirs=_shown(name, theirs.get(name)), mine=_shown(name, mine.get(name)))
        for name in names
        if _key(name, theirs.get(name)) != _key(name, mine.get(name))
    ]


def _key(name: str, value: Any) -> Any:
    """What a value says: the same text is the same, however its editor wrote it down."""
    if isinstance(value, dict):
        try:
            return _shown(name, value) if name == "stem" else "" if is_empty(check(value)) else to_markdown(value)  # pyright: ignore[reportUnknownArgumentType]
        except Invalid:
            return repr(value)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, list):
        return [_row_key(row) for row in value]  # pyright: ignore[reportUnknownVariableType]
    return value or ""


def _row_key(row: Any) -> Any:
    if not isinstance(row, dict) or row.get("type") == "doc":  # pyright: ignore[reportUnknownMemberType]
        return _key("", row)
    return {key: _key(key, inside) for key, inside in row.items() if key not in _NOT_SHOWN}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _shown(name: str, value: Any) -> str:
    try:
        if isinstance(value, dict):
            return html_of_document(from_editor(value)) if name == "stem" else html_of_rich_text(check(value))  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(value, list):
            return f"<ol>{''.join(f'<li>{_row(row)}</li>' for row in value)}</ol>" if value else ""  # pyright: ignore[reportUnknownVariableType]
    except Invalid:
        return ""
    return _word(value)


def _row(row: Any) -> str:
    if not isinstance(row, dict) or row.get("type") == "doc":  # pyright: ignore[reportUnknownMemberType]
        return _inside(row)
    said: Iterable[str] = (_inside(value) for key, value in row.items() if key not in _NOT_SHOWN)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return " · ".join(part for part in said if part)


def _inside(value: Any) -> str:
    return inline_html_of_rich_text(check(value)) if isinstance(value, dict) else _word(value)


def _word(value: Any) -> str:
    return escape(_KNOWN.get(value, str(value))) if isinstance(value, str | bool | None) else escape(str(value))
