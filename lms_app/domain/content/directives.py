"""Blocks on one line of Markdown: `::kind[label](target) {"other": "fields"}`, for what Markdown itself has no sign for.

`::quiz(id)`, `::video[Title](file:id)`, `::audio[Title](file:id)`, `::file[Title](file:id)`, `::embed[Title](https://…)`; every kind
of block may also be written with all its fields as JSON.
"""

import json
import re
from typing import Any, Final

from lms_app.domain.content.document import BLOCK_TYPES, Block
from lms_app.domain.content.references import FILE_SCHEME

_LABELS: Final = {"video": "title", "audio": "title", "file": "title", "pdf": "title", "collapsible": "title", "embed": "title", "image": "alt"}
_TARGETS: Final = {"video": "file", "audio": "file", "file": "file", "pdf": "file", "image": "file", "embed": "url", "quiz": "assessment"}
_LINE = re.compile(r"::([a-z_]+)(?:\[([^\[\]]*)\])?(?:\(([^()\s]*)\))?[ \t]*(\{.*\})?[ \t]*")
_PLAIN_LABEL = re.compile(r"[^\[\]\s](?:[^\[\]\n]*[^\[\]\s])?")
_PLAIN_TARGET = re.compile(r"[^()\s]+")

Fields = dict[str, Any]
"""A block as JSON values, not yet checked and perhaps without an id."""


def read_directive(line: str) -> Fields | None:
    """The block that a line stands for, None for a line that is none."""
    found = _LINE.fullmatch(line)
    if not found or found[1] not in BLOCK_TYPES:
        return None
    kind, label, target, rest = found.groups()
    fields = _object(rest) if rest else {}
    if fields is None or (label and kind not in _LABELS) or (target and kind not in _TARGETS):
        return None
    if label:
        fields[_LABELS[kind]] = label
    if target:
        field = "url" if kind == "video" and not target.startswith(FILE_SCHEME) else _TARGETS[kind]
        fields[field] = target.removeprefix(FILE_SCHEME)
    return {"type": kind, **fields} if fields or rest else None


def write_directive(block: Block) -> str:
    """The line that stands for a block."""
    kind: str = block.type
    fields: Fields = block.model_dump(mode="json", exclude={"id", "type"}, exclude_defaults=True)
    line = f"::{kind}"
    label = fields.get(_LABELS.get(kind, ""), "")
    if label and _PLAIN_LABEL.fullmatch(label):
        line += f"[{fields.pop(_LABELS[kind])}]"
    field = "url" if fields.get("url") else _TARGETS.get(kind, "")
    target = fields.get(field, "")
    written = f"{FILE_SCHEME if field == 'file' else ''}{target}"
    if target and _PLAIN_TARGET.fullmatch(written) and not (field == "url" and target.startswith(FILE_SCHEME)):
        del fields[field]
        line += f"({written})"
    return f"{line} {json.dumps(fields)}" if fields or line == f"::{kind}" else line


def _object(written: str) -> Fields | None:
    try:
        value: object = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None  # pyright: ignore[reportUnknownVariableType]
