"""The quizzes and question banks of a Common Cartridge: QTI 1.2, with what Canvas says beside it."""

import contextlib
import posixpath
from decimal import Decimal
from typing import Any

from lxml import etree

from lms_app.domain.content import rich_text
from lms_app.errors import Invalid
from lms_app.interchange.archives import Archive
from lms_app.interchange.findings import Findings
from lms_app.interchange.neutral import Assessment, Pool, Question, Section, path_of
from lms_app.interchange.qti import Files, QtiReader
from lms_app.interchange.qti12_material import metadata_of
from lms_app.interchange.qti_keys import digits
from lms_app.interchange.qti_tree import children, number, read_tree, words_in
from lms_app.interchange.source_dates import moment_of, words_of, written_moment

_ITEMS = ("item", "bankentry_item")
_COUNTING = {"keep_highest": "best", "keep_latest": "last", "keep_average": "mean"}


class CartridgeQuizzes:
    """Reads the QTI files of one cartridge. `banks` collects the questions that lie outside of quizzes, `categories` their titles."""

    def __init__(self, archive: Archive, files: Files, findings: Findings) -> None:
        self._archive = archive
        self._reader = QtiReader(files, findings)
        self._findings = findings
        self._categories: dict[str, str] = {}
        self.bank: list[Question] = []

    def read_bank(self, path: str, ref: str, place: str) -> str:
        """Takes the questions of a bank. Gives the category that they lie in, "" where the file is none."""
        if ref in self._categories:
            return self._categories[ref]
        root = self._root(path, "question-bank", place)
        holder = root.find("objectbank") if root is not None else None
        if root is None or holder is None:
            return ""
        title = metadata_of(holder).get("bank_title") or holder.get("title") or "Question bank"
        category = self._categories[ref] = path_of([title[:120]])
        self._categories.setdefault(holder.get("ident") or ref, category)
        self._keep(list(holder.iter(*_ITEMS)), path, category)
        return category

    def quiz(self, path: str, ref: str, title: str, place: str, banks: dict[str, str]) -> Assessment | None:
        """The quiz in a file, None (noted) where there is none. `banks` are the paths of the banks by their identifiers."""
        root = self._root(path, "assessment", place)
        holder = root.find("assessment") if root is not None else None
        if holder is None:
            if root is not None:
                self._findings.leave_out("assessment", title or ref, place, "The file holds no quiz.")
            return None
        facts = {words_in(found.find("fieldlabel")): words_in(found.find("fieldentry")) for found in holder.iterfind("qtimetadata/qtimetadatafield")}
        name = title or holder.get("title") or "Quiz"
        said = self._canvas(path, ref)
        sections, questions = self._sections(holder, path, name, place, banks)
        is_practice = said.get("quiz_type", "") in ("practice_quiz", "survey") or "self" in facts.get("qmd_assessmenttype", "").lower()
        return Assessment(
            ref=ref,
            title=name,
            practice=is_practice,
            questions=tuple(questions),
            settings={} if is_practice else _settings(facts, said) | self._dates(said, name, place),
            sections=tuple(sections) if len(sections) > 1 or any(part.pools or part.title for part in sections) else (),
        )

    def _dates(self, said: dict[str, str], title: str, place: str) -> dict[str, Any]:
        """When a quiz opens and closes, as Canvas says it beside the cartridge, in UTC. It is told, for students meet it."""
        opens, closes = (moment_of(said.get(name, "")) for name in ("unlock_at", "lock_at"))
        due = moment_of(said.get("due_at", ""))
        if due and not closes:
            self._findings.leave_out("canvas settings", title, place, f"Due {words_of(due)}, in UTC: it was left open after that.")
        if opens and closes and closes <= opens:
            opens = None
        if opens:
            self._findings.leave_out("canvas settings", title, place, f"Opens {words_of(opens)}, in UTC.")
        if closes:
            self._findings.leave_out("canvas settings", title, place, f"Closes {words_of(closes)}, in UTC.")
        return {name: written_moment(moment) for name, moment in (("opens_at", opens), ("closes_at", closes)) if moment}

    def _root(self, path: str, kind: str, place: str) -> etree._Element | None:
        if path not in self._archive:
            self._findings.miss(path)
            return None
        try:
            return read_tree(self._archive.read(path), posixpath.basename(path))
        except Invalid as refusal:
            self._findings.leave_out(kind, posixpath.basename(path), place, refusal.sentence)
            return None

    def _sections(self, holder: etree._Element, path: str, title: str, place: str, banks: dict[str, str]) -> tuple[list[Section], list[Question]]:
        """The sections of a quiz: runs of questions, and groups that are drawn from."""
        sections: list[Section] = []
        questions: list[Question] = []
        for section in holder.iterfind("section"):
            waiting: list[etree._Element] = []
            for child in children(section):
                if child.tag in _ITEMS:
                    waiting.append(child)
                elif child.tag == "section":
                    self._run(waiting, path, sections, questions)
                    waiting = []
                    self._group(child, path, title, place, banks, sections, questions)
            if section.find("selection_ordering/selection") is not None and waiting:
                sections.append(Section(title=_title(section), pools=(self._pool(section, waiting, path, title),)))
                continue
            self._run(waiting, path, sections, questions)
        return sections, questions

    def _run(self, items: list[etree._Element], path: str, sections: list[Section], questions: list[Question]) -> None:
        found = self._reader.questions(items, posixpath.dirname(path), path) if items else []
        if found:
            sections.append(Section(questions=len(found)))
            questions += found

    def _group(
        self,
        group: etree._Element,
        path: str,
        title: str,
        place: str,
        banks: dict[str, str],
        sections: list[Section],
        questions: list[Question],
    ) -> None:
        items = list(group.iter(*_ITEMS))
        source = words_in(group.find("selection_ordering/selection/sourcebank_ref"))
        if group.find("selection_ordering/selection") is None:
            found = self._reader.questions(items, posixpath.dirname(path), path)
            sections.append(Section(title=_title(group), questions=len(found)))
            questions += found
        elif source and source not in banks:
            self._findings.leave_out("section", _title(group) or title, place, "It draws from a bank that is not in the cartridge.")
        else:
            category = self.read_bank(banks[source], source, place) if source else ""
            pool = _drawn(group, category) if category else self._pool(group, items, path, title)
            sections.append(Section(title=_title(group), pools=(pool,)))

    def _pool(self, group: etree._Element, items: list[etree._Element], path: str, title: str) -> Pool:
        """What is drawn from the group's own items, which become a category of the bank."""
        category = path_of([title[:120], (_title(group) or "Group")[:120]])
        self._keep(items, path, category)
        return _drawn(group, category)

    def _keep(self, items: list[etree._Element], path: str, category: str) -> None:
        found = self._reader.questions(items, posixpath.dirname(path), path)
        self.bank += [_in_category(question, category, len(self.bank) + number) for number, question in enumerate(found)]

    def _canvas(self, path: str, ref: str) -> dict[str, str]:
        """What Canvas says of a quiz in a file beside it."""
        folder = posixpath.dirname(posixpath.dirname(path))
        for candidate in (posixpath.join(folder, ref, "assessment_meta.xml"), posixpath.join(posixpath.dirname(path), "assessment_meta.xml")):
            if candidate in self._archive and (root := self._root(candidate, "assessment_meta", candidate)) is not None:
                return {str(child.tag): words_in(child) for child in children(root)}
        return {}


