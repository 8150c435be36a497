"""The manifest of a Common Cartridge (1.0 to 1.4, thin ones too): what it holds, and in which order."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from lms_app.errors import Invalid
from lms_app.interchange.archives import Archive
from lms_app.interchange.qti_tree import children, read_tree, words_in

NAME = "imsmanifest.xml"
MOST_ITEMS = 20_000
_KINDS = (
    (re.compile(r"^imsqti.*/assessment$"), "quiz"),
    (re.compile(r"^imsqti.*/question-bank$"), "bank"),
    (re.compile(r"^imsdt_"), "topic"),
    (re.compile(r"^imsbasiclti_|^imslti_"), "lti"),
    (re.compile(r"^imswl_"), "link"),
    (re.compile(r"^assignment_"), "assignment"),
    (re.compile(r"^webcontent$"), "web"),
    (re.compile(r"learning-application-resource$"), "associated"),
)


@dataclass(frozen=True, kw_only=True)
class Item:
    """A place in the organisation: a folder, or what a resource shows."""

    title: str
    resource: str = ""
    items: tuple["Item", ...] = ()

    def walk(self) -> Iterator["Item"]:
        """The item and all below it, in order."""
        yield self
        for item in self.items:
            yield from item.walk()


@dataclass(frozen=True, kw_only=True)
class Resource:
    """Something that the cartridge holds. `kind` is quiz, bank, topic, lti, link, assignment, web or associated; else the type in its own words.
    Paths are those in the archive."""

    ref: str
    kind: str
    path: str
    files: tuple[str, ...] = ()
    use: str = ""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A cartridge at a glance. `root` is the folder of the manifest, "" or ending in a slash. `beside` names parts of the manifest that say more
    than a course can hold."""

    root: str
    title: str
    summary: str
    language: str
    items: tuple[Item, ...]
    resources: dict[str, Resource] = field(default_factory=dict)
    beside: tuple[str, ...] = ()


def read_manifest(archive: Archive) -> Manifest:
    """The manifest of an archive. Raises Invalid where there is none, or it is one of another kind of package."""
    path = _path(archive)
    root = read_tree(archive.read(path), NAME)
    if root.tag != "manifest":
        raise Invalid(f"The archive's {NAME} is no manifest.")
    schema = words_in(root.find("metadata/schema"))
    if "scorm" in schema.lower():
        raise Invalid("This is a SCORM package: it runs its own scripts, so it cannot become a course.")
    if "cartridge" not in schema.lower():
        raise Invalid(f"The manifest describes {schema[:60] or 'another kind of package'}, not a Common Cartridge.")
    folder = path.removesuffix(NAME)
    resources = {found.ref: found for element in root.iterfind("resources/resource") if (found := _resource(element, folder, root)).ref}
    organization = root.find("organizations/organization")
    budget = iter(range(MOST_ITEMS))
    top = [_item(element, budget) for element in organization.iterfind("item")] if organization is not None else []
    # The outermost item is the course itself.
    items = tuple(child for item in top for child in (item.items if not item.resource and (item.items or not item.title) else (item,)))
    lom = next((found for found in root.iterfind("metadata/*") if found.tag == "lom"), None)
    return Manifest(
        root=folder,
        title=_said(lom, "general/title") or (words_in(organization.find("title")) if organization is not None else ""),
        summary=_said(lom, "general/description"),
        language=words_in(lom.find("general/language")) if lom is not None else "",
        items=items,
        resources=resources,
        beside=_beside(root),
    )


def _path(archive: Archive) -> str:
    found = sorted((name for name in archive if posixpath.basename(name) == NAME), key=lambda name: (name.count("/"), name))
    if not found:
        raise Invalid(f"There is no {NAME} in the archive, so it is not a Common Cartridge.")
    return found[0]


def _item(element: etree._Element, budget: Iterator[int]) -> Item:
    if next(budget, None) is None:
        raise Invalid(f"The cartridge's organisation holds too many items: more than {MOST_ITEMS:,}.")
    return Item(
        title=words_in(element.find("title"))[:400],
        resource=element.get("identifierref") or "",
        items=tuple(_item(child, budget) for child in element.iterfind("item")),
    )


def _resource(element: etree._Element, folder: str, root: etree._Element) -> Resource:
    resources = root.find("resources")
    base = (resources.get("base") or "" if resources is not None else "") + (element.get("base") or "")
    type_ = element.get("type") or ""
    kind = next((kind for pattern, kind in _KINDS if pattern.search(type_)), type_[:80] or "resource")
    files = tuple(_joined(folder, base, found.get("href") or "") for found in element.iterfind("file") if found.get("href"))
    path = _joined(folder, base, element.get("href") or "") if element.get("href") else files[0] if files else ""
    return Resource(
        ref=(element.get("identifier") or "")[:200],
        kind=kind,
        path=path,
        files=files,
        use=(element.get("intendeduse") or "").lower(),
    )


def _joined(folder: str, base: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(folder, base, unquote(address).split("?")[0].split("#")[0]))


def _said(lom: etree._Element | None, path: str) -> str:
    """A text that is said in one or more languages: the first of them."""
    found = lom.find(path) if lom is not None else None
    if found is None:
        return ""
    parts = list(children(found))
    return words_in(parts[0]) if parts else words_in(found)


def _beside(root: etree._Element) -> tuple[str, ...]:
    """What standards, authorisations and variants there are, by the names of their elements."""
    names = ("curriculumStandardsMetadataSet", "curriculumStandardsMetadata", "authorizations", "variant")
    found = {str(element.tag) for element in root.iter(etree.Element)}
    return tuple(name for name in names if name in found)
