"""The islands in which a quiz is taken and a result is read."""

from typing import Any

import reflex as rx

from lms_app.domain.assessments.views import AttemptResult, AttemptSheet
from lms_app.web.island_files import beside

_PARTS = [
    beside(name)
    for name in (
        "quiz_answers.jsx",
        "quiz_fields.jsx",
        "quiz_gaps.jsx",
        "quiz_hotspot.jsx",
        "quiz_ordering.jsx",
        "quiz_parts.jsx",
        "quiz_writing.jsx",
    )
]
_ISLAND = f"$/public/{beside('quiz_island.jsx')}"


class QuizIsland(rx.NoSSRComponent):
    """Takes `sheet`, posts each answer by itself, and fires `on_submitted` with the attempt's id once the server has graded it."""

    library = _ISLAND
    tag = "QuizIsland"
    lib_dependencies: list[str] = ["@dnd-kit/core@6.3.1", "@dnd-kit/sortable@10.0.0"]

    sheet: rx.Var[AttemptSheet | None]
    on_submitted: rx.EventHandler[lambda attempt_id: [attempt_id]]


class QuizReview(rx.NoSSRComponent):
    """The questions of `result` as they were answered, with what may be said of them."""

    library = _ISLAND
    tag = "QuizReview"

    result: rx.Var[AttemptResult | None]


def quiz_island(sheet: Any, on_submitted: Any) -> rx.Component:
    """The attempt under way. The shell holds the places `quiz-status`, `quiz-rail` and `quiz-phone` that it fills."""
    return QuizIsland.create(sheet=sheet, on_submitted=on_submitted)


def quiz_review(result: Any) -> rx.Component:
    """A submitted attempt, question by question."""
    return QuizReview.create(result=result)
