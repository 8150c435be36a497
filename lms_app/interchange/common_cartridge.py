"""Reading a Common Cartridge: folder → module, folder in it → lesson, what a resource shows → page; QTI 1.2 → quizzes and the bank."""

import posixpath
import re
import unicodedata
from functools import partial
from pathlib import Path

from lms_app.domain.content.document import new_block_id
from lms_app.domain.courses.media_rules import recognise
from lms_app.errors import Invalid
from lms_app.interchange.archives import Archive, open_archive
from lms_app.interchange.asset_names import media_type
from lms_app.interchange.cartridge_links import CartridgeLinks
from lms_app.interchange.cartridge_manifest import NAME, Item, Manifest, Resource, read_manifest
from lms_app.interchange.cartridge_quizzes import CartridgeQuizzes
from lms_app.interchange.findings import Findings
from lms_app.interchange.html_pages import HtmlPage, read_html_page
from lms_app.interchange.neutral import Assessment, Asset, Block, Course, Lesson, Module, Page
from lms_app.interchange.olx_html import OlxHtml, fault_of
from lms_app.interchange.qti_tree import read_tree, words_in
from lms_app.interchange.video_addresses import watch_address
from lms_app.words import CompletionRule

BESIDE = "More from the cartridge"
"""What the module is called that takes what stands in no place of the organisation."""
_PAGES = (".html", ".htm", ".xhtml")
_SAID = {
    "topic": ("discussion topic", "Lyceum has no discussions yet."),
    "lti": ("LTI link", "It runs on another platform."),
    "assignment": ("assignment", "Lyceum takes quizzes, not assignments of other systems."),
}
_BESIDE = {
    "curriculumStandardsMetadataSet": "Standards of a curriculum are not taken.",
    "curriculumStandardsMetadata": "Standards of a curriculum are not taken.",
    "authorizations": "What it asks of other systems before it may be used was not taken.",
    "variant": "Of a part in several variants the first was taken.",
}
_SETTINGS = "canvas settings"


def read_cartridge(path: Path) -> Course:
    """The course in a Common Cartridge. Raises Invalid, with a sentence, for an archive that is harmful or holds none."""
    return read_cartridge_archive(open_archive(path))


def read_cartridge_archive(archive: Archive) -> Course:
    """The same from an archive that is already open."""
    return _Reading(archive).course()


