"""Questions of a bank from files and into files of other systems (`interchange`). What a file cannot say, or the bank not hold, is told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import question_bank, question_source
from lms_app.domain.assessments.bank_listing import MOST_IDS
from lms_app.domain.assessments.quiz_sections import LONGEST_TAG
from lms_app.domain.courses.importing import Store, stored_file
from lms_app.domain.courses.leading import Leading
from lms_app.errors import Invalid, LimitReached
from lms_app.interchange import neutral
from lms_app.models import Question, QuestionCategory, QuestionRevision, StoredFile
from lms_app.words import QuestionType

MOST_TAKEN = 3000
SHOWN = 200


class Read(Protocol):
    """Gives a whole file by the key that it was put away with, sealed under `key`."""

    def __call__(self, storage_key: str, *, key: bytes) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class FoundQuestion:
    """A question of a file that can be taken."""

    title: str
    type: str
    category: str


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """What of a file can be taken and what not; `questions` are the first 200, `taken` counts all, `kinds` by type."""

    taken: int
    kinds: dict[str, int] = field(default_factory=dict)
    questions: list[FoundQuestion] = field(default_factory=list[FoundQuestion])
    left_out: list[neutral.Unsupported] = field(default_factory=list[neutral.Unsupported])
    missing_files: list[str] = field(default_factory=list[str])
    files: int = 0


def look(session: Session, actor: Actor, course_id: UUID | None, bank: neutral.Bank) -> FileReport:
    """What of a file a bank would take. Nothing is stored. Raises NotAllowed, NotFound."""
    question_bank.owned(session, actor, course_id)
    taken, left = _sorted(course_id, bank)
    return _report(bank, taken, left)


def take(session: Session, actor: Actor, course_id: UUID | None, category_id: UUID | None, bank: neutral.Bank, *, store: Store) -> FileReport:
    """Takes the questions of a file into a category of a bank, or into none, all of those that `look` named, with the categories that the file has
    below it and the files that they use. Raises LimitReached, NotAllowed, NotFound."""
    question_bank.owned(session, actor, course_id)
    if category_id is not None:
        question_bank.category_with_those_below(session, actor, course_id, category_id)
    taken, left = _sorted(course_id, bank)
    if len(taken) > MOST_TAKEN:
        raise LimitReached(f"This file holds {len(taken):,} questions. At most {MOST_TAKEN:,} are taken at once: divide it.")
    into = _Taking(session, actor, course_id, category_id, bank, store)
    for question in taken:
        into.question(question)
    session.flush()
    return _report(bank, taken, left)


def neutral_bank(session: Session, actor: Actor, course_id: UUID | None, ids: Sequence[UUID], *, read: Read) -> neutral.Bank:
    """Questions of a bank, as published, for a writer of files. Their pictures are read when asked for. Raises Invalid, NotAllowed, NotFound."""
    course = question_bank.owned(session, actor, course_id)
    if len(ids) > MOST_IDS:
        raise Invalid(f"At most {MOST_IDS:,} questions are written at once.")
    rows = session.exec(
        select(Question, QuestionRevision)
        .join(QuestionRevision, col(QuestionRevision.id) == col(Question.published_revision_id))
        .where(col(Question.id).in_(ids), *question_bank.of_bank(Question, actor, course_id))
    ).all()
    place = {identity: number for number, identity in enumerate(ids)}
    rows = sorted(rows, key=lambda pair: place[pair[0].id])
    wanted = {identity for _, revision in rows for identity in revision.files or []}
    assets = {row.id: _asset(session, row, read) for row in session.exec(select(StoredFile).where(col(StoredFile.id).in_(wanted))).all()}
    names = {str(identity): asset.name for identity, asset in assets.items()}
    leading = Leading(
        file=lambda file: names.get(file, ""),
        assessment=lambda ref: ref,
        address=lambda address: f"file:{names[address[5:]]}" if address.startswith("file:") and address[5:] in names else address,
    )
    named = _paths(question_bank.categories(session, actor, course_id))
    return neutral.Bank(
        title=course.title if course else "My bank",
        questions=tuple(
            neutral.Question(
                ref=f"question-{number}",
                type=QuestionType(row.type),
                title=row.title or "Question",
                body=leading.lead(revision.body),
                tags=tuple(row.tags),
                category=named.get(str(row.category_id), "") if row.category_id else "",
            )
            for number, (row, revision) in enumerate(rows, start=1)
        ),
        assets=tuple(assets.values()),
    )


def _sorted(course_id: UUID | None, bank: neutral.Bank) -> tuple[list[neutral.Question], list[neutral.Unsupported]]:
    """What a bank can take, and what it cannot, though the file could be read."""
    taken: list[neutral.Question] = []
    left: list[neutral.Unsupported] = []
    for number, question in enumerate(bank.questions, start=1):
        reason = ""
        if course_id is None and question.type == QuestionType.HOTSPOT:
            reason = "A question on a picture needs a course, whose files the picture is among."
        else:
            try:
                question_source.checked_body(question.type, question.body)
            except Invalid as refusal:
                reason = next(iter(refusal.fields.values()), refusal.sentence)
        if reason:
            left.append(neutral.Unsupported(kind=question.type, title=question.title, place=f"question {number}", reason=reason))
        else:
            taken.append(question)
    return taken, left


def _report(bank: neutral.Bank, taken: Sequence[neutral.Question], left: Sequence[neutral.Unsupported]) -> FileReport:
    return FileReport(
        taken=len(taken),
        kinds=dict(Counter(question.type.value for question in taken)),
        questions=[FoundQuestion(title=question.title, type=question.type, category=question.category) for question in taken[:SHOWN]],
        left_out=[*bank.report.unsupported, *left][:SHOWN],
        missing_files=list(bank.report.missing_files),
        files=len(bank.assets),
    )


class _Taking:
    """One file being taken: the files and categories that are there already, by the names that it has for them."""

    def __init__(self, session: Session, actor: Actor, course_id: UUID | None, category_id: UUID | None, bank: neutral.Bank, store: Store) -> None:
        self.session, self.actor, self.course_id, self.category_id, self.store = session, actor, course_id, category_id, store
        self.assets = {asset.name: asset for asset in bank.assets}
        self.files: dict[str, str] = {}
        self.categories = _known(session, actor, course_id)
        self.leading = Leading(file=self._file, assessment=lambda ref: ref, address=self._address)

    def question(self, question: neutral.Question) -> None:
        tags = [tag for tag in (" ".join(tag.replace(",", " ").split())[:LONGEST_TAG] for tag in question.tags) if tag][:20]
        question_source.create(
            self.session,
            self.actor,
            self.course_id,
            question.type,
            self.leading.lead(question.body),
            category_id=self._category(question.category),
            tags=tags,
        )

    def _category(self, path: str) -> UUID | None:
        above = self.category_id
        for name in neutral.names_of(path):
            clean = " ".join(name.split())[: question_bank.LONGEST_NAME]
            found = self.categories.get((above, clean))
            if found is None:
                found = question_bank.add_category(self.session, self.actor, self.course_id, clean, above)
                self.categories[(above, clean)] = found
            above = found
        return above

    def _file(self, name: str) -> str:
        """The id of a file of the question, stored where it was not yet. A person's own bank has no files."""
        asset = self.assets.get(name)
        if asset is None or self.course_id is None:
            return ""
        if name not in self.files:
            row = stored_file(self.session, self.course_id, asset, store=self.store)
            self.session.add(row)
            self.session.flush()
            self.files[name] = str(row.id)
        return self.files[name]

    def _address(self, address: str) -> str:
        scheme, _, name = address.partition(":")
        return f"file:{self._file(name)}" if scheme == "file" and name in self.assets and self.course_id is not None else address


def _known(session: Session, actor: Actor, course_id: UUID | None) -> dict[tuple[UUID | None, str], UUID]:
    rows = session.exec(select(QuestionCategory).where(*question_bank.of_bank(QuestionCategory, actor, course_id))).all()
    return {(row.parent_id, row.name): row.id for row in rows}


def _paths(lines: Sequence[question_bank.CategoryLine]) -> Mapping[str, str]:
    """The path of each category, from the tree as it is read."""
    paths: dict[str, str] = {}
    above: list[str] = []
    for line in lines:
        above = [*above[: line.depth], line.name]
        paths[line.id] = neutral.path_of(above)
    return paths


def _asset(session: Session, row: StoredFile, read: Read) -> neutral.Asset:
    storage_key, key = row.storage_key, key_ring.key(session, row.key_owner)
    ending = f".{row.filename.rsplit('.', 1)[-1]}" if "." in row.filename else ""

    return neutral.Asset(
        name=f"{row.id}{ending[:10]}", title=row.filename, media_type=row.media_type, size=row.size, content=lambda: read(storage_key, key=key)
    )
