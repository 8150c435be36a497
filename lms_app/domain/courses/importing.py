"""Bringing a neutral course into the database: all or nothing, in the caller's transaction."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from itertools import islice
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.crypto import INSTALLATION, key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.question_words import words_of
from lms_app.domain.assessments.quiz_publishing import rule_of
from lms_app.domain.assessments.quiz_settings import QuizSettings, practice_settings
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.certificates.award_rules import AwardRule, stored
from lms_app.domain.certificates.template_rules import template_of
from lms_app.domain.content.document import Document, parse_document
from lms_app.domain.content.rendering import reading_minutes
from lms_app.domain.courses import authoring, node_health, positions
from lms_app.domain.courses.availability_rules import dump, parse_availability
from lms_app.domain.courses.kept_runs import made_runs
from lms_app.domain.courses.leading import Leading, availability_led
from lms_app.ids import uuid7
from lms_app.interchange import neutral
from lms_app.models import (
    Assessment,
    AssessmentRevision,
    AssessmentSection,
    Course,
    Gradebook,
    GradeCategory,
    GradeColumn,
    Lesson,
    Module,
    NodeAvailability,
    Objective,
    Page,
    PageRevision,
    Question,
    QuestionCategory,
    QuestionRevision,
    Rubric,
    Run,
    SectionPool,
    SectionQuestion,
    StoredFile,
)
from lms_app.words import CompletionRule, Difficulty, NodeKind, Status

Tell = Callable[[int, int], None]
"""`tell(done, total)`: how far an import is, in pages and files."""

LONGEST_CATEGORY = 120

ORDER = (
    StoredFile,
    Module,
    Lesson,
    Page,
    PageRevision,
    Assessment,
    AssessmentRevision,
    AssessmentSection,
    QuestionCategory,
    Objective,
    Question,
    QuestionRevision,
    Rubric,
    SectionQuestion,
    SectionPool,
    NodeAvailability,
    Run,
    Gradebook,
    GradeCategory,
    GradeColumn,
)


class Store(Protocol):
    """Puts bytes away, sealed under `key`, and gives the key to find them by."""

    def __call__(self, data: bytes, *, key: bytes) -> str: ...


def store_course(session: Session, actor: Actor, source: neutral.Course, *, store: Store, tell: Tell = lambda done, total: None) -> Course:
    """A new draft course of the actor's, holding everything of `source`: files put away by `store`, references led to their new ids."""
    course = authoring.create_course(
        session, actor, title=source.title or "Untitled course", summary=source.summary[:1000], language=source.language or "en",
        level=source.level, slug=source.slug,
    )  # fmt: skip
    course.certificate_offered = source.certificate_offered
    course.signatory_name, course.signatory_title = source.signatory_name, source.signatory_title
    names = ("heading", "certifies", "completed", "colour")
    course.certificate_template = asdict(template_of({name: getattr(source, f"certificate_{name}") for name in names}))
    course.tags = list(source.tags)
    return _Import(session, actor, course, source, store, tell).run()


def stored_file(session: Session, course_id: UUID, asset: neutral.Asset, *, store: Store) -> StoredFile:
    """The row of a file of a course, whose bytes `store` has put away."""
    data = asset.read()
    return StoredFile(
        key_owner=INSTALLATION,
        course_id=course_id,
        purpose="course",
        filename=asset.title or asset.name.rsplit("/", 1)[-1],
        media_type=asset.media_type,
        size=len(data),
        storage_key=store(data, key=key_ring.create_once(session)),
        created_at=clock.now(),
    )


