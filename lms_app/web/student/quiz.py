"""The island in which a quiz is taken."""

from typing import Any

import reflex as rx

from lms_app.domain.assessments.views import AttemptSheet
from lms_app.web.island_files import beside


class QuizIsland(rx.NoSSRComponent):
    """Takes `sheet`, posts each answer by itself, and fires `on_submitted` with the attempt's id once the server has graded it."""

    library = f"$/public/{beside('quiz_island.jsx')}"
    tag = "QuizIsland"

    sheet: rx.Var[AttemptSheet | None]
    on_submitted: rx.EventHandler[lambda attempt_id: [attempt_id]]


def quiz_island(sheet: Any, on_submitted: Any) -> rx.Component:
    """The attempt under way. The shell holds the places `quiz-status`, `quiz-rail` and `quiz-phone` that it fills."""
    return QuizIsland.create(sheet=sheet, on_submitted=on_submitted)
