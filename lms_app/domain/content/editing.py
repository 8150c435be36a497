"""A document as the block editor holds it: one ProseMirror document whose outermost nodes carry the id of the block that they belong to.

Prose stands in it node by node. Neighbouring nodes of prose with the same id, or none, are one rich text block; every other block is one node:
`codeBlock` and `mathsBlock`, `callout` and `collapsible` with prose inside, and a leaf such as `imageBlock` for what is not text.
"""

from collections.abc import Iterator
from typing import Any, Final

from lms_app.domain.content.document import Block, CalloutBlock, CodeBlock, CollapsibleBlock, Document, RichTextBlock, new_block_id, parse_document
from lms_app.domain.content.rich_text_schema import Node, attribute, children_of, paragraph, text_node
from lms_app.errors import Invalid

LEAVES: Final = {
    "imageBlock": "image",
    "videoBlock": "video",
    "audioBlock": "audio",
    "fileBlock": "file",
    "pdfBlock": "pdf",
    "embedBlock": "embed",
    "mathsBlock": "maths",
    "htmlBlock": "html",
    "quizBlock": "quiz",
}
"""Nodes that hold a whole block in their attributes, and the type of that block."""

_NODE_OF: Final = {kind: name for name, kind in LEAVES.items()}
_PROSE: Final = frozenset({"paragraph", "heading", "blockquote", "bulletList", "orderedList", "table", "horizontalRule"})


def to_editor(document: Document) -> Node:
    """The document for the editor, which never shows nothing: an empty one has an empty paragraph."""
    return {"type": "doc", "content": [node for block in document.blocks for node in _nodes(block)] or [paragraph()]}


def from_editor(value: object) -> Document:
    """The document that the editor holds. Raises Invalid, with a sentence, for what is none.

    `from_editor(to_editor(document))` is the document, but for two things that the editor does not keep apart: a code block inside a rich text
    becomes a block, and a rich text that says nothing is left out.
    """
    editor: Node = value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType]
    nodes: Any = children_of(editor)
    if editor.get("type") != "doc" or not isinstance(nodes, list):
        raise Invalid("This is not a page: its outermost node must be a doc.")
    if not all(_is_node(node) for node in nodes):  # pyright: ignore[reportUnknownVariableType]
        raise Invalid("This is not a page: every node must be an object with a type, and hold such objects.")
    return parse_document({"blocks": _with_ids(_blocks(nodes))})  # pyright: ignore[reportUnknownArgumentType]


def _is_node(value: Any) -> bool:
    """Whether an outermost node has the shape of one. Prose inside is checked with its block."""
    if not isinstance(value, dict):
        return False
    node: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
    inside: Any = node.get("content", [])
    shaped = isinstance(node.get("type"), str) and isinstance(node.get("attrs") or {}, dict)
    return shaped and isinstance(inside, list) and all(isinstance(child, dict) for child in inside)  # pyright: ignore[reportUnknownVariableType]


def _nodes(block: Block) -> list[Node]:
    match block:
        case RichTextBlock():
            if children_of(block.content) == [paragraph()]:
                return []
            return [_owned(node, block.id) for node in children_of(block.content)]
        case CodeBlock():
            text = [text_node(block.text)] if block.text else []
            return [_node("codeBlock", block.id, {"language": block.language, "caption": block.caption}, text)]
        case CalloutBlock():
            return [_node("callout", block.id, {"tone": block.tone}, children_of(block.content))]
        case CollapsibleBlock():
            return [_node("collapsible", block.id, {"title": block.title}, children_of(block.content))]
        case _:
            return [_node(_NODE_OF[block.type], block.id, block.model_dump(mode="json", exclude={"id", "type"}))]


def _owned(node: Node, block_id: str) -> Node:
    return {**node, "attrs": {**(node.get("attrs") or {}), "block": block_id}}


def _node(kind: str, block_id: str, fields: dict[str, Any], content: list[Node] | None = None) -> Node:
    return {"type": kind, "attrs": {"block": block_id, **fields}, **({"content": content} if content else {})}


def _blocks(nodes: list[Node]) -> Iterator[dict[str, Any]]:
    """The blocks in order, not yet checked, with the ids that their nodes name: none, or one that another has too, it may be."""
    prose: list[Node] = []
    owner = None
    for node in nodes:
        kind, block_id = node.get("type"), attribute(node, "block")
        if kind in _PROSE:
            if prose and owner and block_id and block_id != owner:
                yield from _prose(prose, owner)
                prose, owner = [], None
            prose.append(node)
            owner = owner or block_id
            continue
        yield from _prose(prose, owner)
        prose, owner = [], None
        yield {"id": block_id, **_block(node)}
    yield from _prose(prose, owner)


def _prose(nodes: list[Node], owner: object) -> Iterator[dict[str, Any]]:
    if any(node["type"] != "paragraph" or children_of(node) for node in nodes):
        yield {"id": owner, "type": "rich_text", "content": {"type": "doc", "content": nodes}}


def _block(node: Node) -> dict[str, Any]:
    kind = str(node.get("type"))
    attributes: dict[str, Any] = node.get("attrs") or {}
    fields = {name: value for name, value in attributes.items() if name != "block"}
    if kind == "codeBlock":
        text = "".join(str(child.get("text") or "") for child in children_of(node))
        return {"type": "code", "language": fields.get("language") or "", "caption": fields.get("caption") or "", "text": text}
    if kind in {"callout", "collapsible"}:
        return {"type": kind, **fields, "content": {"type": "doc", "content": children_of(node)}}
    if kind in LEAVES:
        return {"type": LEAVES[kind], **fields}
    raise Invalid(f"This page holds a part of an unknown kind, “{kind[:40]}”.")


def _with_ids(blocks: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks, each with an id of its own: a node that was split or copied brings the id of another along."""
    taken: set[str] = set()
    named: list[dict[str, Any]] = []
    for block in blocks:
        block_id = block["id"] if isinstance(block["id"], str) and block["id"] not in taken else new_block_id()
        taken.add(block_id)
        named.append({**block, "id": block_id})
    return named
