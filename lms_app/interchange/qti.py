"""QTI 1.2, 2.1, 2.2 and 3.0, items and packages, into the neutral document; and what a response to an item earns."""

import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from lms_app.errors import Invalid
from lms_app.interchange.archives import Archive, Limits, open_archive
from lms_app.interchange.findings import Findings
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.neutral import Bank, Question
from lms_app.interchange.olx_html import OlxHtml
from lms_app.interchange.package_links import PackageLinks
from lms_app.interchange.picture_sizes import MOST_BYTES, picture_size
from lms_app.interchange.qti12_items import OldItemReader, old_key
from lms_app.interchange.qti12_material import kind_of
from lms_app.interchange.qti12_scoring import responses_of, score_old_item
from lms_app.interchange.qti_items import ItemReader
from lms_app.interchange.qti_keys import best_score
from lms_app.interchange.qti_scoring import MOST_VALUES, declared_responses, score_item
from lms_app.interchange.qti_tree import read_tree

Files = Mapping[str, tuple[int, Callable[[], bytes]]]
"""The files of a package: size and bytes by path."""

MOST_ITEMS = 5_000
_LIMITS = Limits(entries=10_000, expanded=1 << 30)
_ENDINGS = (".xml", ".qti")
_OLD, _NEW = "questestinterop", "assessmentItem"
_TESTS = ("assessmentTest", "assessmentSection")


@dataclass(frozen=True, kw_only=True)
class ItemScore:
    """What a response earned in one item, and what the key earns (None where a person marks it). `fault` is why it could not be scored."""

    identifier: str
    title: str
    score: Decimal | None
    best: Decimal | None
    fault: str = ""


def read_qti(source: bytes, name: str = "This file", *, files: Files | None = None, folder: str = "") -> Bank:
    """The questions of one QTI file; what cannot be taken is in the report with its item. `files` are what may lie beside it in a package.

    Raises Invalid for what is no QTI or is dangerous.
    """
    reader = QtiReader(files or {})
    root = read_tree(source, name)
    if not reader.read(root, folder, posixpath.basename(name) or name):
        raise Invalid(f"{name} holds no QTI items.")
    return reader.bank()


def read_qti_package(path: Path) -> Bank:
    """The questions of a QTI package or of a cartridge with QTI in it, as .zip. Raises Invalid for what is no harmless one."""
    archive = open_archive(path, _LIMITS)
    reader = QtiReader({name: (archive.size(name), _reads(archive, name)) for name in archive})
    # A cartridge of Canvas holds its quizzes twice: as Common Cartridge has it, and whole.
    found = 0
    for name in sorted((name for name in archive if name.lower().endswith(_ENDINGS)), key=lambda name: ("non_cc_assessments" not in name, name)):
        try:
            root = read_tree(archive.read(name), name)
        except Invalid as refusal:
            reader.findings.leave_out("file", posixpath.basename(name), name, refusal.sentence)
            continue
        found += reader.read(root, posixpath.dirname(name), name)
    if not found:
        raise Invalid("This archive holds no QTI items.")
    return reader.bank()


def score_items(source: bytes, name: str, given: object) -> tuple[ItemScore, ...]:
    """What a response earns in each item of a file, by the items' own rules.

    `given` is JSON: the values by response identifier, or that by item identifier where there are several items; for an item with one response the
    values alone. A value is a text, a number, a pair or a point as a list of two, or one of them as the QTI JSON representation writes it.
    Raises Invalid for what is no QTI and for responses that the items do not have.
    """
    items = list(_items(read_tree(source, name)))
    if not items:
        raise Invalid(f"{name} holds no QTI items.")
    names = [_identifier(item) for item in items]
    if len(items) > 1:
        if not isinstance(given, dict) or not set(given) <= set(names):
            raise Invalid(f"{name} holds {len(items)} items: give the responses by item identifier.")
        return tuple(_scored(item, given.get(identifier, {})) for item, identifier in zip(items, names, strict=True))
    if isinstance(given, dict) and set(given) == {names[0]} and isinstance(given[names[0]], dict) and names[0] not in _response_names(items[0]):
        given = given[names[0]]
    return (_scored(items[0], given),)


