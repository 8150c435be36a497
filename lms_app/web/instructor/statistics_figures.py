"""The figures of the statistics pages for Plotly, their tables and their labels. Pure."""

from collections.abc import Sequence

from lms_app.domain.analytics.item_findings_rules import Written
from lms_app.domain.analytics.node_views import QuestionInShort
from lms_app.domain.analytics.statistics_views import QuestionStatistics, QuestionView
from lms_app.web.charts import figures
from lms_app.web.instructor.analytics_figures import Panel

Line = QuestionStatistics | QuestionInShort

MOST_BARS = 20
"""Choices that are drawn; the table holds all."""
MOST_NAMES = 15
"""Questions that are all named in the drawing; of more only those to look at, for names would cover one another."""


def question_map(questions: Sequence[Line], finding: str) -> Panel:
    """Questions by how easy they are and how they go with the rest; by facility alone where the second cannot be known."""
    known = [line for line in questions if line.facility.value is not None]
    placed = [line for line in questions if line.facility.value is not None and line.item_rest.value is not None]
    rows = [[name_of(line), line.facility.text, line.item_rest.text] for line in questions] if known else []
    told = ", ".join(f"{name_of(line)}: facility {line.facility.text}, item-rest {line.item_rest.text}" for line in questions)
    if placed:
        figure = figures.points(
            [short_name(line) if len(placed) <= MOST_NAMES or line.flags else "" for line in placed],
            [line.facility.value for line in placed],
            [line.item_rest.value for line in placed],
            x_title="Facility",
            y_title="Item-rest correlation",
            notes=[f"{name_of(line)}<br>Facility {line.facility.text}, item-rest {line.item_rest.text}" for line in placed],
        )
    else:
        figure = figures.bars([short_name(line) for line in known], [100 * line.facility.value for line in known], unit="% facility")
    return Panel(finding=finding, figure=figure, label=f"{finding} {told}.", rows=rows)


def choice_bars(view: QuestionView) -> Panel:
    """What was given in a question, how often, and how that goes with the total."""
    shown = view.choices[:MOST_BARS]
    names = [choice_name(choice.part, choice.name) + (" (right)" if choice.right else "") for choice in view.choices]
    figure = figures.steps(names[: len(shown)], [choice.given for choice in shown])
    height = 264 if len(shown) <= 7 else 396 if len(shown) <= 12 else 528
    figure["layout"]["height"] = height
    if shown:
        figure["data"][0]["text"] = [f"{choice.given:,}   {choice.share.text}" for choice in shown]
    told = ", ".join(f"{name} {choice.given}, with the total {in_words(choice.with_total)}" for name, choice in zip(names, view.choices, strict=True))
    return Panel(
        finding=view.finding,
        figure=figure,
        label=f"{view.finding} {told}.",
        rows=[[name, f"{choice.given:,}", choice.share.text, choice.with_total.text] for name, choice in zip(names, view.choices, strict=True)],
        tall=str(height),
    )


def name_of(line: Line) -> str:
    """A question with its number, where it has one."""
    return f"{line.number}. {line.title}" if line.number else line.title


def short_name(line: Line) -> str:
    """A question on an axis."""
    return str(line.number) if line.number else "·"


def choice_name(part: str, name: str) -> str:
    """A choice, and the part of the question that it was made in."""
    return f"{part}: {name}" if part else name


def in_words(figure: Written) -> str:
    """A figure, or that there is none, and why."""
    return figure.text if not figure.because else f"—, because {figure.because}"
