"""Writing a Common Cartridge 1.3: pages as HTML, quizzes and the bank as QTI 1.2, files beside them, all in the order of the course.

A page with a quiz in it is the page, then the quiz: a cartridge shows one of them at a time.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import IO, Any

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.courses.leading import Leading
from lms_app.interchange.findings import Findings
from lms_app.interchange.neutral import Assessment, Bank, Block, Course, Module, Page, Question, Report
from lms_app.interchange.page_html import block_html
from lms_app.interchange.qti import read_qti
from lms_app.interchange.qti12_writing import item_xml
from lms_app.interchange.written_banks import write_each
from lms_app.interchange.written_courses import Tell, untold

_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="course" xmlns="http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"
 xmlns:lom="http://ltsc.ieee.org/xsd/imsccv1p3/LOM/resource" xmlns:lomimscc="http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1
 http://www.imsglobal.org/profile/cc/ccv1p3/ccv1p3_imscp_v1p2_v1p0.xsd
 http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest http://www.imsglobal.org/profile/cc/ccv1p3/LOM/ccv1p3_lommanifest_v1p0.xsd">
<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.3.0</schemaversion><lomimscc:lom><lomimscc:general>
<lomimscc:title><lomimscc:string language="{language}">{title}</lomimscc:string></lomimscc:title>
<lomimscc:language>{language}</lomimscc:language>
<lomimscc:description><lomimscc:string language="{language}">{summary}</lomimscc:string></lomimscc:description>
</lomimscc:general></lomimscc:lom></metadata>
<organizations><organization identifier="organization" structure="rooted-hierarchy"><item identifier="root">{items}</item></organization>
</organizations><resources>{resources}</resources></manifest>
"""
_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head><body>
{body}
</body></html>
"""
_QTI = """<?xml version="1.0" encoding="UTF-8"?>
<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.imsglobal.org/xsd/ims_qtiasiv1p2 http://www.imsglobal.org/profile/cc/ccv1p3/ccv1p3_qtiasiv1p2p1_v1p0.xsd">
{inside}
</questestinterop>
"""
_SAID = {"attempts_allowed", "time_limit"}
_PLAIN = QuizSettings().model_dump(mode="json")
"""The settings of a quiz that a cartridge says."""


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What a page becomes: some of its blocks, or a quiz; with the identifier and the path of its resource."""

    ref: str
    path: str
    title: str
    blocks: tuple[Block, ...] = ()
    quiz: Assessment | None = None


def write_cartridge(course: Course, target: IO[bytes], tell: Tell = untold) -> Report:
    """Writes the cartridge. The report says what of the course it does not hold, or not whole."""
    findings = Findings()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writing(archive, course, findings, tell).write()
    return findings.report()


