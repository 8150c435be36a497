"""Courses of the neutral document as Hypothesis draws them: with everything that our own archive holds."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.content.document import document_of
from lms_app.domain.content.rich_text import from_text
from lms_app.domain.gradebook.gradebook_settings import GradebookSettings
from lms_app.interchange import neutral
from lms_app.words import CompletionRule, Difficulty, EnrollmentPolicy, Pace
from tests.interchange.drawn_questions import any_questions

_letters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Zl", "Zp", "Zs", "Cn"))
_line = st.text(_letters | st.just(" "), min_size=1, max_size=16).map(lambda text: " ".join(text.split())).filter(bool)
_names = st.lists(_line, min_size=1, max_size=3).map(neutral.path_of)
FILES = ("map.png", "film.mp4", "captions.vtt", "plan.pdf", "voice.mp3")
_RUBRIC = {"criteria": [{"title": "Clear", "description": "It is clear.", "most": "3"}]}


_DAYS = {"schema_version": 1, "match": "all", "conditions": [{"kind": "days", "days": 3}]}


def _after(kind: str, ref: str) -> dict[str, Any]:
    return {"schema_version": 1, "match": "any", "conditions": [{"kind": "after", "node_kind": kind, "node": ref}]}


@st.composite
def _blocks(draw: st.DrawFn, quiz: str, pages: int) -> list[dict[str, Any]]:
    """Blocks of several kinds, and the place of a quiz where there is one."""
    link = {"type": "text", "text": "there", "marks": [{"type": "link", "attrs": {"href": f"page:page-{draw(st.integers(1, pages))}"}}]}
    every: list[dict[str, Any]] = [
        {"type": "rich_text", "content": from_text(draw(_line))},
        {"type": "rich_text", "content": {"type": "doc", "content": [{"type": "paragraph", "content": [link]}]}},
        {"type": "image", "file": FILES[0], "alt": draw(_line), "caption": draw(_line)},
        {"type": "video", "file": FILES[1], "title": draw(_line), "captions": [{"file": FILES[2], "language": "en", "label": "English"}]},
        {"type": "pdf", "file": FILES[3], "title": draw(_line)},
        {"type": "audio", "file": FILES[4], "title": draw(_line)},
        {"type": "callout", "tone": "tip", "content": from_text(draw(_line))},
        {"type": "collapsible", "title": draw(_line), "content": from_text(draw(_line))},
        {"type": "code", "language": "python", "text": "a = 1\n", "caption": ""},
        {"type": "maths", "tex": "a^2"},
        {"type": "embed", "url": "https://example.org/a", "title": draw(_line)},
        {"type": "html", "html": f'<p>Old <img src="file:{FILES[0]}" alt="x"></p>'},
    ]
    chosen = draw(st.lists(st.sampled_from(every), max_size=4))
    if quiz:
        chosen.insert(draw(st.integers(0, len(chosen))), {"type": "quiz", "assessment": quiz})
    return document_of([dict(block) for block in chosen]).dump()["blocks"]


@st.composite
def _seen(draw: st.DrawFn, quiz: str, pages: int) -> dict[str, Any]:
    """Whether students see a page, and in which state."""
    match draw(st.sampled_from(["no", "newest", "before"])):
        case "no":
            return {}
        case "newest":
            return {"published": True}
    return {"published": True, "shown": tuple(draw(_blocks(draw(st.sampled_from(["", quiz])), pages))), "shown_title": draw(_line)}


_DAY = "2026-03-03T08:00:00+00:00"


@st.composite
def _runs(draw: st.DrawFn, quizzes: list[str]) -> list[neutral.Run]:
    """Runs with their dates and gradebooks, of which one is the present one."""
    count = draw(st.integers(0, 2))
    present = draw(st.integers(1, 2)) if count == 2 else 1
    runs: list[neutral.Run] = []
    for number in range(1, count + 1):
        by_hand = neutral.GradeColumn(title=draw(_line), category=1, points="12.5", counted=draw(st.booleans()), required="0.5", due_at=_DAY)
        columns = [neutral.GradeColumn(title="Quiz", quiz=quiz, category=draw(st.integers(0, 1))) for quiz in quizzes if draw(st.booleans())]
        run = neutral.Run(
            title=draw(_line),
            pace=draw(st.sampled_from(Pace)).value,
            time_zone=draw(st.sampled_from(["UTC", "Europe/Berlin"])),
            opens_at=draw(st.sampled_from(["", _DAY])),
            enrollment_closes_at=draw(st.sampled_from(["", _DAY])),
            seats=draw(st.sampled_from([None, 0, 30])),
            policy=draw(st.sampled_from(EnrollmentPolicy)).value,
            present=number == present,
            grading=draw(st.sampled_from([{}, GradebookSettings(late_grace=60).model_dump(mode="json")])),
            categories=(neutral.GradeCategory(title=draw(_line), weight="40.5", drop_lowest=draw(st.integers(0, 2))),),
            columns=(*columns, by_hand),
        )
        runs.append(run)
    return runs


@st.composite
def courses(draw: st.DrawFn) -> neutral.Course:
    """A course with a bank, quizzes with sections and pools, and every kind of setting."""
    count = draw(st.integers(1, 4))
    bank = [
        replace(
            question,
            ref=f"question-{number}",
            points="1",
            rubric=_RUBRIC if draw(st.booleans()) else None,
            difficulty=draw(st.sampled_from(Difficulty)).value,
            objective=draw(st.sampled_from([0, 1])),
        )
        for number, question in enumerate(draw(st.lists(any_questions, max_size=3)), start=1)
    ]
    quizzes = [draw(_quizzes(f"quiz-{number}", bank)) for number in range(1, draw(st.integers(0, 2)) + 1)]
    pages = [
        neutral.Page(
            ref=f"page-{number}",
            title=draw(_line),
            draft=draw(st.booleans()),
            rule=draw(st.sampled_from(CompletionRule)),
            required=draw(st.booleans()),
            availability=draw(st.sampled_from([{}, _after("page", "page-1"), _after("module", "module-1")])),
            blocks=tuple(draw(_blocks(quizzes[number - 1].ref if number <= len(quizzes) else "", count))),
            **draw(_seen(quizzes[number - 1].ref if number <= len(quizzes) else "", count)),
        )
        for number in range(1, count + 1)
    ]
    cut = draw(st.integers(0, count))
    lessons = [neutral.Lesson(ref="lesson-1", title=draw(_line), graded=True, category="Homework", pages=tuple(pages[:cut]))]
    modules = [
        neutral.Module(ref="module-1", title=draw(_line), lessons=tuple(lessons), availability=_DAYS),
        neutral.Module(ref="module-2", title=draw(_line), lessons=(neutral.Lesson(ref="lesson-2", title=draw(_line), pages=tuple(pages[cut:])),)),
    ]
    return neutral.Course(
        title=draw(_line),
        summary=draw(_line),
        slug="a-course",
        language="en",
        level=draw(_line),
        tags=tuple(draw(st.lists(_line, max_size=3, unique=True))),
        objectives=tuple(draw(st.lists(_line, min_size=1, max_size=3))),
        cover=draw(st.sampled_from(["", FILES[0]])),
        certificate_offered=draw(st.booleans()),
        signatory_name=draw(_line),
        signatory_title=draw(_line),
        certificate_heading=draw(_line),
        certificate_colour=draw(st.sampled_from(["", "plum"])),
        certificate_grade=draw(st.sampled_from(["", "0.7", "1"])),
        certificate_quizzes=tuple(quiz.ref for quiz in quizzes if draw(st.booleans())),
        modules=tuple(modules),
        assessments=tuple(quizzes),
        bank=tuple(bank),
        categories=tuple(draw(st.lists(_names, max_size=2, unique=True))),
        runs=tuple(draw(_runs([quiz.ref for quiz in quizzes]))),
        assets=tuple(asset(name, draw(st.binary(max_size=40))) for name in FILES),
    )


@st.composite
def _quizzes(draw: st.DrawFn, ref: str, bank: list[neutral.Question]) -> neutral.Assessment:
    own = [replace(question, ref=f"{ref}-own-{number}") for number, question in enumerate(draw(st.lists(any_questions, max_size=1)), start=1)]
    shared = [replace(question, points=draw(st.sampled_from(["1", "2.5", "0"]))) for question in bank if draw(st.booleans())]
    asked = [*shared, *own]
    pool = neutral.Pool(category=draw(_names), tags=tuple(draw(st.lists(_line, max_size=2))), count=draw(st.integers(1, 5)), points="2")
    cut = draw(st.integers(0, len(asked)))
    sections = (
        neutral.Section(title=draw(_line), introduction=draw(_line), shuffle=draw(st.booleans()), questions=cut),
        neutral.Section(questions=len(asked) - cut, pools=(pool,)),
    )
    settings = QuizSettings(attempts_allowed=draw(st.integers(1, 5)), time_limit=draw(st.integers(30, 900)), introduction=draw(_line))
    newest = neutral.Assessment(
        ref=ref,
        title=draw(_line),
        practice=draw(st.booleans()),
        questions=tuple(asked),
        settings=settings.model_dump(mode="json"),
        sections=draw(st.sampled_from([sections, ()])),
        category=draw(st.sampled_from(["", "Exams"])),
    )
    before = replace(newest, title=draw(_line), questions=tuple(shared), sections=())
    published = draw(st.booleans())
    return replace(
        newest,
        availability=draw(st.sampled_from([{}, _DAYS])),
        locked=draw(st.booleans()),
        published=published,
        shown=before if published and draw(st.booleans()) else None,
    )


def asset(name: str, data: bytes, media_type: str = "application/octet-stream") -> neutral.Asset:
    """A file of these bytes."""
    return neutral.Asset(name=name, title=f"The {name}", media_type=media_type, size=len(data), content=lambda: data)
