"""The island in which a question is written."""

from typing import Any

import reflex as rx

from lms_app.web.components.answering import PARTS as ANSWERING
from lms_app.web.instructor.editor import PARTS as EDITOR
from lms_app.web.instructor.editor import TIPTAP
from lms_app.web.instructor.media import PICKER
from lms_app.web.island_files import beside

PARTS = [
    PICKER,
    *EDITOR,
    *ANSWERING,
    *(
        beside(name)
        for name in (
            "question_answers.jsx",
            "question_bodies.jsx",
            "question_conflict.jsx",
            "question_fields.jsx",
            "question_form.jsx",
            "question_gaps.jsx",
            "question_hotspot.jsx",
            "question_marks.jsx",
            "question_rows.jsx",
            "question_texts.jsx",
            "question_trial.jsx",
        )
    ),
]

DEPENDENCIES = [*TIPTAP, "idb@8.0.4", "@dnd-kit/core@6.3.1", "@dnd-kit/sortable@10.0.0"]


class QuestionEditor(rx.NoSSRComponent):
    """Opens a question, saves it while it is written, tries it out and publishes it, all over HTTP. `on_close` closes it where it is a panel."""

    library = f"$/public/{beside('question_island.jsx')}"
    tag = "QuestionEditor"
    lib_dependencies: list[str] = DEPENDENCIES

    question_id: rx.Var[str]
    on_close: rx.EventHandler[lambda: []]


def question_editor(question_id: Any, **handlers: Any) -> rx.Component:
    """The editor of a question."""
    return QuestionEditor.create(question_id=question_id, **handlers)
