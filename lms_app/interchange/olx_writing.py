"""Writing a course in OLX: module → chapter, lesson → sequential, page → vertical, blocks → html and video components, questions → problems."""

import io
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from itertools import islice
from typing import IO, Any

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.courses.leading import Leading
from lms_app.interchange.captions import read_captions, to_srt
from lms_app.interchange.findings import Findings
from lms_app.interchange.likeness import differences
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.neutral import Assessment, Block, Course, Lesson, Module, Page, Pool, Question, Report, Section, names_of
from lms_app.interchange.olx_assessment_writing import NO_RUBRIC, assessment_xml
from lms_app.interchange.olx_html import OlxHtml
from lms_app.interchange.olx_problem_writing import note_parts, problem_xml
from lms_app.interchange.olx_problems import OlxProblems
from lms_app.interchange.olx_source import OlxNode
from lms_app.interchange.olx_written_work import assessed_response
from lms_app.interchange.page_html import block_html
from lms_app.interchange.source_dates import moment_of, written_moment, written_opening
from lms_app.interchange.written_courses import Tell, untold
from lms_app.interchange.xml import parse_xml
from lms_app.words import QuestionType

RUN = "course"
_YOUTUBE = re.compile(r"(?:[?&]v=|youtu\.be/|/embed/)(?P<id>[A-Za-z0-9_-]{6,20})")
_SAID = {"attempts_allowed", "pass_mark"}
_PLAIN = QuizSettings().model_dump(mode="json")


def write_olx(course: Course, target: IO[bytes], tell: Tell = untold) -> Report:
    """Writes a .tar.gz of the course. The report says what of it OLX does not hold, or not whole."""
    findings = Findings()
    with tarfile.open(fileobj=target, mode="w|gz", format=tarfile.PAX_FORMAT) as archive:
        _Writing(archive, course, findings, tell).write()
    return findings.report()


class _Static:
    """Where the addresses of a written problem lead: to files that are beside it."""

    def file(self, address: str, /) -> str | None:
        return address.removeprefix("/static/") if address.startswith("/static/") else None

    def has(self, name: str, /) -> bool:
        return True

    def missing(self, name: str, /) -> str:
        return name

    def target(self, address: str, /) -> str | None:
        if address.startswith("/jump_to_id/"):
            return f"page:{address.removeprefix('/jump_to_id/')}"
        return f"file:{name}" if (name := self.file(address)) else address

    def add(self, name: str, media_type: str, size: int, content: Any, /) -> str:
        return name