class _Import:
    """One import under way: what was stored so far, by the source's names."""

    def __init__(self, session: Session, actor: Actor, course: Course, source: neutral.Course, store: Store, tell: Tell) -> None:
        self.session, self.actor, self.course, self.source, self.store = session, actor, course, source, store
        self.tell = tell
        self.now = clock.now()
        self.files: dict[str, UUID] = {}
        self.pages = {page.ref: uuid7() for page in source.pages()}
        self.quizzes = {quiz.ref: uuid7() for quiz in source.assessments}
        self.total = len(source.assets) + len(self.pages)
        self.categories: dict[tuple[str, ...], QuestionCategory] = {}
        self.bank = {(question.ref, question.type) for question in source.bank}
        self.questions: dict[str, Question] = {}
        self.revisions: dict[str, list[QuestionRevision]] = {}
        self.nodes: dict[tuple[NodeKind, str], UUID] = {}
        self.objectives = [uuid7() for _ in source.objectives]
        self.leading = Leading(file=self._file, assessment=lambda ref: str(self.quizzes[ref]), address=self._address)
        self.rows: list[Any] = []
        self.noted: list[node_health.Noted] = []

    def run(self) -> Course:
        for number, asset in enumerate(self.source.assets, start=1):
            self._store_file(asset)
            self.tell(number, self.total)
        self.course.cover_file_id = self.files.get(self.source.cover)
        for path in self.source.categories:
            self._category(path)
        for question in self.source.bank:
            self._question(question)
        done = len(self.source.assets)
        quizzes = {quiz.ref: quiz for quiz in self.source.assessments}
        for module, place in zip(self.source.modules, positions.first_n(len(self.source.modules)), strict=True):
            module_row = Module(course_id=self.course.id, title=_title(module.title), position=place, created_at=self.now)
            self.rows.append(module_row)
            self.nodes[NodeKind.MODULE, module.ref] = module_row.id
            for lesson, lesson_place in zip(module.lessons, positions.first_n(len(module.lessons)), strict=True):
                lesson_row = Lesson(
                    course_id=self.course.id, module_id=module_row.id, title=_title(lesson.title), position=lesson_place,
                    graded=lesson.graded, category=lesson.category, created_at=self.now,
                )  # fmt: skip
                self.rows.append(lesson_row)
                self.nodes[NodeKind.LESSON, lesson.ref] = lesson_row.id
                for page, page_place in zip(lesson.pages, positions.first_n(len(lesson.pages)), strict=True):
                    self._store_page(page, lesson_row, page_place)
                    for block in (*page.blocks, *(page.shown or ())):
                        if block["type"] == "quiz" and block["assessment"] in quizzes:
                            self._store_quiz(quizzes.pop(block["assessment"]), self.pages[page.ref], lesson.category)
                    done += 1
                    self.tell(done, self.total)
        for quiz in quizzes.values():
            self._store_quiz(quiz, None, "")
        objectives = self.source.objectives
        self.rows += [
            Objective(id=objective_id, course_id=self.course.id, text=text, position=place, created_at=self.now)
            for objective_id, text, place in zip(self.objectives, objectives, positions.first_n(len(objectives)), strict=True)
        ]
        self._store_availabilities()
        shown = {quiz.ref: quiz.published for quiz in self.source.assessments}
        self.rows += made_runs(self.session, self.course, self.source.runs, self.quizzes, shown, self.now) if self.source.runs else []
        passed = tuple(self.quizzes[ref] for ref in self.source.certificate_quizzes)
        self.course.certificate_rule = stored(AwardRule(least_grade=Decimal(self.source.certificate_grade or 0) or None, passed=passed))
        self._write()
        return self.course

    def _store_availabilities(self) -> None:
        source, nodes = self.source, self.nodes
        nodes |= {(NodeKind.PAGE, ref): page_id for ref, page_id in self.pages.items()}
        nodes |= {(NodeKind.ASSESSMENT, ref): quiz_id for ref, quiz_id in self.quizzes.items()}
        every = (
            (NodeKind.MODULE, source.modules), (NodeKind.LESSON, source.lessons()), (NodeKind.PAGE, source.pages()),
            (NodeKind.ASSESSMENT, source.assessments),
        )  # fmt: skip
        for kind, found in every:
            for node in found:
                if node.availability:
                    rule = dump(parse_availability(availability_led(node.availability, lambda kind, ref: str(nodes[kind, ref]))))
                    self.rows.append(
                        NodeAvailability(node_id=nodes[kind, node.ref], course_id=self.course.id, node_kind=kind, rule=rule, changed_at=self.now)
                    )

    def _write(self) -> None:
        """Writes the rows table by table, each after those it refers to, many rows a statement."""
        for table in ORDER:
            self.session.add_all([row for row in self.rows if isinstance(row, table)])
            self.session.flush()
        node_health.keep(self.session, self.noted)
        node_health.ask(self.session, self.course.id)

    def _store_file(self, asset: neutral.Asset) -> None:
        row = stored_file(self.session, self.course.id, asset, store=self.store)
        self.rows.append(row)
        self.files[asset.name] = row.id

    def _store_page(self, page: neutral.Page, lesson: Lesson, place: str) -> None:
        parsed = self._document(page.blocks)
        row = Page(
            id=self.pages[page.ref], course_id=self.course.id, lesson_id=lesson.id, title=_title(page.title), position=place,
            # What students of the source could not see is held back: see authoring.is_held_back.
            completion_rule=CompletionRule.READ if page.draft else page.rule, required=page.required and not page.draft,
            minutes=reading_minutes(parsed), created_at=self.now,
        )  # fmt: skip
        self.rows.append(row)
        # What students see was written before what its authors made of it since.
        shown = self._page_state(row, page.shown_title, self._document(page.shown), 1) if page.shown is not None else None
        newest = self._page_state(row, row.title, parsed, 2 if shown else 1)
        row.draft_revision_id = newest
        if page.published:
            row.status, row.published_revision_id = Status.PUBLISHED, shown or newest
        self.noted.append(node_health.at_page(row, parsed))

    def _document(self, blocks: Sequence[neutral.Block]) -> Document:
        return parse_document({"schema_version": 1, "blocks": [self._led(block) for block in blocks]})

    def _page_state(self, row: Page, title: str, document: Document, number: int) -> UUID:
        revision = PageRevision(
            page_id=row.id, number=number, title=_title(title), document=document.model_dump(mode="json"), created_at=self.now,
            created_by=self.actor.person_id,
        )  # fmt: skip
        self.rows.append(revision)
        return revision.id

    def _store_quiz(self, quiz: neutral.Assessment, page_id: UUID | None, category: str) -> None:
        settings = QuizSettings.model_validate(self._led(quiz.settings)) if quiz.settings else practice_settings()
        row = Assessment(
            id=self.quizzes[quiz.ref],
            course_id=self.course.id,
            page_id=page_id,
            title=_title(quiz.title),
            practice=quiz.practice,
            category=quiz.category or category,
            completion_rule=rule_of(practice=quiz.practice, settings=settings),
            required=not quiz.practice,
            created_at=self.now,
        )
        self.rows.append(row)
        shown = self._quiz_state(row, quiz.shown, 1) if quiz.shown is not None else None
        newest = self._quiz_state(row, quiz, 2 if shown else 1)
        row.draft_revision_id = newest
        if quiz.published:
            row.status, row.published_revision_id = Status.PUBLISHED, shown or newest
        self.noted.append(node_health.at_quiz(row, empty=not quiz.questions and not any(part.pools for part in quiz.sections)))

    def _quiz_state(self, row: Assessment, quiz: neutral.Assessment, number_: int) -> UUID:
        """A revision of a quiz, with its sections, questions and pools."""
        settings = QuizSettings.model_validate(self._led(quiz.settings)) if quiz.settings else practice_settings()
        revision = AssessmentRevision(
            assessment_id=row.id, number=number_, title=_title(quiz.title), settings=settings.model_dump(mode="json"), created_at=self.now,
            created_by=self.actor.person_id,
        )  # fmt: skip
        self.rows.append(revision)
        parts = quiz.sections or (neutral.Section(questions=len(quiz.questions)),)
        waiting, number = iter(quiz.questions), 0
        for place, part in enumerate(parts):
            section = AssessmentSection(
                assessment_revision_id=revision.id, number=place, title=part.title, introduction=self._led(part.introduction, "introduction"),
                shuffle=part.shuffle,
            )  # fmt: skip
            self.rows.append(section)
            for question in islice(waiting, part.questions):
                asked, state = self._question(question)
                self.rows.append(
                    SectionQuestion(
                        section_id=section.id, number=number, question_id=asked.id, question_revision_id=state.id, points=Decimal(question.points)
                    )
                )
                number += 1
            for pool in part.pools:
                kept = self._category(pool.category)
                self.rows.append(
                    SectionPool(
                        section_id=section.id, number=number, category_id=kept.id if kept else None, tags=list(pool.tags), count=pool.count,
                        points=Decimal(pool.points),
                    )
                )  # fmt: skip
                number += 1
        return revision.id

    def _question(self, question: neutral.Question) -> tuple[Question, QuestionRevision]:
        """The row of a question and of this state of it: made now, unless it is in the bank and was met before."""
        kind = TYPES[question.type]
        body = kind.body.model_validate(self._led(question.body))
        dumped = body.model_dump(mode="json")
        shared = (question.ref, question.type) in self.bank
        row = self.questions.get(question.ref) if shared else None
        states = self.revisions.setdefault(question.ref, []) if shared else []
        if row is not None and (known := next((state for state in states if state.body == dumped), None)) is not None:
            return row, known
        if row is None:
            category = self._category(question.category)
            row = Question(
                course_id=self.course.id, category_id=category.id if category else None, tags=list(question.tags), type=question.type,
                title=question.title[:200], words=words_of(question.body), created_at=self.now,
                difficulty=Difficulty(question.difficulty), objective_id=self.objectives[question.objective - 1] if question.objective else None,
            )  # fmt: skip
            self.rows.append(row)
            if shared:
                self.questions[question.ref] = row
            if question.rubric is not None:
                self.rows.append(Rubric(question_id=row.id, body=question.rubric, updated_at=self.now, updated_by=self.actor.person_id))
        revision = QuestionRevision(
            question_id=row.id, number=len(states) + 1, type=question.type, body=dumped, created_at=self.now, created_by=self.actor.person_id
        )
        states.append(revision)
        self.rows.append(revision)
        if row.draft_revision_id is None:
            # The state in the bank is met first and is the newest, whatever quizzes hold on to.
            row.draft_revision_id = row.published_revision_id = revision.id
            self.noted.append(node_health.at_question(row, body))
        return row, revision

    def _category(self, path: str) -> QuestionCategory | None:
        """The row of a category, made with those above it where it is new. None for no category."""
        names = tuple(neutral.names_of(path))
        above: QuestionCategory | None = None
        for end in range(1, len(names) + 1):
            found = self.categories.get(names[:end])
            if found is None:
                found = QuestionCategory(
                    course_id=self.course.id, parent_id=above.id if above else None, name=names[end - 1][:LONGEST_CATEGORY], created_at=self.now
                )
                self.categories[names[:end]] = found
                self.rows.append(found)
            above = found
        return above

    def _led(self, value: Any, key: str = "") -> Any:
        """`value` with every reference of the source led to its new id. A name that is not here becomes a missing file."""
        return self.leading.lead(value, key)

    def _file(self, name: str) -> str:
        return str(self.files[name]) if name in self.files else ""

    def _address(self, address: str) -> str:
        scheme, _, name = address.partition(":")
        if scheme == "file" and name in self.files:
            return f"file:{self.files[name]}"
        if scheme == "page" and name in self.pages:
            return f"page:{self.pages[name]}"
        return address


def _title(title: str) -> str:
    return " ".join(title.split())[: authoring.LONGEST_TITLE] or "Untitled"