class _Writing:
    """One cartridge being written."""

    def __init__(self, archive: zipfile.ZipFile, course: Course, findings: Findings, tell: Tell) -> None:
        self.archive, self.course, self.findings, self.tell = archive, course, findings, tell
        self.quizzes = {quiz.ref: quiz for quiz in course.assessments}
        self.parts = {page.ref: self._parts(page, number) for number, page in enumerate(course.pages(), start=1)}
        self.addresses = {ref: parts[0].path for ref, parts in self.parts.items()}
        self.resources: list[str] = []
        self.done, self.total = 0, len(course.assets) + len(self.parts)

    def write(self) -> None:
        items = "".join(self._module(module, number) for number, module in enumerate(self.course.modules, start=1))
        placed = {part.quiz.ref for parts in self.parts.values() for part in parts if part.quiz is not None}
        for number, quiz in enumerate((quiz for quiz in self.course.assessments if quiz.ref not in placed), start=1):
            self._quiz(_Part(ref=f"loose-{number}", path=f"loose-{number}/quiz.xml", title=quiz.title, quiz=quiz), "Course")
        self._bank()
        for number, asset in enumerate(self.course.assets, start=1):
            path = f"web_resources/{asset.name}"
            with self.archive.open(_entry(path), "w") as target:
                for piece in asset.pieces():
                    target.write(piece)
            self._resource(f"file-{number}", "webcontent", path)
            self._step()
        self._note_what_stays()
        said = {"title": self.course.title, "language": self.course.language, "summary": self.course.summary}
        self._put(
            "imsmanifest.xml",
            _MANIFEST.format(items=items, resources="".join(self.resources), **{name: _xml(value) for name, value in said.items()}),
        )

    def _module(self, module: Module, number: int) -> str:
        lessons = ""
        for place, lesson in enumerate(module.lessons, start=1):
            pages = "".join(self._page(page, f"{module.title} › {lesson.title}") for page in lesson.pages)
            lessons += _item(f"lesson-{number}-{place}", lesson.title, pages)
        return _item(f"module-{number}", module.title, lessons)

    def _parts(self, page: Page, number: int) -> list[_Part]:
        """A page as a run of texts and quizzes. What is empty is a text without anything."""
        parts: list[_Part] = []
        for is_quiz, run in groupby(page.blocks, key=lambda block: block["type"] == "quiz"):
            for blocks in [(block,) for block in run] if is_quiz else [tuple(run)]:
                place = len(parts) + 1
                ref = f"page-{number}" if not parts else f"page-{number}-{place}"
                quiz = self.quizzes[blocks[0]["assessment"]] if is_quiz else None
                path = f"{ref}/quiz.xml" if is_quiz else f"pages/{ref}.html"
                title = quiz.title if quiz is not None and parts else page.title
                parts.append(_Part(ref=ref, path=path, title=title, blocks=blocks, quiz=quiz))
        return parts or [_Part(ref=f"page-{number}", path=f"pages/page-{number}.html", title=page.title)]

    def _page(self, page: Page, place: str) -> str:
        items = ""
        for part in self.parts[page.ref]:
            if part.quiz is not None:
                self._quiz(part, f"{place} › {page.title}")
            else:
                self._text(part, f"{place} › {page.title}")
            items += _item(f"item-{part.ref}", part.title, "", part.ref)
        self._step()
        return items

    def _text(self, part: _Part, place: str) -> None:
        leading = self._leading(lambda name: f"../web_resources/{name}", lambda path: f"../{path}")
        body = "\n".join(leading.lead(block_html(block), "html") for block in part.blocks)
        for block in part.blocks:
            if block["type"] in ("callout", "code", "image") and (lost := _lost(block)):
                self.findings.leave_out(block["type"], part.title, place, lost)
        self._put(part.path, _PAGE.format(language=escape(self.course.language), title=escape(part.title), body=body))
        self._resource(part.ref, "webcontent", part.path)

    def _quiz(self, part: _Part, place: str) -> None:
        quiz = part.quiz
        assert quiz is not None
        items = self._items(quiz.questions, place)
        facts = {"cc_profile": "cc.exam.v0p1", "qmd_assessmenttype": "Self-assessment" if quiz.practice else "Examination"}
        if not quiz.practice:
            facts["cc_maxattempts"] = str(quiz.settings.get("attempts_allowed") or "unlimited")
            if quiz.settings.get("time_limit"):
                facts["qmd_timelimit"] = str(-(-int(quiz.settings["time_limit"]) // 60))
        if any(section.pools for section in quiz.sections):
            self.findings.leave_out("pool", quiz.title, place, "A cartridge draws no questions: the pools of this quiz were left out.")
        if len(quiz.sections) > 1:
            self.findings.leave_out("section", quiz.title, place, "A cartridge has no sections: its questions follow one another.")
        if any(value != _PLAIN.get(name) for name, value in quiz.settings.items() if name not in _SAID):
            self.findings.leave_out("settings", quiz.title, place, "Of its settings the attempts and the time limit were written.")
        asked = f'<section ident="root_section">{items}</section>'
        inside = f'<assessment ident="{_xml(part.ref)}" title="{_xml(quiz.title)}">{_facts(facts)}{asked}</assessment>'
        self._put(part.path, _QTI.format(inside=inside))
        self._resource(part.ref, "imsqti_xmlv1p2/imscc_xmlv1p3/assessment", part.path)

    def _bank(self) -> None:
        """The questions that no quiz asks, as the one bank that a cartridge may have."""
        asked = {question.ref for quiz in self.course.assessments for question in quiz.questions}
        questions = tuple(question for question in self.course.bank if question.ref not in asked)
        if not questions:
            return
        items = self._items(questions, "Question bank")
        facts = _facts({"bank_title": "Question bank"})
        self._put("bank/bank.xml", _QTI.format(inside=f'<objectbank ident="bank">{facts}{items}</objectbank>'))
        self._resource("bank", "imsqti_xmlv1p2/imscc_xmlv1p3/question-bank", "bank/bank.xml")

    def _items(self, questions: tuple[Question, ...], place: str) -> str:
        leading = self._leading(lambda name: f"$IMS-CC-FILEBASE$/{name}", lambda path: f"$IMS-CC-FILEBASE$/../{path}")
        noted = Findings()

        def read(text: str) -> Bank:
            # Where references lead is not what a question loses.
            plain = text.replace("$IMS-CC-FILEBASE$/", "$IMS-CC-FILEBASE$/web_resources/")
            return read_qti(_QTI.format(inside=plain).encode(), files={f"web_resources/{name}": (0, bytes) for name in self._names})

        written = write_each(
            Bank(questions=questions), lambda question: item_xml(question, lambda html: leading.lead(html, "html")), read, noted,
            format_="Common Cartridge",
        )  # fmt: skip
        for item in noted.report().unsupported:
            self.findings.leave_out(item.kind, item.title, place, item.reason)
        return "".join(text for _, text in written)

    @property
    def _names(self) -> list[str]:
        return [asset.name for asset in self.course.assets]

    def _leading(self, file: Callable[[str], str], page: Callable[[str], str]) -> Leading:
        def address(to: str) -> str:
            scheme, _, name = to.partition(":")
            if scheme == "file":
                return file(name)
            return page(self.addresses[name]) if name in self.addresses else to

        return Leading(file=file, assessment=lambda ref: ref, address=address)

    def _note_what_stays(self) -> None:
        course = self.course
        kept: dict[str, Any] = {
            "tags": course.tags, "objectives": course.objectives, "level": course.level, "cover": course.cover,
            "certificate": course.signatory_name or course.signatory_title,
        }  # fmt: skip
        for name, value in kept.items():
            if value:
                self.findings.leave_out(name, name.capitalize(), "Course", "A cartridge has no place for it.")
        for part in (*course.modules, *course.lessons(), *course.pages(), *course.assessments):
            if part.availability:
                self.findings.leave_out("availability", part.title, "Course", "A cartridge does not say when its parts open.")
        if any(page.rule != "read" or not page.required for page in course.pages()):
            self.findings.leave_out("rules", "Completion", "Course", "What completes a page is not in a cartridge.")

    def _resource(self, ref: str, type_: str, path: str) -> None:
        shown = f' href="{_xml(path)}"' if type_ == "webcontent" else ""
        self.resources.append(f'<resource identifier="{_xml(ref)}" type="{type_}"{shown}><file href="{_xml(path)}"/></resource>')

    def _put(self, path: str, text: str) -> None:
        self.archive.writestr(_entry(path), text.encode(), zipfile.ZIP_DEFLATED)

    def _step(self) -> None:
        self.done += 1
        self.tell(self.done, self.total)


def _lost(block: Block) -> str:
    match block["type"]:
        case "callout":
            return "A callout was written as a quotation."
        case "code" if block.get("language"):
            return "The language of its code was not written."
        case "image" if block.get("decorative"):
            return "That a picture is decorative was written as an empty description."
    return ""


def _item(ref: str, title: str, inside: str, resource: str = "") -> str:
    shown = f' identifierref="{_xml(resource)}"' if resource else ""
    return f'<item identifier="{_xml(ref)}"{shown}><title>{_xml(title)}</title>{inside}</item>'


def _facts(facts: dict[str, str]) -> str:
    fields = "".join(
        f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{_xml(value)}</fieldentry></qtimetadatafield>" for name, value in facts.items()
    )
    return f"<qtimetadata>{fields}</qtimetadata>"


def _entry(path: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))


def _xml(text: str) -> str:
    return escape(text)
