"""A folder of Markdown, read: the outermost folders are modules, those in them lessons, each text is a page; what lies beside comes along.

A `.gift` beside the texts is a quiz: on the page that names it, `::quiz(NAME.gift)`, or on a page of its own.
"""

import posixpath
import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

from markdown_it.token import Token

from lms_app.domain.content.document import document_of
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.domain.content.markdown_reading import tokens_of
from lms_app.domain.courses.leading import Leading
from lms_app.domain.courses.media_rules import recognise
from lms_app.errors import Invalid
from lms_app.interchange.archives import Archive
from lms_app.interchange.asset_names import media_type
from lms_app.interchange.findings import Findings
from lms_app.interchange.front_matter import lines_of, read_front_matter, text_of
from lms_app.interchange.markdown_quiz_reading import FolderLinks, read_bank, read_quiz
from lms_app.interchange.neutral import Assessment, Asset, Block, Course, Lesson, Module, Page, Question
from lms_app.words import CompletionRule

MOST_TEXT = 2_000_000
_TEXTS = (".md", ".markdown")
_QUIZ, _BANK = ".gift", "bank.gift"
_QUIZ_LINE = re.compile(r"^::quiz\((?P<path>[^()\s]+)\)", re.MULTILINE)
_INDEX = ("index", "_index", "readme", "course")
_HEADING = re.compile(r"\A\s*#[ \t]+(?P<title>[^\n]+?)[ \t#]*(?:\n|\Z)")
_FRONT = re.compile(r"^[\d]+[-_. ]+")
_DIRECTIVE = re.compile(r"^(?P<start>::(?:video|audio|file|pdf|image)(?:\[[^\[\]\n]*\])?\()(?!\w+:)(?P<path>[^()\s]+)(?=\))", re.MULTILINE)
_OUTSIDE = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//|/|#)")


@dataclass(frozen=True, kw_only=True)
class _Text:
    """A text of the folder: its path, what it says of itself, and the rest."""

    path: str
    said: dict[str, Any]
    text: str


def read_markdown_folder(archive: Archive) -> Course:
    """The course in an archive of Markdown. Raises Invalid where there are no texts in it."""
    return _Reading(archive).course()