class _Writing:
    """One archive being written."""

    def __init__(self, archive: tarfile.TarFile, course: Course, findings: Findings, tell: Tell) -> None:
        self.archive, self.course, self.findings, self.tell = archive, course, findings, tell
        self.quizzes = {quiz.ref: quiz for quiz in course.assessments}
        self.assets = {asset.name: asset for asset in course.assets}
        self.pages = {page.ref for page in course.pages()}
        self.leading = Leading(file=lambda name: name, assessment=lambda ref: ref, address=self._address)
        self.closing: set[str] = set()
        self.drawn: set[str] = set()
        self.done, self.total = 0, len(course.assets) + len(self.pages)

    def write(self) -> None:
        course = self.course
        self._put("course.xml", f'<course url_name="{RUN}" org="Lyceum" course="{_xml(course.slug)}"/>')
        chapters = "".join(f'<chapter url_name="chapter-{number}"/>' for number, _ in enumerate(course.modules, start=1))
        cover = f' course_image="{_xml(course.cover)}"' if course.cover else ""
        said = f'display_name="{_xml(course.title)}" language="{_xml(course.language)}"{cover}'
        self._put(f"course/{RUN}.xml", f"<course {said}>{chapters}</course>")
        self._put("about/short_description.html", escape(course.summary))
        if marks := [quiz.settings.get("pass_mark") for quiz in course.assessments if not quiz.practice and quiz.settings.get("pass_mark")]:
            self._put(f"policies/{RUN}/grading_policy.json", f'{{"GRADER": [], "GRADE_CUTOFFS": {{"Pass": {min(map(float, map(str, marks)))}}}}}')
        for number, module in enumerate(course.modules, start=1):
            names = [f"sequential-{number}-{place}" for place, _ in enumerate(module.lessons, start=1)]
            pointers = "".join(f'<sequential url_name="{name}"/>' for name in names)
            opens = self._opens(module, module.title)
            self._put(f"chapter/chapter-{number}.xml", f'<chapter display_name="{_xml(module.title)}"{opens}>{pointers}</chapter>')
            for name, lesson in zip(names, module.lessons, strict=True):
                self._lesson(name, lesson, f"{module.title} › {lesson.title}")
        for asset in course.assets:
            self._put_pieces(f"static/{asset.name}", asset.size, asset.pieces())
            self._step()
        self._note_what_stays()

    def _lesson(self, name: str, lesson: Lesson, place: str) -> None:
        graded = f' graded="true" format="{_xml(lesson.category or "Quiz")}"' if lesson.graded else ""
        verticals = "".join(f'<vertical url_name="{_xml(_name(page.ref))}"/>' for page in lesson.pages)
        dates = f"{self._opens(lesson, place)}{self._due(lesson)}"
        self._put(f"sequential/{name}.xml", f'<sequential display_name="{_xml(lesson.title)}"{graded}{dates}>{verticals}</sequential>')
        for page in lesson.pages:
            self._page(page, lesson, f"{place} › {page.title}")
            self._step()

    def _opens(self, part: Module | Lesson | Page, place: str) -> str:
        """The date on which a part opens, as an attribute. What else its availability says is told."""
        opens, alone = written_opening(part.availability)
        if not alone:
            said = "of it the date on which it opens was written." if opens else "it was left out."
            self.findings.leave_out("availability", part.title, place, f"OLX knows no more than dates of opening: {said}")
        return f' start="{opens}"' if opens else ""

    def _due(self, lesson: Lesson) -> str:
        """When the quizzes of a lesson close, as an attribute, where they close together."""
        closing = {quiz.settings.get("closes_at") for quiz in self._quizzes_of(lesson) if not quiz.practice}
        together = next(iter(closing)) if len(closing) == 1 and lesson.graded else None
        moment = moment_of(str(together)) if together else None
        if moment:
            self.closing |= {quiz.ref for quiz in self._quizzes_of(lesson)}
        return f' due="{written_moment(moment)}"' if moment else ""

    def _quizzes_of(self, lesson: Lesson) -> list[Assessment]:
        return [self.quizzes[block["assessment"]] for page in lesson.pages for block in page.blocks if block["type"] == "quiz"]

    def _page(self, page: Page, lesson: Lesson, place: str) -> None:
        components = ""
        for number, (kind, run) in enumerate(_components(page.blocks), start=1):
            name = f"{_name(page.ref)}-{number}"
            if kind == "quiz":
                components += self._problems(self.quizzes[run[0]["assessment"]], name, lesson, place)
            elif kind == "video":
                components += self._video(run[0], name, place)
            else:
                components += self._html(run, name, page.title, place)
        hidden = ' visible_to_staff_only="true"' if page.draft else ""
        said = f'display_name="{_xml(page.title)}"{hidden}{self._opens(page, place)}'
        self._put(f"vertical/{_name(page.ref)}.xml", f"<vertical {said}>{components}</vertical>")

    def _html(self, blocks: list[Block], name: str, title: str, place: str) -> str:
        for block in blocks:
            if block["type"] == "callout":
                self.findings.leave_out("callout", title, place, "A callout was written as a quotation.")
        body = "\n".join(self.leading.lead(block_html(block), "html") for block in blocks)
        self._put(f"html/{name}.html", body)
        self._put(f"html/{name}.xml", f'<html filename="{name}" display_name="{_xml(title)}"/>')
        return f'<html url_name="{name}"/>'

    def _video(self, block: Block, name: str, place: str) -> str:
        title = block.get("title", "")
        said = f'display_name="{_xml(title)}"'
        if block.get("url"):
            found = _YOUTUBE.search(block["url"]) if "youtu" in block["url"] else None
            said += f' youtube_id_1_0="{found["id"]}"' if found else f' html5_sources="{_xml(_listed(block["url"]))}"'
        else:
            said += f' html5_sources="{_xml(_listed("/static/" + block["file"]))}"'
        written = {one["language"]: subtitles for one in block.get("captions", ()) if (subtitles := self._subtitles(one["file"], title, place))}
        inside = "".join(f'<transcript language="{_xml(language)}" src="{_xml(file)}"/>' for language, file in written.items())
        if block.get("transcript") and not written:
            self.findings.leave_out("transcript", title or "Video", place, "A transcript without captions is not in OLX.")
        self._put(f"video/{name}.xml", f"<video {said}>{inside}</video>")
        return f'<video url_name="{name}"/>'

    def _subtitles(self, file: str, title: str, place: str) -> str:
        """The captions as Open edX wants them: a .srt beside the other files."""
        asset = self.assets.get(file)
        cues = read_captions(asset.read(), asset.name) if asset is not None else []
        if not cues:
            self.findings.leave_out("captions", title or file, place, "They cannot be read as subtitles.")
            return ""
        name = f"{file.removesuffix('.vtt').removeprefix('captions-')}.srt"
        content = to_srt(cues)
        self._put_pieces(f"static/{name}", len(content), [content])
        return name

    def _problems(self, quiz: Assessment, name: str, lesson: Lesson, place: str) -> str:
        self._note_what_a_quiz_loses(quiz, lesson, place)
        allowed = "" if quiz.practice or not quiz.settings.get("attempts_allowed") else f' max_attempts="{quiz.settings["attempts_allowed"]}"'
        sections = quiz.sections or (Section(questions=len(quiz.questions)),)
        waiting, number, written = iter(quiz.questions), 0, ""
        for section in sections:
            for question in islice(waiting, section.questions):
                number += 1
                written += self._problem(question, f"{name}-{number}", allowed, place)
            for pool in section.pools:
                number += 1
                written += self._drawn(pool, section.title, f"{name}-{number}", allowed, quiz, place)
        return written

    def _note_what_a_quiz_loses(self, quiz: Assessment, lesson: Lesson, place: str) -> None:
        if sum(bool(section.questions) for section in quiz.sections) > 1 or any(section.introduction for section in quiz.sections):
            self.findings.leave_out("section", quiz.title, place, "OLX has no sections: its questions follow one another.")
        if quiz.practice == lesson.graded:
            self.findings.leave_out("grading", quiz.title, place, "Whether it counts is said by its lesson in OLX.")
        said = _SAID | ({"closes_at"} if quiz.ref in self.closing else set())
        if not quiz.practice and any(value != _PLAIN.get(name) for name, value in quiz.settings.items() if name not in said):
            self.findings.leave_out("settings", quiz.title, place, "Of its settings the attempts, the pass mark and its due date were written.")
        if quiz.availability:
            self.findings.leave_out("availability", quiz.title, place, "In OLX what opens is its lesson, not a quiz.")

    def _drawn(self, pool: Pool, title: str, name: str, allowed: str, quiz: Assessment, place: str) -> str:
        """A pool as a problem bank: it holds the problems that it draws from."""
        found = [question for question in self.course.bank if _is_in(pool, question) and question.type != QuestionType.DESCRIPTION]
        inside = "".join(
            self._problem(replace(question, points=pool.points), f"{name}-{number}", allowed, place) for number, question in enumerate(found, start=1)
        )
        if not inside:
            self.findings.leave_out("pool", quiz.title, place, "There is nothing in the bank that it could draw and OLX could say.")
            return ""
        self.drawn |= {question.ref for question in found}
        shown = title or " › ".join(names_of(pool.category)) or quiz.title
        self._put(f"itembank/{name}.xml", f'<itembank display_name="{_xml(shown)}" max_count="{pool.count}">{inside}</itembank>')
        return f'<itembank url_name="{name}"/>'

    def _problem(self, question: Question, name: str, allowed: str, place: str) -> str:
        if question.type == QuestionType.DESCRIPTION:
            self.findings.leave_out(question.type.value, question.title, place, "Written as a text.")
            return self._html(list(question.body["stem"]["blocks"]), name, question.title, place)
        by_hand = question.type in (QuestionType.ESSAY, QuestionType.FILE_UPLOAD)
        tag = "openassessment" if by_hand else "problem"
        try:
            source = assessment_xml(question, self._led) if by_hand else self._led(problem_xml(question))
            self._note_differences(question, source, tag, place)
        except Unfit as unfit:
            self.findings.leave_out(question.type.value, question.title, place, str(unfit))
            return ""
        self._put(f"{tag}/{name}.xml", source.replace("<problem ", f"<problem{allowed} ", 1))
        return f'<{tag} url_name="{name}"/>'

    def _led(self, html: str) -> str:
        return self.leading.lead(html, "html")

    def _note_differences(self, question: Question, source: str, tag: str, place: str) -> None:
        """Reads the problem as an import would. Unfit where nothing comes of it."""
        noted = Findings()
        element = parse_xml(source.encode(), "problem.xml")
        attributes = {str(key): str(value) for key, value in element.attrib.items()}
        node = OlxNode(tag=tag, url_name="problem", attributes=attributes, element=element, folder="")
        html = OlxHtml(_Static(), noted)
        if tag == "openassessment":
            read = [assessed_response(node, lambda asked: html.blocks(asked, place, question.title), lambda reason: None)]
            if question.rubric is None:
                self.findings.leave_out(question.type.value, question.title, place, NO_RUBRIC)
        else:
            read = OlxProblems(html, noted).questions(node, place)
        if not read:
            raise Unfit(next((item.reason for item in noted.report().unsupported), "Open edX cannot say this question."))
        if len(read) > 1 or read[0].type != question.type:
            note_parts(question, len(read), place, self.findings)
            if len(read) == 1:
                self.findings.leave_out(question.type.value, question.title, place, f"Written as {read[0].type.value.replace('_', ' ')}.")
        elif lost := differences(question, read[0]):
            self.findings.leave_out(question.type.value, question.title, place, f"Written, but OLX does not say all of it: {', '.join(lost)}.")

    def _note_what_stays(self) -> None:
        course = self.course
        placed = {block["assessment"] for page in course.pages() for block in page.blocks if block["type"] == "quiz"}
        asked = self.drawn | {question.ref for quiz in course.assessments if quiz.ref in placed for question in quiz.questions}
        for quiz in course.assessments:
            if quiz.ref not in placed:
                self.findings.leave_out("quiz", quiz.title, "Course", "It stands on no page, so it was left out.")
        if unasked := sum(question.ref not in asked for question in course.bank):
            self.findings.leave_out("bank", "Question bank", "Course", f"Its {unasked} questions that no quiz asks were left out.")
        kept = {"tags": course.tags, "objectives": course.objectives, "level": course.level, "certificate": course.signatory_name}
        for name, value in kept.items():
            if value:
                self.findings.leave_out(name, name.capitalize(), "Course", "OLX has no place for it.")

    def _address(self, address: str) -> str:
        scheme, _, name = address.partition(":")
        if scheme == "file":
            return f"/static/{name}"
        return f"/jump_to_id/{_name(name)}" if scheme == "page" and name in self.pages else address

    def _put(self, path: str, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self._put_pieces(path, len(data), [data])

    def _put_pieces(self, path: str, size: int, pieces: Iterable[bytes]) -> None:
        entry = tarfile.TarInfo(f"course/{path}")
        entry.size = size
        self.archive.addfile(entry, _Joined(iter(pieces)))

    def _step(self) -> None:
        self.done += 1
        self.tell(self.done, self.total)


class _Joined(io.RawIOBase):
    """Pieces as a file that is read from its beginning to its end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece
        size = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def _components(blocks: Iterable[Block]) -> list[tuple[str, list[Block]]]:
    """Quizzes and videos by themselves, everything between them as one text."""
    found: list[tuple[str, list[Block]]] = []
    for block in blocks:
        kind = block["type"] if block["type"] in ("quiz", "video") else "html"
        if kind == "html" and found and found[-1][0] == "html":
            found[-1][1].append(block)
        else:
            found.append((kind, [block]))
    return found


def _is_in(pool: Pool, question: Question) -> bool:
    """Whether a pool draws a question."""
    return (not pool.category or f"{question.category}/".startswith(f"{pool.category}/")) and set(pool.tags) <= set(question.tags)


def _name(ref: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", ref)[:100]


def _listed(address: str) -> str:
    return f'["{address}"]'


def _xml(text: str) -> str:
    return escape("".join(letter for letter in text if ord(letter) >= 0x20))
