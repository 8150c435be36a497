"""Reading a course in OLX, the format of Open edX: chapter → module, sequential → lesson, vertical → page, components → blocks."""

import re
import unicodedata
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from pathlib import Path
from typing import Any

from lxml import etree

from lms_app.domain.content import rich_text
from lms_app.domain.content.document import new_block_id
from lms_app.domain.content.rich_text import RichText
from lms_app.errors import Invalid
from lms_app.interchange.archives import Archive, open_archive
from lms_app.interchange.findings import Findings
from lms_app.interchange.html_tree import escaped, inner_html
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.neutral import Assessment, Block, Course, Lesson, Module, Page, Question
from lms_app.interchange.olx_drag_and_drop import dragged_question
from lms_app.interchange.olx_draws import Draw, OlxBank, draw_of
from lms_app.interchange.olx_html import OlxHtml
from lms_app.interchange.olx_links import OlxLinks
from lms_app.interchange.olx_outline import CHOOSING, NAMES, REASONS, components_of, inherited, outline_of, shown_title_of, title_of
from lms_app.interchange.olx_problems import OlxProblems, weighed
from lms_app.interchange.olx_source import CONTAINERS, OlxNode, OlxSource
from lms_app.interchange.olx_video import OlxVideos
from lms_app.interchange.olx_written_work import assessed_response, staff_graded_upload
from lms_app.interchange.source_dates import moment_of, opening, opens_at, words_of, written_moment
from lms_app.words import CompletionRule

Part = Block | list[Question] | Draw
"""A block of a page, the questions of one problem, or a draw of problems."""

