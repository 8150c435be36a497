"""A course of the database as a neutral course: everything that its authors wrote, in its newest state, and nobody's name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session, col, select

from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.certificates.award_rules import rule_of, stored
from lms_app.domain.certificates.template_rules import template_of
from lms_app.domain.content.document import QuizBlock, parse_document
from lms_app.domain.courses import access, objectives
from lms_app.domain.courses.availability_rules import After, Availability, Score, dump, parse_availability
from lms_app.domain.courses.kept_runs import kept_runs
from lms_app.domain.courses.leading import Leading, availability_led
from lms_app.domain.courses.media import PURPOSE
from lms_app.interchange import neutral
from lms_app.interchange.findings import Findings
from lms_app.models import (
    Assessment,
    AssessmentRevision,
    Course,
    Lesson,
    Module,
    NodeAvailability,
    Page,
    PageRevision,
    Question,
    QuestionCategory,
    QuestionRevision,
    Rubric,
    StoredFile,
)
from lms_app.words import CompletionRule, Difficulty, QuestionType, Status

Read = Callable[[str, bytes], Iterator[bytes]]
"""`read(storage_key, key)`: the bytes of a stored file, piece by piece."""


def exported_course(session: Session, actor: Actor, course_id: UUID, *, read: Read) -> neutral.Course:
    """The course, for one of its owners or editors. Its files are read when they are asked for, without the session. Raises NotFound.

    People and what they did stay; so do codes and links of runs, earlier versions than those that students see, and passwords of quizzes.
    """
    return _Export(session, access.editable_course(session, actor, course_id), read).course()


class _Export:
    """One course being read. Names are counted in the course's order, so that the same course has the same names wherever it lies."""

    def __init__(self, session: Session, course: Course, read: Read) -> None:
        self.session, self.source, self.read = session, course, read
        self.findings = Findings()
        self.assets: list[neutral.Asset] = []
        self.files = self._files()
        self.modules, self.lessons, self.rows = self._outline()
        self.pages = {row.id: f"page-{number}" for number, row in enumerate(self.rows, start=1)}
        states = self._revisions(PageRevision, [each for row in self.rows for each in (row.draft_revision_id, _shown(row))])
        self.documents = {state.id: parse_document(state.document) for state in states}
        self.titles = {state.id: state.title for state in states}
        self.quiz_rows = self._quizzes()
        self.quizzes = {row.id: f"quiz-{number}" for number, row in enumerate(self.quiz_rows, start=1)}
        self.placed = {row.id: row.page_id for row in self.quiz_rows}
        self.leading = Leading(file=self._file, assessment=lambda ref: self.quizzes[UUID(ref)], address=self._address)
        self.categories = self._categories()
        self.availabilities = self._availabilities()
        self.objectives = objectives.of_course(session, course.id)
        self.questions: dict[UUID, neutral.Question] = {}
        self.bodies: dict[UUID, dict[str, Any]] = {}

    def course(self) -> neutral.Course:
        course = self.source
        self._read_questions()
        modules = tuple(self._module(module) for module in self.modules)
        rule = rule_of(course.certificate_rule)
        lesson_of = {row.id: row.lesson_id for row in self.rows}
        category_of = {lesson.id: lesson.category for lesson in self.lessons}
        return neutral.Course(
            title=course.title,
            summary=course.summary,
            slug=course.slug,
            language=course.language,
            level=course.level,
            tags=tuple(course.tags),
            objectives=tuple(row.text for row in self.objectives),
            cover=self.files.get(course.cover_file_id, "") if course.cover_file_id else "",
            certificate_offered=course.certificate_offered,
            signatory_name=course.signatory_name,
            signatory_title=course.signatory_title,
            **{f"certificate_{name}": words for name, words in asdict(template_of(course.certificate_template)).items()},
            certificate_grade=stored(rule).get("least_grade", ""),
            certificate_quizzes=tuple(self.quizzes[quiz] for quiz in rule.passed if quiz in self.quizzes),
            modules=modules,
            assessments=tuple(self._quiz(quiz, category_of.get(lesson_of.get(quiz.page_id), "")) for quiz in self.quiz_rows),  # pyright: ignore[reportArgumentType, reportCallIssue]
            bank=tuple(self.questions.values()),
            categories=tuple(sorted(self.categories.values())),
            runs=kept_runs(self.session, course.id, self.quizzes),
            assets=tuple(self.assets),
            report=self.findings.report(),
        )

    def _files(self) -> dict[UUID, str]:
        """The name of each file of the course's media; two of the same name are told apart by a number."""
        query = select(StoredFile).where(StoredFile.course_id == self.source.id, StoredFile.purpose == PURPOSE, col(StoredFile.archived_at).is_(None))
        names: dict[UUID, str] = {}
        for row in self.session.exec(query.order_by(col(StoredFile.id))).all():
            name = names[row.id] = self.findings.name_for(str(row.id), row.filename)
            key = key_ring.key(self.session, row.key_owner)
            self.assets.append(_asset(name, row, key, self.read))
        return names

    def _outline(self) -> tuple[list[Module], list[Lesson], list[Page]]:
        modules = self._siblings(Module)
        places = {row.id: place for place, row in enumerate(modules)}
        lessons = sorted((row for row in self._siblings(Lesson) if row.module_id in places), key=lambda row: places[row.module_id])
        places = {row.id: place for place, row in enumerate(lessons)}
        pages = sorted((row for row in self._siblings(Page) if row.lesson_id in places), key=lambda row: places[row.lesson_id])
        return modules, lessons, pages

    def _siblings(self, table: Any) -> list[Any]:
        query = select(table).where(table.course_id == self.source.id, col(table.archived_at).is_(None))
        return list(self.session.exec(query.order_by(table.position, table.id)).all())

    def _revisions(self, table: Any, ids: list[UUID | None]) -> list[Any]:
        wanted = [found for found in ids if found is not None]
        return [
            row
            for start in range(0, len(wanted), 1000)
            for row in self.session.exec(select(table).where(col(table.id).in_(wanted[start : start + 1000]))).all()
        ]

    def _quizzes(self) -> list[Assessment]:
        """The quizzes in the order in which they stand on pages, then those that stand on none."""
        query = select(Assessment).where(Assessment.course_id == self.source.id, col(Assessment.archived_at).is_(None))
        rows = {row.id: row for row in self.session.exec(query.order_by(col(Assessment.id))).all()}
        placed: dict[UUID, Assessment] = {}
        for page in self.rows:
            for block in self._blocks(page):
                if isinstance(block, QuizBlock) and (quiz := rows.get(_uuid(block.assessment))) is not None and quiz.page_id == page.id:
                    placed.setdefault(quiz.id, quiz)
        loose = [row for row in rows.values() if row.id not in placed and (row.page_id is None or row.page_id in self.pages)]
        return [*placed.values(), *loose]

    def _blocks(self, page: Page) -> list[Any]:
        document = self.documents.get(page.draft_revision_id) if page.draft_revision_id else None
        return list(document.blocks) if document is not None else []

    def _module(self, module: Module) -> neutral.Module:
        lessons = tuple(self._lesson(lesson) for lesson in self.lessons if lesson.module_id == module.id)
        ref, opens = f"module-{self.modules.index(module) + 1}", self.availabilities.get(module.id, {})
        return neutral.Module(ref=ref, title=module.title, lessons=lessons, availability=opens)

    def _lesson(self, lesson: Lesson) -> neutral.Lesson:
        return neutral.Lesson(
            ref=f"lesson-{self.lessons.index(lesson) + 1}",
            title=lesson.title,
            graded=lesson.graded,
            category=lesson.category,
            availability=self.availabilities.get(lesson.id, {}),
            pages=tuple(self._page(page) for page in self.rows if page.lesson_id == lesson.id),
        )

    def _page(self, page: Page) -> neutral.Page:
        shown = _shown(page)
        return neutral.Page(
            ref=self.pages[page.id],
            title=page.title,
            blocks=self._led_blocks(page, self._blocks(page)),
            rule=CompletionRule(page.completion_rule),
            required=page.required,
            availability=self.availabilities.get(page.id, {}),
            published=page.published_revision_id is not None and page.status == Status.PUBLISHED,
            shown=self._led_blocks(page, self.documents[shown].blocks) if shown else None,
            shown_title=self.titles[shown] if shown else "",
        )

    def _led_blocks(self, page: Page, found: Sequence[Any]) -> tuple[neutral.Block, ...]:
        blocks: list[neutral.Block] = []
        seen: set[UUID] = set()
        for block in found:
            if isinstance(block, QuizBlock):
                quiz = _uuid(block.assessment)
                if quiz not in self.quizzes or quiz in seen or self.placed[quiz] != page.id:
                    self.findings.leave_out("quiz", "Quiz", page.title, "It is no longer in the course.")
                    continue
                seen.add(quiz)
            blocks.append(self.leading.lead(block.model_dump(mode="json")))
        return tuple(blocks)

    def _availabilities(self) -> dict[UUID, dict[str, Any]]:
        """When each node opens, with refs in place of ids. What waits for something that is gone is told of, and opens without it."""
        rows = self.session.exec(select(NodeAvailability).where(NodeAvailability.course_id == self.source.id)).all()
        refs = {row.id: f"module-{number}" for number, row in enumerate(self.modules, start=1)}
        refs |= {row.id: f"lesson-{number}" for number, row in enumerate(self.lessons, start=1)}
        refs |= self.pages | self.quizzes
        found: dict[UUID, dict[str, Any]] = {}
        for row in rows:
            rule = parse_availability(row.rule)
            kept = tuple(each for each in rule.conditions if not isinstance(each, After | Score) or waited_for(each) in refs)
            if row.node_id in refs and len(kept) < len(rule.conditions):
                self.findings.leave_out("availability", refs[row.node_id], "Course", "It waits for something that is no longer in the course.")
            if row.node_id in refs and kept:
                plain = dump(Availability(match=rule.match, conditions=kept))
                found[row.node_id] = availability_led(plain, lambda kind, name: refs[UUID(name)])
        return found

    def _categories(self) -> dict[UUID, str]:
        rows = {row.id: row for row in self.session.exec(select(QuestionCategory).where(QuestionCategory.course_id == self.source.id)).all()}

        def names(row: QuestionCategory) -> list[str]:
            above = rows.get(row.parent_id) if row.parent_id else None
            return [*(names(above) if above is not None else []), row.name]

        return {row.id: neutral.path_of(names(row)) for row in rows.values()}

    def _read_questions(self) -> None:
        query = select(Question).where(Question.course_id == self.source.id, col(Question.archived_at).is_(None))
        rows = self.session.exec(query.order_by(col(Question.id))).all()
        states = {row.id: row for row in self._revisions(QuestionRevision, [row.draft_revision_id for row in rows])}
        ids = [row.id for row in rows]
        rubrics = {
            row.question_id: row.body
            for start in range(0, len(ids), 1000)
            for row in self.session.exec(select(Rubric).where(col(Rubric.question_id).in_(ids[start : start + 1000]))).all()
        }
        for number, row in enumerate(rows, start=1):
            state = states.get(row.draft_revision_id) if row.draft_revision_id else None
            body = self._body(state, row.title) if state is not None else None
            if body is None:
                if state is None:
                    self.findings.leave_out(str(row.type), row.title, "Question bank", "It is not whole yet, so it was left out.")
                continue
            self.questions[row.id] = neutral.Question(
                ref=f"question-{number}",
                type=QuestionType(row.type),
                title=row.title,
                body=body,
                tags=tuple(row.tags),
                category=self.categories.get(row.category_id, "") if row.category_id else "",
                rubric=rubrics.get(row.id) or None,
                difficulty=Difficulty(row.difficulty).value,
                objective=next((place for place, known in enumerate(self.objectives, start=1) if known.id == row.objective_id), 0),
            )

    def _body(self, state: QuestionRevision, title: str) -> dict[str, Any] | None:
        """What a question asks, None (noted) where an earlier version of Lyceum wrote what can no longer be read."""
        if state.id not in self.bodies:
            try:
                body = TYPES[QuestionType(state.type)].body.model_validate(state.body).model_dump(mode="json")
            except ValidationError:
                self.findings.leave_out(str(state.type), title, "Question bank", "It cannot be read any more.")
                return None
            self.bodies[state.id] = self.leading.lead(body)
        return self.bodies[state.id]

    def _quiz(self, quiz: Assessment, category: str) -> neutral.Assessment:
        found = self._quiz_state(quiz, category, quiz.draft_revision_id)
        shown = self._quiz_state(quiz, category, _shown(quiz)) if _shown(quiz) else None
        if found.locked:
            self.findings.leave_out("password", quiz.title, quiz.title, "Its password was not written: give it a new one.")
        return replace(
            found,
            availability=self.availabilities.get(quiz.id, {}),
            published=quiz.published_revision_id is not None and quiz.status == Status.PUBLISHED,
            shown=shown,
        )

    def _quiz_state(self, quiz: Assessment, category: str, revision_id: UUID | None) -> neutral.Assessment:
        """A quiz as it is in one of its revisions."""
        state = self.session.get_one(AssessmentRevision, revision_id)
        settings = QuizSettings.model_validate(state.settings)
        lines, parts, pools = quiz_authoring.composition_of(self.session, quiz, revision_id)
        states = {row.id: row for row in self._revisions(QuestionRevision, [line.revision_id for line in lines])}
        asked = [[self._asked(line, states) for line in lines if line.section == place] for place in range(len(parts))]
        kept = [[question for question in section if question is not None] for section in asked]
        sections = tuple(
            neutral.Section(
                title=part.title,
                introduction=self.leading.lead(part.introduction, "introduction"),
                shuffle=part.shuffle,
                questions=len(kept[place]),
                pools=tuple(self._pool(pool) for pool in pools if pool.section == place),
            )
            for place, part in enumerate(parts)
        )
        return neutral.Assessment(
            ref=self.quizzes[quiz.id],
            title=quiz.title if revision_id == quiz.draft_revision_id else state.title,
            practice=quiz.practice,
            questions=tuple(question for section in kept for question in section),
            settings=self.leading.lead(settings.model_copy(update={"password": ""}).model_dump(mode="json")),
            sections=sections,
            category="" if quiz.category == category else quiz.category,
            locked=bool(settings.password),
        )

    def _asked(self, line: quiz_authoring.Line, states: dict[UUID, QuestionRevision]) -> neutral.Question | None:
        known, state = self.questions.get(line.question_id), states.get(line.revision_id)
        if known is None or state is None or (body := self._body(state, known.title)) is None:
            return None
        points = format(line.points.normalize(), "f")
        return neutral.Question(**{**vars(known), "body": body, "points": points})

    def _pool(self, pool: quiz_authoring.Pool) -> neutral.Pool:
        return neutral.Pool(
            category=self.categories.get(pool.category_id, "") if pool.category_id else "",
            tags=pool.tags,
            count=pool.count,
            points=format(pool.points.normalize(), "f"),
        )

    def _file(self, name: str) -> str:
        return self.files.get(_uuid(name), "")

    def _address(self, address: str) -> str:
        scheme, _, name = address.partition(":")
        if scheme == "file":
            return f"file:{self.files[_uuid(name)]}" if _uuid(name) in self.files else address
        if scheme == "page":
            return f"page:{self.pages[_uuid(name)]}" if _uuid(name) in self.pages else address
        return address


def _shown(node: Page | Assessment) -> UUID | None:
    """The revision that students see, where that is not the newest."""
    is_seen = node.status == Status.PUBLISHED and node.published_revision_id != node.draft_revision_id
    return node.published_revision_id if is_seen else None


def _asset(name: str, row: StoredFile, key: bytes, read: Read) -> neutral.Asset:
    storage_key = row.storage_key

    def stream() -> Iterator[bytes]:
        return read(storage_key, key)

    return neutral.Asset(name=name, title=row.filename, media_type=row.media_type, size=row.size, content=lambda: b"".join(stream()), stream=stream)


def waited_for(condition: After | Score) -> UUID:
    """The node that a condition names."""
    return condition.node if isinstance(condition, After) else condition.quiz


def _uuid(text: str) -> UUID:
    """The id that is written, the empty one where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
