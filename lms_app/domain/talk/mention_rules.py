"""Who is meant by an @name in a text, and the text with those names set apart."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

Node = dict[str, Any]
Key = TypeVar("Key")

_BOLD: Node = {"type": "bold"}


def mentioned(text: str, names: Mapping[Key, str]) -> set[Key]:
    """Those of `names` who are meant by an `@` and their name in a text, however it is written in capitals.

    Of two names that begin alike the longer is meant where it stands: `@Ada King` is not Ada. Two people of the same name are both meant.
    """
    found = _pattern(names.values())
    if found is None:
        return set()
    meant = {match.group(1).casefold() for match in found.finditer(text)}
    return {key for key, name in names.items() if name.casefold() in meant}


def set_apart(node: Node, names: Iterable[str]) -> Node:
    """A rich text (ProseMirror JSON) in which each mention of one of `names` is bold. Code stays as it is."""
    pattern = _pattern(names)
    return node if pattern is None else _node(node, pattern)


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    if not longest_first:
        return None
    return re.compile(rf"(?<!\w)@({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _node(node: Node, pattern: re.Pattern[str]) -> Node:
    if node["type"] == "codeBlock" or not node.get("content"):
        return node
    content: list[Node] = []
    for child in node["content"]:
        content += _cut(child, pattern) if child["type"] == "text" else [_node(child, pattern)]
    return {**node, "content": content}


def _cut(leaf: Node, pattern: re.Pattern[str]) -> list[Node]:
    marks: list[Node] = leaf.get("marks") or []
    if any(mark["type"] in {"code", "bold"} for mark in marks):
        return [leaf]
    parts: list[Node] = []
    at, words = 0, leaf["text"]
    for found in pattern.finditer(words):
        parts += [{**leaf, "text": words[at : found.start()]}, {**leaf, "text": found.group(), "marks": [*marks, _BOLD]}]
        at = found.end()
    parts.append({**leaf, "text": words[at:]})
    return [part for part in parts if part["text"]]