class _Reading:
    """One cartridge being read."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._findings = Findings()
        self._manifest: Manifest = read_manifest(archive)
        self._root = self._manifest.root
        self._files = {name: (archive.size(name), partial(archive.read, name)) for name in archive}
        self._quizzes = CartridgeQuizzes(archive, self._files, self._findings)
        self._banks = {found.ref: found.path for found in self._manifest.resources.values() if self._is_bank(found)}
        self._shown: dict[str, int] = {}
        self._used: set[str] = set()
        self._refs: set[str] = set()
        self._pages = self._pages_by_name()
        self._assessments: list[Assessment] = []

    def course(self) -> Course:
        manifest = self._manifest
        modules = [self._module(item) for item in _in_folders(manifest.items)]
        modules = [module for module in modules if module.lessons or module.title]
        if more := self._pages_beside():
            lesson = Lesson(ref="beside-lesson", title=BESIDE, graded=self._is_graded(more), pages=tuple(more))
            modules.append(Module(ref="beside", title=BESIDE, lessons=(lesson,)))
        for ref, path in self._banks.items():
            self._quizzes.read_bank(path, ref, self._shown_path(path))
        self._keep_files()
        for name in manifest.beside:
            self._findings.leave_out(name, name, NAME, _BESIDE[name])
        if not manifest.resources:
            raise Invalid("The cartridge is empty: its manifest names nothing that it holds.")
        title = manifest.title or "Course"
        return Course(
            title=title,
            summary=" ".join(manifest.summary.split())[:500],
            slug=_slug(title) or "course",
            language=manifest.language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", manifest.language) else "en",
            modules=tuple(modules),
            assessments=tuple(self._assessments),
            bank=tuple(self._quizzes.bank),
            assets=self._findings.assets(),
            report=self._findings.report(),
        )

    def _pages_by_name(self) -> dict[str, str]:
        """The ref of the page that shows each resource, by its identifier and its path: a page of HTML, or what stands in the organisation."""
        pages: dict[str, str] = {}
        placed = {item.resource for top in self._manifest.items for item in top.walk()}
        for resource in self._manifest.resources.values():
            is_html = resource.kind in ("web", "associated") and resource.path.lower().endswith(_PAGES) and not self._is_assignment(resource)
            if is_html or resource.kind == "quiz" or (resource.ref in placed and resource.kind in ("web", "associated", "link")):
                pages.setdefault(resource.ref, resource.ref)
                pages.setdefault(resource.path, resource.ref)
        return pages

    def _module(self, folder: Item) -> Module:
        self._findings.counts["module"] += 1
        lessons: list[Lesson] = []
        title = folder.title or "Module"
        number = self._findings.counts["module"]
        for name, items in _lessons_of(folder, title):
            pages = [page for item in items if (page := self._page(item, f"{title} › {name}" if name != title else title)) is not None]
            graded = self._is_graded(pages)
            lessons.append(Lesson(ref=f"module-{number}-lesson-{len(lessons) + 1}", title=name, graded=graded, pages=tuple(pages)))
        return Module(ref=f"module-{number}", title=title, lessons=tuple(lessons))

    def _page(self, item: Item, place: str) -> Page | None:
        resource = self._manifest.resources.get(item.resource)
        if resource is None:
            self._findings.leave_out("item", item.title or item.resource, place, "It leads to nothing in the cartridge.")
            return None
        return self._shown_page(resource, item.title, place)

    def _shown_page(self, resource: Resource, title: str, place: str) -> Page | None:
        """The page that shows a resource, None (noted) for what cannot be shown."""
        self._used |= {resource.path, *resource.files}
        kind = "assignment" if self._is_assignment(resource) else "bank" if resource.ref in self._banks else resource.kind
        self._findings.counts[kind] += 1
        name = title or posixpath.basename(resource.path) or resource.ref
        match kind:
            case "topic" | "lti" | "assignment":
                self._findings.leave_out(_SAID[kind][0], self._own_title(resource) or name, place, _SAID[kind][1])
                return None
            case "bank":
                self._quizzes.read_bank(resource.path, resource.ref, place)
                return None
            case "quiz":
                return self._quiz_page(resource, title, place)
            case "link":
                blocks = self._link(resource, name, place)
            case "web" | "associated":
                return self._web_page(resource, title, place)
            case _:
                self._findings.leave_out(kind, name, place, "Lyceum has no such kind of part.")
                return None
        return self._made(resource, name, blocks) if blocks else None

    def _made(self, resource: Resource, title: str, blocks: list[Block], *, draft: bool = False) -> Page:
        times = self._shown[resource.ref] = self._shown.get(resource.ref, 0) + 1
        ref = resource.ref
        while times > 1 and (ref in self._manifest.resources or ref in self._refs):
            ref, times = f"{resource.ref}-{times}", times + 1
        self._refs.add(ref)
        rule = CompletionRule.READ if any(block["type"] != "quiz" for block in blocks) or not self._is_graded_block(blocks) else CompletionRule.NONE
        return Page(ref=ref, title=title, draft=draft or resource.use == "lessonplan", blocks=tuple(blocks), rule=rule)

    def _web_page(self, resource: Resource, title: str, place: str) -> Page | None:
        path = resource.path
        if path not in self._archive:
            self._findings.miss(self._shown_path(path) or resource.ref)
            return None
        if not path.lower().endswith(_PAGES):
            return self._made(resource, title or posixpath.basename(path), [self._file_block(path, title)])
        page = self._html_page(path, place)
        if page is None:
            return None
        name = title or page.title or posixpath.basename(path)
        links = CartridgeLinks(self._files, posixpath.dirname(path), self._root, self._pages, self._findings)
        blocks = OlxHtml(links, self._findings).blocks(page.body, f"{place} › {name}", name)
        return self._made(resource, name, blocks, draft=page.says.get("workflow_state") == "unpublished")

    def _html_page(self, path: str, place: str) -> HtmlPage | None:
        try:
            return read_html_page(self._archive.read(path), posixpath.basename(path))
        except Invalid as refusal:
            self._findings.leave_out("html", posixpath.basename(path), place, refusal.sentence)
            return None

    def _file_block(self, path: str, title: str) -> Block:
        name = self._asset(path)
        kind = media_type(path).partition("/")[0]
        said = title or posixpath.basename(path)
        if kind == "image":
            return {"id": new_block_id(), "type": "image", "file": name, "alt": said}
        type_ = "pdf" if media_type(path) == "application/pdf" else kind if kind in ("video", "audio") else "file"
        return {"id": new_block_id(), "type": type_, "file": name, "title": said}

    def _asset(self, path: str) -> str:
        name = self._findings.name_for(path)
        size, content = self._files[path]
        self._findings.use(name, lambda: Asset(name=name, media_type=media_type(name), size=size, content=content))
        return name

    def _link(self, resource: Resource, title: str, place: str) -> list[Block]:
        root = None
        try:
            root = read_tree(self._archive.read(resource.path), posixpath.basename(resource.path)) if resource.path in self._archive else None
        except Invalid as refusal:
            self._findings.leave_out("web link", title, place, refusal.sentence)
            return []
        url = root.find(".//url") if root is not None else None
        address = (url.get("href") or "").strip() if url is not None else ""
        if not address.startswith(("http://", "https://")):
            self._findings.leave_out("web link", title, place, "It says no address on the web.")
            return []
        said = words_in(root.find("title") if root is not None else None) or title
        if video := watch_address(address):
            return [{"id": new_block_id(), "type": "video", "url": video, "title": said[:500]}]
        block: Block = {"id": new_block_id(), "type": "embed", "url": address[:2000], "title": said[:500]}
        if fault := fault_of(block):
            self._findings.leave_out("web link", title, place, fault)
            return []
        return [block]

    def _quiz_page(self, resource: Resource, title: str, place: str) -> Page | None:
        ref = f"{resource.ref}-quiz-{self._shown.get(resource.ref, 0) + 1}"
        path = self._whole_quiz(resource)
        quiz = self._quizzes.quiz(path, resource.ref, title, place, self._banks)
        if quiz is None:
            return None
        known = Assessment(**{**vars(quiz), "ref": ref})
        self._assessments.append(known)
        return self._made(resource, quiz.title, [{"id": new_block_id(), "type": "quiz", "assessment": ref}])

    def _whole_quiz(self, resource: Resource) -> str:
        """Canvas packs each quiz twice: as Common Cartridge has it, and whole."""
        whole = f"{self._root}non_cc_assessments/{resource.ref}.xml.qti"
        return whole if whole in self._archive else resource.path

    def _is_graded_block(self, blocks: list[Block]) -> bool:
        quizzes = {quiz.ref: quiz for quiz in self._assessments}
        return any(block["type"] == "quiz" and not quizzes[block["assessment"]].practice for block in blocks)

    def _is_graded(self, pages: list[Page]) -> bool:
        return any(self._is_graded_block(list(page.blocks)) for page in pages)

    def _pages_beside(self) -> list[Page]:
        """Pages and quizzes that stand in no place of the organisation."""
        pages: list[Page] = []
        for resource in self._manifest.resources.values():
            if self._shown.get(resource.ref) or resource.path in self._used or resource.ref in self._banks or self._is_of_canvas(resource):
                continue
            if resource.kind in ("web", "associated") and not resource.path.lower().endswith(_PAGES) and not self._is_assignment(resource):
                if resource.path not in self._archive:
                    self._findings.miss(self._shown_path(resource.path) or resource.ref)
                continue
            page = self._shown_page(resource, "", BESIDE)
            if page is not None:
                pages.append(page)
        return pages

    def _keep_files(self) -> None:
        """Files that no page shows come along into the course's media; what may not is noted, as are the settings of Canvas."""
        for path in sorted(self._archive):
            inside = path.removeprefix(self._root)
            if inside == NAME or path in self._used or self._findings.has_name(path):
                continue
            if inside.startswith("course_settings/"):
                self._note_setting(path, inside)
            elif inside.endswith("/assessment_meta.xml"):
                self._findings.leave_out(
                    _SETTINGS, posixpath.basename(path), inside, "Of its settings those of groups and single students were not taken."
                )
            elif not inside.startswith("non_cc_assessments/") and not inside.endswith("/assessment_qti.xml"):
                self._keep_file(path, inside)

    def _keep_file(self, path: str, inside: str) -> None:
        if path in self._banks.values():
            return
        try:
            recognise(posixpath.basename(path), self._archive.read(path)[:512])
        except Invalid as refusal:
            self._findings.leave_out("file", posixpath.basename(path), inside, refusal.sentence)
            return
        self._asset(path)

    def _note_setting(self, path: str, inside: str) -> None:
        name = posixpath.basename(path)
        if name == "canvas_export.txt" or (name == "syllabus.html" and not self._says_something(path)):
            return
        self._findings.leave_out(_SETTINGS, name, inside, "Settings of Canvas are not taken.")

    def _says_something(self, path: str) -> bool:
        page = self._html_page(path, self._shown_path(path))
        return page is not None and bool(re.sub(r"<(?!img|video|audio|iframe)[^>]*>|&nbsp;|\s", "", page.body))

    def _is_of_canvas(self, resource: Resource) -> bool:
        """Whether a resource is settings, or what Canvas keeps beside a quiz. A syllabus that says something is a page."""
        inside = resource.path.removeprefix(self._root)
        if resource.use == "syllabus" or inside.endswith("syllabus.html"):
            return not (resource.path in self._archive and self._says_something(resource.path))
        return inside.startswith(("course_settings/", "non_cc_assessments/")) or inside.endswith("/assessment_meta.xml")

    def _is_bank(self, resource: Resource) -> bool:
        if resource.kind == "bank":
            return True
        return resource.kind == "associated" and resource.path.endswith(".xml.qti")

    def _is_assignment(self, resource: Resource) -> bool:
        return resource.kind == "assignment" or any(path.endswith("/assignment_settings.xml") for path in resource.files)

    def _own_title(self, resource: Resource) -> str:
        """The title that a part gives itself in its own file."""
        for path in (*resource.files, resource.path):
            if path in self._archive and path.endswith(".xml"):
                try:
                    root = read_tree(self._archive.read(path), posixpath.basename(path))
                except Invalid:
                    continue
                if said := words_in(root.find("title")):
                    return said[:200]
        return ""

    def _shown_path(self, path: str) -> str:
        return path.removeprefix(self._root)


