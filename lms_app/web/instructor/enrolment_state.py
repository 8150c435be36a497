"""What the enrolment page of a course knows: the settings of its present run, who waits, what is to be completed first, and its other runs."""

from typing import Annotated, NotRequired
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.courses import queries
from lms_app.domain.courses.access import AUTHORS
from lms_app.domain.courses.views import PossiblePrerequisite
from lms_app.domain.enrollments import prerequisites, runs, waiting_list
from lms_app.domain.enrollments.prerequisites import Required
from lms_app.domain.enrollments.runs import Difference, RunForm, RunLine, RunMoved, RunSheet
from lms_app.domain.enrollments.waiting_list import WaitingPage
from lms_app.errors import Invalid
from lms_app.web import live
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import EnrollmentPolicy, Hint, Role

Line = Annotated[str, Field(max_length=400)]
Step = Annotated[int, Field(ge=-1, le=1)]


class Settings(TypedDict):
    """The form of a run's settings. The time zone is an island's field, of which the page knows nothing."""

    opens_at: Line
    closes_at: Line
    enrollment_opens_at: Line
    enrollment_closes_at: Line
    seats: Line
    policy: EnrollmentPolicy
    time_zone: NotRequired[Line]


class NewRun(TypedDict):
    """The form of a new run."""

    title: Line
    opens_on: Line