class QtiReader:
    """What all files of a package are read with."""

    def __init__(self, files: Files, findings: Findings | None = None) -> None:
        self.findings = findings or Findings()
        self._files = files
        self._questions: list[Question] = []
        self._seen: set[str] = set()

    def bank(self) -> Bank:
        return Bank(questions=tuple(self._questions), assets=self.findings.assets(), report=self.findings.report())

    def questions(self, items: Iterable[etree._Element], folder: str, name: str) -> list[Question]:
        """The questions of these items of a tree; what is no question is noted."""
        html = OlxHtml(PackageLinks(self._files, folder, self.findings), self.findings)
        before = len(self._questions)
        for number, item in enumerate(items, start=1):
            self._read_item(item, html, name, number)
        return self._questions[before:]

    def read(self, root: etree._Element, folder: str, name: str) -> bool:
        """Reads the items of a tree; whether it is QTI at all."""
        if root.tag in _TESTS:
            self.findings.leave_out(str(root.tag), root.get("title") or name, name, "Only the items of a test are read, from their own files.")
            return True
        if root.tag not in (_OLD, _NEW):
            return False
        items = list(_items(root))
        if not items:
            self.findings.leave_out(str(root.tag), name, name, "It holds no items of its own.")
        self.questions(items, folder, name)
        return True

    def _read_item(self, item: etree._Element, html: OlxHtml, name: str, number: int) -> None:
        identifier = _identifier(item) or f"item-{number}"
        place = f"{name}, item {identifier}"
        if len(self._questions) >= MOST_ITEMS:
            raise Invalid(f"This holds more than {MOST_ITEMS:,} items.")
        if identifier in self._seen and item.tag == "item" and self._files:
            return
        kind = _kind(item)
        self.findings.counts[kind] += 1
        title = item.get("title") or identifier

        def note(kind: str, title: str, reason: str) -> None:
            self.findings.leave_out(kind, title, place, reason)

        reader = OldItemReader(html, note, self._size) if item.tag == "item" else ItemReader(html, note, self._size)
        try:
            self._questions.append(reader.question(item, place, identifier))
            self._seen.add(identifier)
        except (Unfit, Invalid) as refusal:
            self.findings.leave_out(kind, title, place, str(refusal))

    def _size(self, name: str) -> tuple[int, int] | None:
        """Width and height of a picture of the package, None of what is none."""
        for path, (size, content) in self._files.items():
            if self.findings.name_for(path) == name and size <= MOST_BYTES:
                return picture_size(content())
        return None


def _reads(archive: Archive, name: str) -> Callable[[], bytes]:
    return lambda: archive.read(name)


def _items(root: etree._Element) -> Iterable[etree._Element]:
    """The items of a file; a reference to one in a bank elsewhere counts too, so that it is reported."""
    if root.tag == _NEW:
        return [root]
    return list(root.iter("item", "bankentry_item")) if root.tag == _OLD else []


def _identifier(item: etree._Element) -> str:
    return (item.get("identifier") or item.get("ident") or item.get("item_ref") or "")[:200]


def _kind(item: etree._Element) -> str:
    """The item's kind in the source's word: its interactions, or what a QTI 1.2 item says of itself."""
    if item.tag == _NEW:
        body = item.find("itemBody")
        found = [str(part.tag) for part in body.iter(etree.Element) if str(part.tag).endswith("Interaction")] if body is not None else []
        return " + ".join(dict.fromkeys(found)) or "assessmentItem"
    if item.tag == "bankentry_item":
        return "bankentry_item"
    return kind_of(item) or " + ".join(dict.fromkeys(str(found.tag) for found in responses_of(item))) or "item"


def _response_names(item: etree._Element) -> list[str]:
    if item.tag == _NEW:
        return list(declared_responses(item))
    return [found.get("ident") or "" for found in responses_of(item)]


def _scored(item: etree._Element, given: object) -> ItemScore:
    names = _response_names(item)
    if not isinstance(given, dict) or (len(names) == 1 and names[0] not in given and set(given) & {"base", "list", "x"}):
        if len(names) != 1:
            raise Invalid("This item has several responses: give the values by response identifier.")
        given = {names[0]: given}
    for name in given:
        if name not in names:
            raise Invalid(f"The item has no response “{str(name)[:60]}”, but {', '.join(names)[:300] or 'none at all'}.")
    values = {str(name): _values(value) for name, value in given.items()}
    identifier, title = _identifier(item), item.get("title") or ""
    try:
        if item.tag == _NEW:
            best = best_score(item, declared_responses(item))
            return ItemScore(identifier=identifier, title=title, score=score_item(item, values), best=best)
        key = old_key(item)
        best = score_old_item(item, key) if key else None
        return ItemScore(identifier=identifier, title=title, score=score_old_item(item, values), best=best)
    except Invalid as refusal:
        return ItemScore(identifier=identifier, title=title, score=None, best=None, fault=refusal.sentence)


def _values(given: object) -> list[str]:
    """The values of one response as QTI writes them."""
    match given:
        case None:
            return []
        case {"base": inner}:
            return [] if inner is None else [_value(next(iter(inner.values())))] if isinstance(inner, dict) and inner else []
        case {"list": {**inner}}:
            return [_value(value) for value in list(next(iter(inner.values()), []))[:MOST_VALUES]]
        case list():
            return [_value(value) for value in given[:MOST_VALUES]]
    return [_value(given)]


def _value(given: Any) -> str:
    match given:
        case bool():
            return "true" if given else "false"
        case str() | int() | float():
            return str(given)[:10_000]
        case [one, other]:
            return f"{_value(one)} {_value(other)}"
        case {"x": x, "y": y}:
            return f"{_value(x)} {_value(y)}"
    raise Invalid("A value of a response is a text, a number, or a list of two.")