def _in_folders(items: tuple[Item, ...]) -> list[Item]:
    """The outermost folders; what stands beside them without one is put in folders of the course's own."""
    folders: list[Item] = []
    loose: list[Item] = []
    for item in items:
        if item.items or not item.resource:
            if loose:
                folders.append(Item(title=loose[0].title, items=tuple(loose)))
                loose = []
            folders.append(item)
        else:
            loose.append(item)
    return [*folders, Item(title=loose[0].title, items=tuple(loose))] if loose else folders


def _lessons_of(folder: Item, title: str) -> list[tuple[str, list[Item]]]:
    """The lessons of a module with what they show, in order. A folder in it is a lesson, named by its way where it lies deeper; so is what follows a
    heading, which is an item without anything."""
    lessons: list[tuple[str, list[Item]]] = []
    current: list[Item] = []
    name = title
    if folder.resource:
        current.append(Item(title=folder.title, resource=folder.resource))
    for item in folder.items:
        if item.resource and not item.items:
            current.append(item)
            continue
        if current or name != title:
            lessons.append((name, current))
        current, name = [], title
        if item.items:
            own = item.title or title
            lessons += [(own if inner == own else f"{own} › {inner}", shown) for inner, shown in _lessons_of(item, own)]
        else:
            name = item.title or title
    return [*lessons, (name, current)] if current or name != title else lessons


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