class _Reading:
    """One folder being read."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._findings = Findings()
        self._root = _common_folder(archive)
        self._texts = {path: self._read(path) for path in sorted(self._paths(), key=_natural)}
        self._quizzes: dict[str, Assessment] = {}
        self._placed: set[str] = set()
        if not self._texts:
            raise Invalid("There are no Markdown texts (.md) in this archive.")
        shown = [path for path in self._texts if not self._is_empty_index(path)]
        self._refs = {path: f"page-{number}" for number, path in enumerate(shown, start=1)}

    def course(self) -> Course:
        about = self._about("")
        top = [path for path in self._texts if "/" not in path and not self._is_empty_index(path)]
        folders = list(dict.fromkeys(path.split("/")[0] for path in self._texts if "/" in path))
        title = text_of(about, "title", "name") or "Course"
        modules = [self._module(folder) for folder in folders]
        if top:
            lesson = Lesson(ref="lesson-0", title=title, pages=tuple(self._page(path, title) for path in top))
            modules.insert(0, Module(ref="module-0", title=title, lessons=(lesson,)))
        bank = self._bank()
        self._keep_files()
        cover = self._file(text_of(about, "cover"), "")
        language = text_of(about, "language", "lang")
        return Course(
            title=title,
            summary=text_of(about, "summary", "description")[:500],
            slug=_slug(title) or "course",
            language=language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", language) else "en",
            level=text_of(about, "level")[:60],
            tags=tuple(tag[:40] for tag in lines_of(about, "tags"))[:12],
            objectives=tuple(line[:300] for line in lines_of(about, "objectives"))[:40],
            cover=cover,
            modules=tuple(modules),
            assessments=tuple(self._quizzes[path] for path in self._quizzes if path in self._placed),
            bank=bank,
            categories=tuple(sorted({question.category for question in bank if question.category})),
            assets=self._findings.assets(),
            report=self._findings.report(),
        )

    def _paths(self) -> list[str]:
        inside = [path.removeprefix(self._root) for path in self._archive if path.startswith(self._root)]
        texts = [path for path in inside if path.lower().endswith(_TEXTS)]
        named = {found for path in texts for found in self._quizzes_named(path)}
        # A quiz that no text names is a page of its own.
        return [*texts, *(path for path in inside if path.lower().endswith(_QUIZ) and path not in named and path != _BANK)] if texts else []

    def _quizzes_named(self, path: str) -> list[str]:
        if self._archive.size(self._root + path) > MOST_TEXT:
            return []
        text = self._archive.read(self._root + path).decode("utf-8", "replace")
        return [self._found(found["path"], path) for found in _QUIZ_LINE.finditer(text)]

    def _read(self, path: str) -> _Text:
        if path.lower().endswith(_QUIZ):
            return _Text(path=path, said={}, text=f"::quiz({quote(posixpath.basename(path))})\n")
        if self._archive.size(self._root + path) > MOST_TEXT:
            self._findings.leave_out("text", posixpath.basename(path), path, "It is too long to be a page.")
            return _Text(path=path, said={}, text="")
        text = self._archive.read(self._root + path).decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\x00", "")
        said, rest = read_front_matter(text)
        return _Text(path=path, said=said, text=rest)

    def _about(self, folder: str) -> dict[str, Any]:
        """What a folder says of itself: the front matter of its index."""
        found = [path for path in self._texts if posixpath.dirname(path) == folder and _stem(path) in _INDEX]
        for path in sorted(found, key=lambda path: -_INDEX.index(_stem(path)) if not folder else _INDEX.index(_stem(path))):
            if self._texts[path].said:
                return self._texts[path].said
        return {}

    def _is_empty_index(self, path: str) -> bool:
        return _stem(path) in _INDEX and not self._texts[path].text.strip()

    def _module(self, folder: str) -> Module:
        inside = [path for path in self._texts if path.startswith(f"{folder}/")]
        title = text_of(self._about(folder), "title") or _titled(folder)
        own = [path for path in inside if posixpath.dirname(path) == folder and not self._is_empty_index(path)]
        lessons = [self._lesson(below, title) for below in dict.fromkeys(map(posixpath.dirname, inside)) if below != folder]
        if own:
            pages = tuple(self._page(path, title) for path in own)
            lessons.insert(0, Lesson(ref=f"{folder}-lesson", title=title, pages=pages))
        return Module(ref=folder, title=title, lessons=tuple(lessons))

    def _lesson(self, folder: str, module: str) -> Lesson:
        """A folder at any depth below a module: the folders on the way there are in its title."""
        about = self._about(folder)
        steps = folder.split("/")[1:]
        title = text_of(about, "title") or " › ".join(map(_titled, steps))
        paths = [path for path in self._texts if posixpath.dirname(path) == folder and not self._is_empty_index(path)]
        pages = tuple(self._page(path, f"{module} › {title}") for path in paths)
        return Lesson(ref=f"{folder}-lesson", title=title, graded=about.get("graded") is True, category=text_of(about, "category")[:100], pages=pages)

    def _page(self, path: str, place: str) -> Page:
        found = self._texts[path]
        heading = _HEADING.match(found.text)
        own = self._quiz(path, place).title if path.lower().endswith(_QUIZ) else text_of(found.said, "title")
        title = own or (re.sub(r"[*_`]", "", heading["title"]) if heading else "") or _titled(_stem(path))
        text = found.text[heading.end() :] if heading and not text_of(found.said, "title") else found.text
        rule = text_of(found.said, "rule")
        return Page(
            ref=self._refs[path],
            title=title[:200],
            draft=found.said.get("draft") is True,
            blocks=tuple(self._blocks(text, path, f"{place} › {title}")),
            rule=CompletionRule(rule) if rule in set(CompletionRule) else CompletionRule.READ,
            required=found.said.get("required") is not False,
        )

    def _blocks(self, text: str, path: str, place: str) -> list[Block]:
        try:
            document = document_from_markdown(self._led(text, path))
            leading = Leading(file=lambda name: self._file(name, path), assessment=lambda ref: ref, address=lambda to: to)
            found = [self._with_quiz(block, path, place) if block["type"] == "quiz" else block for block in document.dump()["blocks"]]
            blocks = leading.lead([block for block in found if block is not None])
            return document_of(blocks).dump()["blocks"] if blocks else []
        except Invalid as refusal:
            self._findings.leave_out("text", posixpath.basename(path), place, refusal.sentence)
            return []

    def _with_quiz(self, block: Block, path: str, place: str) -> Block | None:
        """The place of a quiz by the quiz's ref, None (noted) where there is none, or where it stands elsewhere already."""
        quiz = self._found(block["assessment"], path)
        if not quiz.lower().endswith(_QUIZ):
            self._findings.miss(block["assessment"][:400])
            return None
        if quiz in self._placed:
            self._findings.leave_out("quiz", posixpath.basename(quiz), place, "It stands on another page already.")
            return None
        self._placed.add(quiz)
        return {**block, "assessment": self._quiz(quiz, place).ref}

    def _quiz(self, path: str, place: str) -> Assessment:
        if path not in self._quizzes:
            title, ref = _titled(_stem(path)), f"quiz-{len(self._quizzes) + 1}"
            self._quizzes[path] = read_quiz(self._gift(path), path, ref, title, self._links(path), self._findings)
        return self._quizzes[path]

    def _bank(self) -> tuple[Question, ...]:
        """The questions of the bank, where the folder has one."""
        full = self._root + _BANK
        return read_bank(self._gift(_BANK), _BANK, self._links(_BANK), self._findings) if full in self._archive else ()

    def _gift(self, path: str) -> bytes:
        if self._archive.size(self._root + path) > 4 * MOST_TEXT:
            self._findings.leave_out("quiz", posixpath.basename(path), path, "It is too long to be read.")
            return b""
        return self._archive.read(self._root + path)

    def _links(self, path: str) -> FolderLinks:
        return FolderLinks(lambda address: self._asset(found) if (found := self._found(address, path)) else "", self._findings)

    def _led(self, text: str, path: str) -> str:
        """The text with links to other texts and to files of the folder as references, which a document keeps."""
        text = _DIRECTIVE.sub(lambda found: f"{found['start']}file:{found['path']}", text)
        for address in dict.fromkeys(_addresses(tokens_of(text, callouts=True))):
            if _OUTSIDE.match(address):
                continue
            found = self._found(address, path)
            if found in self._refs:
                to = f"page:{self._refs[found]}"
            elif found:
                to = f"file:{self._asset(found)}"
            else:
                self._findings.miss(address[:400])
                continue
            for written in {address, unquote(address)}:
                text = re.sub(rf"(?<=\]\()<?{re.escape(written)}>?(?=[\s)])", to, text)
                text = re.sub(rf"(?<=\]:) *<?{re.escape(written)}>?(?=\s|$)", f" {to}", text, flags=re.MULTILINE)
        return text

    def _found(self, address: str, path: str) -> str:
        """The path in the folder that an address means from a text, "" where there is none."""
        plain = unquote(address).split("#")[0].split("?")[0]
        for candidate in (posixpath.normpath(posixpath.join(posixpath.dirname(path), plain)), plain, f"files/{plain}"):
            if plain and self._root + candidate in self._archive:
                return candidate
        return ""

    def _file(self, name: str, path: str) -> str:
        """The asset that a block's file means. One that is absent is noted, and the block says that it is missing."""
        if not name:
            return ""
        found = self._found(name, path)
        if found:
            return self._asset(found)
        self._findings.miss(name[:400])
        return ""

    def _asset(self, path: str) -> str:
        full = self._root + path
        name = self._findings.name_for(full, path.removeprefix("files/"))
        self._findings.use(
            name,
            lambda: Asset(name=name, media_type=media_type(name), size=self._archive.size(full), content=partial(self._archive.read, full)),
        )
        return name

    def _keep_files(self) -> None:
        """Files that no text shows come along into the course's media; what may not is noted."""
        for full in sorted(self._archive):
            path = full.removeprefix(self._root)
            if not full.startswith(self._root) or path in self._texts or path in self._quizzes or path == _BANK or self._findings.has_name(full):
                continue
            try:
                recognise(posixpath.basename(path), self._archive.read(full)[:512])
            except Invalid as refusal:
                self._findings.leave_out("file", posixpath.basename(path), path, refusal.sentence)
                continue
            self._asset(path)


