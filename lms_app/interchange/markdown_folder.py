"""A course as a folder of Markdown, written: a folder for each module and lesson, a text for each page, files beside them.

course.md                       front matter: title, summary, language, level, tags, objectives, cover
01-basics/index.md              front matter: the module's title
01-basics/01-tides/index.md     front matter: the lesson's title, graded, category
01-basics/01-tides/01-moon.md   a page: front matter with its title and rule, then its text
01-basics/01-tides/01-moon-quiz-1.gift   a quiz of that page, which its text names in a line: ::quiz(01-moon-quiz-1.gift)
bank.gift                       the questions of the bank
files/NAME                      pictures and other files
"""

import re
import unicodedata
import zipfile
from collections.abc import Callable
from typing import IO, Any

from lms_app.domain.content.document import document_of
from lms_app.domain.content.markdown import markdown_of_document
from lms_app.interchange.findings import Findings
from lms_app.interchange.front_matter import write_front_matter
from lms_app.interchange.markdown_quizzes import bank_text, quiz_text
from lms_app.interchange.neutral import Block, Course, Page, Report
from lms_app.interchange.written_courses import Tell, untold

_REFERENCE = re.compile(r"(?<=\]\()(?P<scheme>file|page):(?P<name>[^\s()<>]+)(?=[\s)])")


def write_markdown_folder(course: Course, target: IO[bytes], tell: Tell = untold) -> Report:
    """Writes a zip of the folder. The report says what of the course Markdown and GIFT cannot."""
    findings = Findings()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writing(archive, course, findings, tell).write()
    return findings.report()


class _Writing:
    """One folder being written."""

    def __init__(self, archive: zipfile.ZipFile, course: Course, findings: Findings, tell: Tell) -> None:
        self.archive, self.course, self.findings, self.tell = archive, course, findings, tell
        self.quizzes = {quiz.ref: quiz for quiz in course.assessments}
        self.paths = self._paths()
        self.done, self.total = 0, len(course.assets) + len(self.paths)

    def write(self) -> None:
        course = self.course
        said = {
            "title": course.title,
            "summary": course.summary,
            "language": course.language,
            "level": course.level,
            "tags": list(course.tags),
            "objectives": list(course.objectives),
            "cover": f"files/{course.cover}" if course.cover else "",
        }
        self._put("course.md", write_front_matter({name: value for name, value in said.items() if value}))
        for module, folder in zip(self.course.modules, self._module_folders(), strict=True):
            self._put(f"{folder}/index.md", write_front_matter({"title": module.title}))
            self._note_opening(module.title, "Course", module.availability)
            for number, lesson in enumerate(module.lessons, start=1):
                about = {"title": lesson.title, "graded": lesson.graded, "category": lesson.category}
                path = f"{folder}/{number:02}-{_slug(lesson.title)}"
                self._note_opening(lesson.title, module.title, lesson.availability)
                self._put(f"{path}/index.md", write_front_matter({name: value for name, value in about.items() if value}))
                for page in lesson.pages:
                    self._put(self.paths[page.ref], self._page(page, f"{module.title} › {lesson.title} › {page.title}"))
                    self._step()
        if self.course.bank and (text := bank_text(self.course.bank, self.findings, self._beside("bank.gift"))):
            self._put("bank.gift", text)
        for asset in course.assets:
            with self.archive.open(zipfile.ZipInfo(f"files/{asset.name}", date_time=(1980, 1, 1, 0, 0, 0)), "w") as target:
                for piece in asset.pieces():
                    target.write(piece)
            self._step()
        self._note_what_stays()

    def _page(self, page: Page, place: str) -> str:
        blocks = [self._quiz(block, page, place, number) for number, block in enumerate(page.blocks)]
        self._note_opening(page.title, place, page.availability)
        said = {"title": page.title, "rule": page.rule.value, "required": page.required, "draft": page.draft}
        text = markdown_of_document(document_of(blocks)) if blocks else ""
        path = self.paths[page.ref]
        return write_front_matter(said) + _REFERENCE.sub(lambda found: self._address(found, path), text)

    def _quiz(self, block: Block, page: Page, place: str, number: int) -> Block:
        """The block; of a quiz, which is written beside the page, with the name of its file."""
        if block["type"] != "quiz":
            return block
        path = f"{self.paths[page.ref].removesuffix('.md')}-quiz-{number + 1}.gift"
        self._put(path, quiz_text(self.quizzes[block["assessment"]], place, self.findings, self._beside(path)))
        return {**block, "assessment": path.rsplit("/", 1)[-1]}

    def _beside(self, path: str) -> Callable[[str], str]:
        return lambda name: f"{'../' * path.count('/')}files/{name}"

    def _note_opening(self, title: str, place: str, availability: dict[str, Any]) -> None:
        if availability:
            self.findings.leave_out("availability", title, place, "When it opens is not in a folder of Markdown.")

    def _address(self, found: re.Match[str], path: str) -> str:
        """The way from a page to a file or to another page."""
        if found["scheme"] == "file":
            return self._beside(path)(found["name"])
        other = self.paths.get(found["name"])
        return f"{'../' * path.count('/')}{other}" if other else found[0]

    def _paths(self) -> dict[str, str]:
        paths: dict[str, str] = {}
        for module, folder in zip(self.course.modules, self._module_folders(), strict=True):
            for number, lesson in enumerate(module.lessons, start=1):
                for place, page in enumerate(lesson.pages, start=1):
                    paths[page.ref] = f"{folder}/{number:02}-{_slug(lesson.title)}/{place:02}-{_slug(page.title)}.md"
        return paths

    def _module_folders(self) -> list[str]:
        return [f"{number:02}-{_slug(module.title)}" for number, module in enumerate(self.course.modules, start=1)]

    def _note_what_stays(self) -> None:
        placed = {block["assessment"] for page in self.course.pages() for block in page.blocks if block["type"] == "quiz"}
        for quiz in self.course.assessments:
            if quiz.ref not in placed:
                self.findings.leave_out("quiz", quiz.title, "Course", "It stands on no page, so it was left out.")
        if self.course.certificate_offered or self.course.signatory_name:
            self.findings.leave_out("certificate", "Certificate", "Course", "Who signs it is not in Markdown.")

    def _put(self, path: str, text: str) -> None:
        self.archive.writestr(zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0)), text.encode(), zipfile.ZIP_DEFLATED)

    def _step(self) -> None:
        self.done += 1
        self.tell(self.done, self.total)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "untitled"
