"""The island in which a quiz is begun, taken and its result read."""

from typing import Any

import reflex as rx

from lms_app.domain.assessments.views import AttemptResult, AttemptSheet
from lms_app.web.components.answering import PARTS as ANSWERING
from lms_app.web.components.attending import ATTENDING
from lms_app.web.components.moments import MOMENTS
from lms_app.web.island_files import beside

_PARTS = [*ANSWERING, ATTENDING, MOMENTS, *(beside(name) for name in ("quiz_answers.jsx", "quiz_island.jsx", "quiz_parts.jsx"))]
_STAGE = f"$/public/{beside('quiz_stage.jsx')}"


class QuizStage(rx.NoSSRComponent):
    """Shows its children, the cover, until an attempt is under way or over. `sheet` and `result` are what the page's state has read; what is begun
    and submitted here comes over HTTP. A higher `moved` says that somebody else has touched an attempt. Fires `on_over` once the attempt that the
    state has read is over, `on_left` on the way back to the cover, and `on_moment` soon after `again_at` (ISO 8601, "" for none), when the clock may
    let somebody in whom the cover keeps out."""

    library = _STAGE
    tag = "QuizStage"
    lib_dependencies: list[str] = ["@dnd-kit/core@6.3.1", "@dnd-kit/sortable@10.0.0"]

    quiz_id: rx.Var[str]
    needs_password: rx.Var[bool]
    back: rx.Var[str]
    sheet: rx.Var[AttemptSheet | None]
    result: rx.Var[AttemptResult | None]
    moved: rx.Var[int]
    on_over: rx.EventHandler[lambda: []]
    again_at: rx.Var[str]
    on_left: rx.EventHandler[lambda: []]
    on_moment: rx.EventHandler[lambda: []]


class QuizStart(rx.NoSSRComponent):
    """The way into an attempt, within a stage."""

    library = _STAGE
    tag = "QuizStart"

    words: rx.Var[str]


def quiz_stage(*cover: rx.Component, **props: Any) -> rx.Component:
    """A quiz from its cover to its result. The shell holds the places `quiz-status`, `quiz-rail` and `quiz-phone` that an attempt fills."""
    return QuizStage.create(*cover, **props)


def quiz_start(words: Any) -> rx.Component:
    """Begins an attempt; asks for the password first where there is one."""
    return QuizStart.create(words=words)