_UNSET_START = "2030-01-01"
"""The day that Open edX gives a course whose author said none."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")


def read_olx(path: Path) -> Course:
    """The course in an OLX archive. Raises Invalid, with a sentence, for an archive that is harmful or holds no course.

    The archive's bytes stay readable as long as the course's assets are held; nothing is left on the disk.
    """
    return read_olx_archive(open_archive(path))


def read_olx_archive(archive: Archive) -> Course:
    """The same from an archive that is already open."""
    return _Reading(archive).course()


class _Reading:
    """One archive being read."""

    def __init__(self, archive: Archive) -> None:
        self._findings = Findings()
        self._source = OlxSource(archive, self._findings)
        self._root = self._source.course()
        self._refs: dict[int, str] = {}
        self._taken_refs: set[str] = set()
        self._assessments: list[Assessment] = []
        self._outline = outline_of(self._root)
        language = self._root.attributes.get("language", "") or "en"
        links = OlxLinks(archive, self._source.root, self._pages_by_name(), self._findings)
        self._links = links
        self._html = OlxHtml(links, self._findings)
        self._videos = OlxVideos(links, self._findings, language)
        self._problems = OlxProblems(self._html, self._findings, links.picture_size)
        self._bank = OlxBank()
        self._start = _start_of(self._root)
        self._language = language
        self._pass_mark = _pass_mark(self._source)

    def course(self) -> Course:
        root, title = self._root, self._root.title
        modules = tuple(self._module(chapter, lessons) for chapter, lessons in self._outline)
        if not modules:
            raise Invalid("The course in this archive is empty: it has no chapters.")
        self._note_what_lies_beside()
        cover = self._links.known_file(root.attributes.get("course_image", ""))
        title = title or root.url_name or "Course"
        return Course(
            title=title,
            summary=self._summary(),
            slug=_slug(title) or _slug(root.url_name) or "course",
            language=self._language,
            cover=(self._links.static_file(root.attributes["course_image"]) or "") if cover else "",
            modules=modules,
            assessments=tuple(self._assessments),
            bank=tuple(self._bank.questions),
            categories=tuple(sorted(self._bank.categories)),
            assets=self._findings.assets(),
            report=self._findings.report(),
        )

    def _pages_by_name(self) -> dict[str, str]:
        """The page where each block of the source stands. A chapter or sequential stands where its first page does."""
        pages: dict[str, str] = {}
        for chapter, lessons in self._outline:
            for lesson, units in lessons:
                for unit in units:
                    ref = self._ref(unit)
                    for node in unit.walk():
                        pages.setdefault(node.url_name, ref)
                    pages.setdefault(lesson.url_name, ref)
                    pages.setdefault(chapter.url_name, ref)
        pages.pop("", None)
        return pages

    def _ref(self, node: OlxNode) -> str:
        """A ref for a node, the same each time, and of no other node."""
        if id(node) not in self._refs:
            base = _UNSAFE.sub("_", node.url_name)[:100] or node.tag
            ref, number = base, 2
            while ref in self._taken_refs:
                ref, number = f"{base}-{number}", number + 1
            self._taken_refs.add(ref)
            self._refs[id(node)] = ref
        return self._refs[id(node)]

    def _module(self, chapter: OlxNode, lessons: list[tuple[OlxNode, list[OlxNode]]]) -> Module:
        title = title_of(chapter)
        opens = self._opening(chapter, self._start, title, "Course")
        return Module(
            ref=self._ref(chapter),
            title=title,
            lessons=tuple(self._lesson(chapter, *lesson, opens or self._start) for lesson in lessons),
            availability=opens_at(opens),
        )

    def _opening(self, node: OlxNode, above: datetime | None, title: str, place: str) -> datetime | None:
        """When a part opens, where that is later than what it stands in does. It is told, for here it is a time of each run."""
        opens = opening(node.attributes.get("start", ""), above)
        if opens:
            self._findings.leave_out("start", title, place, f"Opens {words_of(opens)}: UTC at the source, the time of each run here.")
        return opens

    def _lesson(self, chapter: OlxNode, lesson: OlxNode, units: list[OlxNode], start: datetime | None) -> Lesson:
        graded = inherited("graded", lesson, chapter, self._root).lower() == "true"
        place = f"{title_of(chapter)} › {title_of(lesson)}"
        hidden = any(node.attributes.get("visible_to_staff_only", "").lower() == "true" for node in (chapter, lesson))
        opens = self._opening(lesson, start, title_of(lesson), place)
        due = moment_of(inherited("due", lesson, chapter))
        before = len(self._assessments)
        found = Lesson(
            ref=f"{self._ref(lesson)}-lesson" if any(unit is lesson for unit in units) else self._ref(lesson),
            title=title_of(lesson),
            graded=graded,
            category=inherited("format", lesson, chapter, self._root) if graded else "",
            pages=tuple(self._page(unit, place, graded=graded, hidden=hidden, start=opens or start, due=due) for unit in units),
            availability=opens_at(opens),
        )
        if due:
            closes = graded and len(self._assessments) > before
            told = "its quizzes close then." if closes else "nothing in it counts, so it stays open."
            self._findings.leave_out("due", title_of(lesson), place, f"Due {words_of(due)}, in UTC: {told}")
        return found

    def _page(self, unit: OlxNode, place: str, *, graded: bool, hidden: bool, start: datetime | None, due: datetime | None) -> Page:
        title = title_of(unit)
        place = f"{place} › {title}"
        hidden = hidden or unit.attributes.get("visible_to_staff_only", "").lower() == "true"
        if unit.is_draft:
            self._findings.leave_out("draft", title, place, "It was never published; it was taken as a draft.")
        opens = self._opening(unit, start, title, place)
        parts = self._parts_in(unit, place)
        blocks = self._with_quizzes(unit, title, parts, self._settings(unit, due) if graded else None)
        return Page(
            ref=self._ref(unit),
            title=title,
            draft=hidden or unit.is_draft,
            blocks=tuple(blocks),
            rule=CompletionRule.READ if any(block["type"] != "quiz" or not graded for block in blocks) else CompletionRule.NONE,
            availability=opens_at(opens),
        )

    def _parts_in(self, unit: OlxNode, place: str) -> list[Part]:
        components = components_of(unit) if unit.tag in CONTAINERS else [unit]
        return [part for component in components for part in self._parts(component, place)]

    def _parts(self, node: OlxNode, place: str) -> list[Part]:
        """The blocks of one component; what asks gives its list of questions instead."""
        name = node.title or NAMES.get(node.tag, node.tag)
        if node.fault:
            self._findings.leave_out(node.tag, name, place, node.fault)
            return []
        match node.tag:
            case "html":
                source = self._html_source(node)
                return [] if source is None else list(self._html.blocks(source, place, name))
            case "problem":
                return [questions] if (questions := self._problems.questions(node, place)) else []
            case "openassessment" | "edx_sga" | "drag-and-drop-v2":
                return [questions] if (questions := self._asking(node, place)) else []
            case "library_content" | "itembank":
                return self._drawing(node, name, place)
            case "video" | "videoalpha":
                return list(self._videos.blocks(node, place))
            case "annotatable":
                self._findings.leave_out(node.tag, name, place, "Its text was taken, its notes were not.")
                return list(self._html.blocks(_without_notes(node.element), place, name))
            case tag if tag in CHOOSING:
                self._findings.leave_out(tag, name, place, CHOOSING[tag])
            case tag if tag not in CONTAINERS:
                self._findings.leave_out(tag, shown_title_of(node) or name, place, REASONS.get(tag, "Lyceum has no such kind of component."))
        return []

    def _asking(self, node: OlxNode, place: str) -> list[Question]:
        """The question that a component besides problems asks. What it loses is told."""
        title = shown_title_of(node) or NAMES[node.tag]
        lost: list[str] = []

        def blocks(html: str) -> list[Block]:
            return self._html.blocks(html, place, title)

        def read(html: str) -> RichText | None:
            return self._html.text(html, place, title)

        try:
            match node.tag:
                case "openassessment":
                    questions = weighed([assessed_response(node, blocks, lost.append)], node)
                case "drag-and-drop-v2":
                    questions = weighed([dragged_question(node, blocks, read, lost.append)], node)
                case _:
                    questions = [staff_graded_upload(node)]
        except Unfit as unfit:
            questions, lost = [], [str(unfit)]
        for reason in dict.fromkeys(lost):
            self._findings.leave_out(node.tag, title, place, reason)
        return questions

    def _drawing(self, node: OlxNode, name: str, place: str) -> list[Part]:
        """The problems from which a block draws, as a draw; all that it holds where it draws something else."""
        inside = [part for child in node.children for part in self._parts_in(child, place)]
        problems = [part for part in inside if isinstance(part, list)]
        if len(problems) == len(inside) == len(node.children) and (draw := draw_of(node, node.title or name, problems)):
            return [draw]
        self._findings.leave_out(node.tag, name, place, CHOOSING[node.tag])
        return inside

    def _html_source(self, node: OlxNode) -> str | None:
        if len(node.element) or (node.element.text or "").strip():
            # Text that stands directly in the element is HTML already: the source writes it as CDATA or escaped.
            return (node.element.text or "") + inner_html(node.element).removeprefix(escaped(node.element.text))
        name = node.attributes.get("filename") or node.url_name
        for folder in dict.fromkeys((node.folder, self._source.root)):
            path = f"{folder.removeprefix(self._source.root)}html/{name.replace(':', '/')}.html"
            if (source := self._source.text(path)) is not None:
                return source
        if name:
            self._findings.miss(f"html/{name}.html")
        return None

    def _with_quizzes(self, unit: OlxNode, title: str, parts: list[Part], settings: dict[str, Any] | None) -> list[Block]:
        """The parts with each run of problems made into one quiz; one to practise on where there are no settings."""
        blocks: list[Block] = []
        runs = [(is_quiz, list(run)) for is_quiz, run in groupby(parts, key=lambda part: not isinstance(part, dict))]
        quizzes = sum(is_quiz for is_quiz, _ in runs)
        number = 0
        for is_quiz, run in runs:
            if not is_quiz:
                blocks += [part for part in run if isinstance(part, dict)]
                continue
            number += 1
            questions, sections = self._bank.sections([part for part in run if not isinstance(part, dict)])
            quiz = Assessment(
                ref=f"{self._ref(unit)}-quiz-{number}",
                title=questions[0].title if len(questions) == 1 and not sections else f"{title}, {number}" if quizzes > 1 else title,
                practice=settings is None,
                questions=tuple(questions),
                settings=settings or {},
                sections=sections,
            )
            self._assessments.append(quiz)
            blocks.append({"id": new_block_id(), "type": "quiz", "assessment": quiz.ref})
        return blocks

    def _settings(self, unit: OlxNode, due: datetime | None) -> dict[str, Any]:
        """What the source says about a graded quiz: the course's pass mark, the most attempts that its problems allow, when it is due."""
        settings: dict[str, Any] = {"pass_mark": self._pass_mark} if self._pass_mark else {}
        allowed = [node.attributes.get("max_attempts", "") for node in unit.walk() if node.tag == "problem"]
        if allowed and all(number.isdecimal() and 1 <= int(number[:4]) <= 100 for number in allowed):
            settings["attempts_allowed"] = max(map(int, allowed))
        return settings | ({"closes_at": written_moment(due)} if due else {})

    def _summary(self) -> str:
        short = self._source.text("about/short_description.html") or ""
        long = self._source.text("about/overview.html") or ""
        try:
            said = rich_text.to_text(rich_text.from_html(short)) or next(
                (line for line in rich_text.to_text(rich_text.from_html(long)).split("\n") if len(line) > 60), ""
            )
        except Invalid:
            said = ""
        return " ".join(said.split())[:500]

    def _note_what_lies_beside(self) -> None:
        """Parts of the outline that could not be read, and parts of the course outside it."""
        for node in self._root.walk():
            if node.fault and node.tag in CONTAINERS:
                self._findings.leave_out(node.tag, title_of(node), "Course", node.fault)
        for child in self._root.element:
            if str(child.tag).endswith("textbook"):
                self._findings.leave_out(str(child.tag), child.get("title") or "Textbook", "Course", "Textbooks are not taken.")
        for folder, kind, ending in (("tabs", "static_tab", ".html"), ("info", "course_info", ".html")):
            for name in sorted(self._source.names(folder)):
                text = self._source.text(f"{folder}/{name}") or ""
                if name.endswith(ending) and re.sub(r"<[^>]*>|&nbsp;|\s", "", text):
                    self._findings.leave_out(kind, name.removesuffix(ending), "Course", "Pages beside the outline are not taken.")


def _start_of(course: OlxNode) -> datetime | None:
    """When the whole course starts, None where nobody said so."""
    start = moment_of(course.attributes.get("start", ""))
    return start if start and start.strftime("%Y-%m-%d") != _UNSET_START else None


def _without_notes(element: etree._Element) -> str:
    for note in list(element.iter("annotation")):
        note.tag = "span"
        note.attrib.clear()
    return inner_html(element, lambda child: child.tag not in ("instructions",))


def _pass_mark(source: OlxSource) -> str:
    """The lowest grade that passes the course, as a fraction, "" where it is not said."""
    policy = source.json(f"policies/{source.run}/grading_policy.json") or source.json("grading_policy.json")
    cutoffs = policy.get("GRADE_CUTOFFS") if isinstance(policy, dict) else None
    try:
        marks = [Decimal(str(mark)) for mark in cutoffs.values()] if isinstance(cutoffs, dict) else []
    except InvalidOperation:
        return ""
    good = [mark for mark in marks if mark.is_finite() and 0 < mark <= 1]
    return str(min(good).quantize(Decimal("0.000001")).normalize()) if good else ""


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
