"""A course of many pages, each with a link, a picture and a quiz of three questions, and as much to mend as its maker wants."""

from lms_app.interchange import neutral
from lms_app.words import QuestionType
from tests.support.campus import quiz_block
from tests.support.questions import choice_body, rich, stem

LESSONS, PAGES = 10, 5
"""Lessons of a module, pages of a lesson."""


def large_course(pages: int, *, slug: str = "large", every: int = 10) -> neutral.Course:
    """A neutral course of `pages` pages and three times as many questions. Every so many pages a picture lacks its description."""
    made = [_page(number, pages, alt="" if every and number % every == 0 else "A grey stone") for number in range(pages)]
    lessons = [
        neutral.Lesson(ref=f"l{start}", title=f"Lesson {start // PAGES + 1}", pages=tuple(made[start : start + PAGES]))
        for start in range(0, pages, PAGES)
    ]
    modules = [
        neutral.Module(ref=f"m{start}", title=f"Module {start // LESSONS + 1}", lessons=tuple(lessons[start : start + LESSONS]))
        for start in range(0, len(lessons), LESSONS)
    ]
    quizzes = tuple(_quiz(number) for number in range(pages))
    return neutral.Course(title="A large course", summary="Much of it", slug=slug, language="en", modules=tuple(modules), assessments=quizzes)


def _page(number: int, pages: int, *, alt: str) -> neutral.Page:
    link = {"type": "text", "text": "The next page", "marks": [{"type": "link", "attrs": {"href": f"page:p{(number + 1) % pages}"}}]}
    paragraphs = rich("\n\n".join(f"What lies under us, part {part}." for part in range(5)))["content"]
    text = {"type": "doc", "content": [*paragraphs, {"type": "paragraph", "content": [link]}]}
    blocks = (
        {"id": "block0000000", "type": "rich_text", "content": text},
        {"id": "block0000001", "type": "rich_text", "content": _pictured(alt)},
        quiz_block(f"q{number}"),
    )
    return neutral.Page(ref=f"p{number}", title=f"Page {number + 1}", blocks=blocks)


def _pictured(alt: str) -> dict[str, object]:
    picture = {"type": "image", "attrs": {"file": "stone.png", "alt": alt}}
    return {"type": "doc", "content": [{"type": "paragraph", "content": [picture]}]}


def _quiz(number: int) -> neutral.Assessment:
    asked = ("Which of these stones is the oldest?", "What lies under page {}?", "How deep does one dig on page {}, and who wrote it down?")
    questions = tuple(
        neutral.Question(
            ref=f"q{number}-{each}",
            type=QuestionType.SINGLE_CHOICE,
            title=f"Question {each}",
            body=choice_body("1", "0", "0") | {"stem": stem(words.format(number + 1))},
        )
        for each, words in enumerate(asked)
    )
    return neutral.Assessment(ref=f"q{number}", title=f"Quiz {number + 1}", practice=False, questions=questions, settings={"pass_mark": "0.6"})
