"""What an OLX course draws for each student out of several problems: a category of the bank, and a pool over it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from lms_app.interchange.neutral import Pool, Question, Section, path_of
from lms_app.interchange.olx_source import OlxNode

_LONGEST = 120


@dataclass(frozen=True, kw_only=True)
class Draw:
    """`count` of these problems, each one question, for each attempt."""

    title: str
    count: int
    questions: tuple[Question, ...]


def draw_of(node: OlxNode, title: str, problems: Sequence[list[Question]]) -> Draw | None:
    """What a library block draws, None where it draws nothing that a pool could: a part of a problem, or all there is."""
    written = node.attributes.get("max_count", "1").strip()
    count = int(written) if written.isdecimal() and len(written) < 5 else 0
    if not 1 <= count < len(problems) or any(len(problem) != 1 for problem in problems):
        return None
    return Draw(title=title, count=count, questions=tuple(question for problem in problems for question in problem))


class OlxBank:
    """The questions that a course draws from, each draw in a category of its own."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.categories: list[str] = []

    def sections(self, parts: Sequence[list[Question] | Draw]) -> tuple[list[Question], tuple[Section, ...]]:
        """The questions that a quiz asks of everybody, and its sections; none where it draws nothing."""
        asked = [question for part in parts if isinstance(part, list) for question in part]
        if not any(isinstance(part, Draw) for part in parts):
            return asked, ()
        sections: list[Section] = []
        for is_drawn, run in groupby(parts, key=lambda part: isinstance(part, Draw)):
            if is_drawn:
                sections += [self._section(part) for part in run if isinstance(part, Draw)]
            else:
                sections.append(Section(questions=sum(len(part) for part in run if isinstance(part, list))))
        return asked, tuple(sections)

    def _section(self, draw: Draw) -> Section:
        category = self._category(draw.title)
        self.questions += [
            replace(question, ref=f"bank-{len(self.questions) + number}", category=category, points="1")
            for number, question in enumerate(draw.questions, start=1)
        ]
        # A pool is worth the same whatever it draws.
        points = draw.questions[0].points
        return Section(title=draw.title[:200], pools=(Pool(category=category, count=draw.count, points=points),))

    def _category(self, title: str) -> str:
        name, number = path_of([title[:_LONGEST]]), 2
        while name in self.categories:
            name, number = path_of([f"{title[:_LONGEST]}, {number}"]), number + 1
        self.categories.append(name)
        return name
