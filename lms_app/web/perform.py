'''How a page reaches the domain.

A page is a pair of files. `quiz_state.py` holds what the page knows and what it can be asked to do; `quiz_page.py` holds its looks; one row in
`routes.py` puts it on the map.

    # lms_app/web/student/grades_state.py
    class GradesState(rx.State):                    # flat, directly under rx.State
        ready: bool = False                         # defaults mean "loading": they are in the public bundle
        grades: list[GradeRow] = []                 # frozen dataclasses from domain/*/views.py, at most 50 rows
        _course_id: UUID | None = None              # a leading underscore never leaves the server

        @rx.event
        @allow(Role.STUDENT)                        # without @allow nobody may call it
        async def load(self):
            """What the page shows; called on every load and every reconnect."""
            live.watch(self, Hint.PROGRESS, known_actor().person_id, GradesState.load)
            self.grades = await perform(self, gradebook.mine)
            self.ready = True

        @rx.event
        @allow(Role.STUDENT)
        async def ask_regrade(self, attempt_id: UUID, reason: Annotated[str, Field(max_length=500)]):
            await perform(self, regrades.ask, attempt_id, reason)
            return ToastState.say("Your teacher has your question.")

Every argument has a type, constrained where it can be (`Annotated[str, Field(max_length=…)]`); the Guard refuses what does not fit, unknown
arguments too. A form's handler takes one `typing_extensions.TypedDict` whose keys are the form's field names; its texts are converted.

A refusal (`LmsError`) need not be caught: raised in a page's `on_load` it takes the page's place, raised in any other handler it is shown as a toast,
and what the handler had changed is undone. Catch `Invalid` to show `error.fields` beside a form's fields. Every other exception is logged
once and shown as a reference number.

A handler holds its tab's state for at most 30 s. `self` in `perform` is the state; the actor comes from the Guard, never from a variable.
'''

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import reflex as rx

from lms_app import crossing
from lms_app.database import Session
from lms_app.web import identity

P = ParamSpec("P")
T = TypeVar("T")


async def perform(state: rx.State, use_case: Callable[Concatenate[Session, Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `use_case(session, actor, …)` gives, in a thread, in one transaction, for whoever acts in the present event.

    Raises what the use case raises; then nothing was written.
    """
    return await crossing.cross(use_case, identity.actor(), *args, **kwargs)