class EnrolmentState(rx.State):
    """Enrolment in one course."""

    ready: bool = False
    sheet: RunSheet | None = None
    may_edit: bool = False
    errors: dict[str, str] = {}
    saved: int = 0
    """Grows with each save, after which the form begins anew from what was saved."""
    waiting: WaitingPage | None = None
    leaving: str = ""
    """Name of who is about to be taken off the waiting list."""
    required: list[Required] = []
    found: list[PossiblePrerequisite] = []
    search: str = ""
    required_error: str = ""
    chosen: int = 0
    """Grows with each prerequisite that was added, which empties the search."""
    runs: list[RunLine] = []
    run_errors: dict[str, str] = {}
    made: int = 0
    """Grows with each run that was made, which empties its form."""
    choosing: str = ""
    """Title of the run that is about to become the present one."""

    moved: list[Difference] = []
    """What would be other than what somebody else set while this form was filled in."""

    _given: RunForm | None = None
    """What was about to be saved then."""
    _theirs: str = ""
    """Version of what somebody else set."""
    _seen: str = ""
    """Version of the settings that the form began from."""
    _leaving: str = ""
    _choosing: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """Enrolment in the course that the address names."""
        course_id = id_in(self, "courses")
        if self.sheet is not None and self.sheet.course_id != str(course_id):
            self.reset()
        live.watch(self, Hint.SEATS, course_id, EnrolmentState.refresh)
        self.errors, self.run_errors, self.required_error, self.found, self.search = {}, {}, "", [], ""
        await self._read()
        self._begin_anew()
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def refresh(self):
        """Reads what others move: seats and the waiting list. What is being typed stays."""
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save(self, form: Settings):
        """Saves the settings of the run."""
        zone = form.get("time_zone") or (self.sheet.time_zone if self.sheet else "UTC")
        given = RunForm(
            time_zone=zone,
            opens_at=form["opens_at"],
            closes_at=form["closes_at"],
            enrollment_opens_at=form["enrollment_opens_at"],
            enrollment_closes_at=form["enrollment_closes_at"],
            seats=form["seats"],
            policy=form["policy"],
        )
        return await self._set_up(given)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def keep_mine(self):
        """Saves what was about to be saved in the place of what somebody else set meanwhile."""
        if self._given is None:
            return None
        self._seen = self._theirs
        return await self._set_up(self._given)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def take_theirs(self):
        """Leaves what was about to be saved, and shows what stands."""
        await self._read()
        self._begin_anew()

    async def _set_up(self, given: RunForm):
        try:
            promoted = await perform(self, runs.set_up, id_in(self, "courses"), given, seen=self._seen or None)
        except Invalid as refusal:
            self.errors, self.moved = refusal.fields, []
            return None
        except RunMoved as moved:
            self._given, self._theirs = given, moved.theirs.version
            self.moved = runs.differences(given, moved.theirs)
            return None
        await self._read()
        self._begin_anew()
        came = "" if not promoted else " One student came in from the waiting list." if promoted == 1 else f" {promoted} students came in."
        return ToastState.say(f"Enrolment saved.{came}", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def renew_code(self):
        """Gives the run another code."""
        await perform(self, runs.renew_code, id_in(self, "courses"))
        await self._read()
        return ToastState.say("There is a new code. The old one lets nobody in any more.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn_waiting(self, step: Step):
        """Turns the page of the waiting list."""
        await self._read_waiting((self.waiting.page if self.waiting else 1) + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_take_off(self, entry_id: UUID):
        """Asks before somebody is taken off the waiting list."""
        self._leaving = str(entry_id)
        self.leaving = next((line.name for line in (self.waiting.lines if self.waiting else []) if line.id == str(entry_id)), "")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def take_off(self):
        """Takes off the waiting list who was asked about."""
        if not self._leaving:
            return None
        await perform(self, waiting_list.take_off, id_in(self, "courses"), UUID(self._leaving))
        name, self._leaving, self.leaving = self.leaving, "", ""
        await self._read()
        return ToastState.say(f"{name} is off the waiting list.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def find(self, search: Annotated[str, Field(max_length=200)]):
        """Courses that may be made a prerequisite."""
        self.search, self.required_error = search, ""
        self.found = await perform(self, queries.possible_prerequisites, id_in(self, "courses"), search)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def require(self, required_id: UUID):
        """Lets a course be completed first."""
        try:
            await perform(self, prerequisites.require, id_in(self, "courses"), required_id)
        except Invalid as refusal:
            self.required_error = refusal.sentence
            return
        self.found, self.search, self.required_error = [], "", ""
        self.chosen += 1
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def release(self, required_id: UUID):
        """A course need not be completed first any more."""
        await perform(self, prerequisites.release, id_in(self, "courses"), required_id)
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def add_run(self, form: NewRun):
        """Makes a new run."""
        try:
            await perform(self, runs.create_run, id_in(self, "courses"), title=form["title"], opens_on=form["opens_on"])
        except Invalid as refusal:
            self.run_errors = refusal.fields
            return None
        self.run_errors = {}
        self.made += 1
        await self._read()
        return ToastState.say("The run is made. It takes enrolments once you choose it.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_choose(self, run_id: UUID):
        """Asks before another run becomes the present one."""
        self._choosing = str(run_id)
        self.choosing = next((run.title for run in self.runs if run.id == str(run_id)), "")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose(self):
        """Makes the run that was asked about the present one."""
        if not self._choosing:
            return None
        await perform(self, runs.choose_run, id_in(self, "courses"), UUID(self._choosing))
        name, self._choosing, self.choosing = self.choosing, "", ""
        await self._read()
        self._begin_anew()
        return ToastState.say(f"“{name}” takes enrolments now.", "ok")

    def _begin_anew(self) -> None:
        """The form begins anew from what stands."""
        self.errors, self.moved, self._given = {}, [], None
        self._seen = self.sheet.version if self.sheet else ""
        self.saved += 1

    async def _read(self) -> None:
        course_id = id_in(self, "courses")
        self.sheet = await perform(self, runs.run_sheet, course_id)
        self.may_edit = self.sheet.role in AUTHORS
        self.required = await perform(self, prerequisites.required, course_id)
        self.runs = await perform(self, runs.runs, course_id)
        await self._read_waiting(self.waiting.page if self.waiting else 1)

    async def _read_waiting(self, page: int) -> None:
        self.waiting = await perform(self, waiting_list.waiting_list, id_in(self, "courses"), page)
