"""The tree of an OLX archive, with every pointer followed: which file holds what, under which policy."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from lms_app.errors import Invalid
from lms_app.interchange.archives import Archive
from lms_app.interchange.findings import Findings
from lms_app.interchange.xml import NotWellFormed, parse_xml

CONTAINERS = {
    "chapter", "sequential", "videosequence", "vertical", "problemset", "wrapper",
    "library_content", "itembank", "split_test", "conditional", "randomize",
}  # fmt: skip
_NOT_BLOCKS = {"wiki", "textbook", "pdf_textbook", "html_textbook", "grading_policy"}
_POINTER_ATTRIBUTES = {"url_name", "slug", "org", "course", "filename"}
_BLOCK_ADDRESS = re.compile(r"(?:type@|i4x://[^/]+/[^/]+/)(?P<tag>[A-Za-z_][\w-]{0,60})(?:\+block@|/)(?P<name>[\w.:-]{1,200})$")
_MAX_NODES = 50_000
_MAX_DEPTH = 16
_MAX_JSON = 8 << 20


@dataclass(frozen=True, kw_only=True)
class OlxNode:
    """One block of the source. `element` holds its content, `attributes` what file, pointer and policy say together. `fault` says why
    the content could not be read."""

    tag: str
    url_name: str
    attributes: dict[str, str]
    element: etree._Element = field(repr=False)
    folder: str
    children: tuple["OlxNode", ...] = ()
    is_draft: bool = False
    fault: str = ""

    @property
    def title(self) -> str:
        """The name that its author gave it, or ""."""
        return self.attributes.get("display_name", "").strip()

    def walk(self) -> Iterator["OlxNode"]:
        """The node and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


