"""What the settings part of the quiz editor knows."""

from typing import Annotated, NotRequired

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.assessments import settings_form
from lms_app.domain.assessments.settings_form import MOST_BANDS, THINGS, TIMES, BandRow, SettingsSheet
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.instructor.quiz_editor_state import QuizEditorState
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Behaviour, Counting, Navigation, Negative, OnExpiry, Release, Role

Line = Annotated[str, Field(max_length=2000)]
BAND_FIELDS = ("percent", "text")

SettingsForm = TypedDict(
    "SettingsForm",
    {
        "title": Line,
        "introduction": Annotated[str, Field(max_length=20_000)],
        "behaviour": Behaviour,
        "tries": Line,
        "negative": Negative,
        "attempts_allowed": Line,
        "wait": Line,
        "counting": Counting,
        "pass_mark": Line,
        "opens_at": Line,
        "closes_at": Line,
        "time_limit": Line,
        "on_expiry": OnExpiry,
        "grace": Line,
        "password": Line,
        "navigation": Navigation,
        "questions_per_page": Line,
        "release": Release,
        **dict.fromkeys(("remove_password", "shuffle_questions", "shuffle_choices", "anonymous"), NotRequired[Line]),
        **{f"review_{time}_{thing}": NotRequired[Line] for time in TIMES for thing in THINGS},
        **{f"band_{name}_{place}": NotRequired[Line] for place in range(MOST_BANDS) for name in BAND_FIELDS},
    },
)
"""The form of a quiz's settings; bands are numbered."""


class QuizSettingsState(rx.State):
    """The settings of one quiz under its author's hands. What is typed is the form's until it is saved."""

    sheet: SettingsSheet | None = None
    bands: list[BandRow] = []
    errors: dict[str, str] = {}
    wrong: list[str] = []
    """Sentences about the form, where there is anything wrong."""
    serial: int = 0

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The settings of the quiz that the address names."""
        self.sheet = await perform(self, settings_form.settings_sheet, id_in(self, "quizzes"))
        self.bands = self.sheet.bands or [BandRow(place=0)]
        self.errors, self.wrong = {}, []
        self.serial += 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def add_band(self):
        """One more line for what is said of a result. What is typed in the others stays."""
        if len(self.bands) < MOST_BANDS:
            self.bands = [*self.bands, BandRow(place=len(self.bands))]

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save(self, form: SettingsForm):
        """Saves the settings as a draft."""
        bands = [(str(form.get(f"band_percent_{place}", "")), str(form.get(f"band_text_{place}", ""))) for place in range(MOST_BANDS)]
        try:
            await perform(self, settings_form.save_sheet, id_in(self, "quizzes"), form, bands)
        except Invalid as refusal:
            self.errors = refusal.fields
            self.wrong = list(dict.fromkeys(refusal.fields.values())) or [refusal.sentence]
            return None
        await self.load.fn(self)  # pyright: ignore[reportFunctionMemberAccess]
        return [QuizEditorState.turn(0), ToastState.say("Settings saved. Students see them when you publish.", "ok")]