def _addresses(tokens: list[Token]) -> list[str]:
    """Where the links of a text lead. Pictures are resolved with the blocks."""
    found: list[str] = []
    for token in tokens:
        for inner in token.children or []:
            if inner.type == "link_open" and (address := str(inner.attrs.get("href") or "")):
                found.append(address)
    return found


def _common_folder(archive: Archive) -> str:
    """The folder in which everything lies, "" or ending in a slash: many pack the folder itself."""
    first = {name.split("/")[0] for name in archive}
    if len(first) == 1 and all("/" in name for name in archive):
        folder = f"{next(iter(first))}/"
        # A folder of texts alone is a module; one that says what the course is, or holds folders, is the course.
        inside = [name.removeprefix(folder) for name in archive]
        if any(_stem(name) in _INDEX and "/" not in name for name in inside) or all("/" in name for name in inside):
            return folder
    return ""


def _stem(path: str) -> str:
    return posixpath.basename(path).rpartition(".")[0].lower()


def _natural(path: str) -> list[list[Any]]:
    """For sorting as people number things; an index stands before its neighbours, texts before the folders beside them."""
    steps = path.split("/")
    return [
        [place < len(steps) - 1, _stem(step) not in _INDEX if place == len(steps) - 1 else True]
        + [[0, int(part), ""] if part.isdecimal() else [1, 0, part] for part in re.split(r"(\d{1,9})", step.lower()) if part]
        for place, step in enumerate(steps)
    ]


def _titled(name: str) -> str:
    plain = re.sub(r"[-_]+", " ", _FRONT.sub("", name)).strip()
    return (plain[:1].upper() + plain[1:])[:200] or name[:200]


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