class OlxSource:
    """Reads the blocks of an archive. `root` is the folder that holds course.xml, "" or ending in a slash."""

    def __init__(self, archive: Archive, findings: Findings) -> None:
        self.archive = archive
        self.root = _course_folder(archive)
        self.run = ""
        self._findings = findings
        self._nodes = 0
        self._policy: dict[str, Any] = {}
        self._drafts: dict[str, list[tuple[int, etree._Element]]] = {}

    def course(self) -> OlxNode:
        """The whole tree. Invalid where there is no course in it."""
        pointer = parse_xml(self.archive.read(f"{self.root}course.xml"), "course.xml")
        if pointer.tag == "library":
            raise Invalid("This archive holds a library of problems, not a course.")
        if pointer.tag != "course":
            raise Invalid("The archive's course.xml does not describe a course.")
        self.run = pointer.get("url_name", "")
        self._policy = self._read_policy(self.run)
        self._drafts = self._read_drafts()
        course = self._node(pointer, self.root, ())
        if course is None:
            raise Invalid("The archive's course.xml points to a file that is not there.")
        if course.fault:
            raise Invalid(course.fault)
        return course

    def text(self, path: str) -> str | None:
        """A text file of the course by its path below the root, or None."""
        name = self.root + path
        return self.archive.read(name).decode("utf-8", "replace") if name in self.archive else None

    def names(self, folder: str) -> Iterator[str]:
        """The files below a folder of the course, by their path in that folder."""
        start = f"{self.root}{folder}/"
        return (name[len(start) :] for name in self.archive if name.startswith(start))

    def _node(self, pointer: etree._Element, folder: str, above: tuple[tuple[str, str], ...], *, is_draft: bool = False) -> OlxNode | None:
        """The block that an element is or points to, or None (noted) where its file is missing or cannot be read."""
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            raise Invalid(f"The course holds too many parts: more than {_MAX_NODES}.")
        tag = str(pointer.tag)
        url_name = pointer.get("url_name") or pointer.get("slug") or ""
        if (url_name and (tag, url_name) in above) or len(above) > _MAX_DEPTH:
            raise Invalid(f"The course's parts hold one another in a circle ({tag} {url_name[:60]}).")
        fault = ""
        try:
            element, folder = self._followed(pointer, tag, url_name, folder)
        except NotWellFormed as error:
            element, fault = pointer, error.sentence
        if element is None:
            return None
        self._findings.counts[tag] += 1
        attributes = {**_attributes(element), **_attributes(pointer), **self._policy_of(tag, url_name)}
        node = OlxNode(tag=tag, url_name=url_name, attributes=attributes, element=element, folder=folder, is_draft=is_draft, fault=fault)
        if tag != "course" and tag not in CONTAINERS:
            return node
        children = []
        for child, child_folder, child_is_draft in self._children(node):
            found = self._node(child, child_folder, (*above, (tag, url_name)), is_draft=child_is_draft)
            if found is not None:
                children.append(found)
        return replace(node, children=tuple(children))

    def _children(self, node: OlxNode) -> list[tuple[etree._Element, str, bool]]:
        """The blocks inside, published ones first and in order, then drafts that were never published at the place they name."""
        children = [(child, node.folder, False) for child in _shown(node.element) if child.tag not in _NOT_BLOCKS]
        published = {child.get("url_name") for child, _, _ in children}
        for place, draft in sorted(self._drafts.get(node.url_name, ()), key=lambda found: found[0]) if node.tag == "sequential" else ():
            if draft.get("url_name") not in published:
                children.insert(min(place, len(children)), (draft, f"{self.root}drafts/", True))
                continue
            title, path = draft.get("display_name") or "", f"drafts/vertical/{draft.get('url_name')}.xml"
            self._findings.leave_out("draft", title, path, "It holds changes that were never published; the published page was taken.")
        return children

    def _followed(self, pointer: etree._Element, tag: str, url_name: str, folder: str) -> tuple[etree._Element | None, str]:
        """The element with the content, and the folder whose files it names."""
        if len(pointer) or (pointer.text or "").strip():
            return pointer, folder
        file_name = pointer.get("filename", "") if tag != "html" else ""
        for name in filter(None, (url_name, file_name)):
            for start in dict.fromkeys((folder, self.root)):
                path = f"{start}{tag}/{name.replace(':', '/')}.xml"
                if path in self.archive:
                    return self._parsed(path), start
        if url_name and set(pointer.attrib) <= _POINTER_ATTRIBUTES and tag != "html":
            self._findings.miss(f"{tag}/{url_name}.xml")
            return None, folder
        return pointer, folder

    def _parsed(self, path: str) -> etree._Element:
        return parse_xml(self.archive.read(path), path.removeprefix(self.root))

    def _read_policy(self, url_name: str) -> dict[str, Any]:
        for path in (f"policies/{url_name}/policy.json", f"policies/{url_name}.json"):
            found = self.json(path)
            if isinstance(found, dict):
                return found
        return {}

    def json(self, path: str) -> Any:
        """A JSON file of the course, or None where it is missing or is no JSON."""
        name = self.root + path
        if name not in self.archive or self.archive.size(name) > _MAX_JSON:
            return None
        try:
            return json.loads(self.archive.read(name))
        except (ValueError, RecursionError):
            return None

    def _policy_of(self, tag: str, url_name: str) -> dict[str, str]:
        found = self._policy.get(f"{tag}/{url_name}")
        if not isinstance(found, dict):
            return {}
        return {str(key): _as_attribute(value) for key, value in found.items() if value is not None}

    def _read_drafts(self) -> dict[str, list[tuple[int, etree._Element]]]:
        """Units that exist as drafts, by the name of the sequential they belong to."""
        drafts: dict[str, list[tuple[int, etree._Element]]] = {}
        for name in sorted(self.names("drafts/vertical")):
            if not name.endswith(".xml"):
                continue
            path = f"drafts/vertical/{name}"
            try:
                element = self._parsed(self.root + path)
            except NotWellFormed as error:
                self._findings.leave_out("draft", path, path, error.sentence)
                continue
            element.set("url_name", name.removesuffix(".xml"))
            parent = element.get("parent_url") or element.get("parent_sequential_url") or ""
            place = element.get("index_in_children_list", "")
            parent_name = parent.replace("@", "/").rsplit("/", 1)[-1]
            drafts.setdefault(parent_name, []).append((int(place) if place.isdecimal() and len(place) < 6 else 10**6, element))
        return drafts


def _course_folder(archive: Archive) -> str:
    """The folder of the course.xml that lies highest."""
    found = sorted((name for name in archive if PurePosixPath(name).name == "course.xml"), key=lambda name: name.count("/"))
    if not found:
        if any(PurePosixPath(name).name == "library.xml" for name in archive):
            raise Invalid("This archive holds a library of problems, not a course.")
        raise Invalid("There is no course.xml in the archive, so it is not an OLX course.")
    highest = [name for name in found if name.count("/") == found[0].count("/")]
    if len(highest) > 1:
        raise Invalid("The archive holds several courses. Import one at a time.")
    return highest[0].removesuffix("course.xml")


def _shown(element: etree._Element) -> Iterator[etree._Element]:
    """The blocks written inside an element; a `show` of a conditional names its blocks in a list of addresses."""
    for child in element:
        if child.tag != "show":
            yield child
            continue
        for address in child.get("sources", "").split(";"):
            if found := _BLOCK_ADDRESS.search(address.strip()):
                yield etree.Element(found["tag"], url_name=found["name"])


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def _as_attribute(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)