def _in_category(question: Question, category: str, number: int) -> Question:
    return Question(ref=f"bank {number + 1}", type=question.type, title=question.title, body=question.body, points=question.points, category=category)


def _title(section: etree._Element) -> str:
    return (section.get("title") or "").strip()[:200]


def _drawn(group: etree._Element, category: str) -> Pool:
    selection = group.find("selection_ordering/selection")
    count = number(words_in(selection.find("selection_number")) if selection is not None else "") or Decimal(1)
    worth = number(words_in(selection.find("selection_extension/points_per_item")) if selection is not None else "")
    points = worth if worth is not None and 0 < worth <= 1000 else Decimal(1)
    return Pool(category=category, count=int(min(max(count, Decimal(1)), Decimal(200))), points=digits(points.quantize(Decimal("0.01"))))


def _settings(facts: dict[str, str], said: dict[str, str]) -> dict[str, Any]:
    """The settings of a quiz, as far as the cartridge, or Canvas beside it, says them."""
    settings: dict[str, Any] = {"behaviour": "deferred"}
    attempts = number(said.get("allowed_attempts") or facts.get("cc_maxattempts"))
    if attempts is not None and 1 <= attempts <= 100:
        settings["attempts_allowed"] = int(attempts)
    minutes = number(said.get("time_limit") or facts.get("qmd_timelimit"))
    if minutes is not None and 1 <= minutes <= 7 * 24 * 60:
        settings["time_limit"] = int(minutes * 60)
    if counting := _COUNTING.get(said.get("scoring_policy", "")):
        settings["counting"] = counting
    if said.get("one_question_at_a_time") == "false":
        settings["questions_per_page"] = 0
    if said.get("cant_go_back") == "true" and said.get("one_question_at_a_time") == "true":
        settings["navigation"] = "one_way"
    if "shuffle_answers" in said:
        settings["shuffle_choices"] = said["shuffle_answers"] == "true"
    if description := said.get("description") or facts.get("qmd_description"):
        with contextlib.suppress(Invalid):
            settings["introduction"] = " ".join(rich_text.to_text(rich_text.from_html(description)).split())[:2000]
    return settings
