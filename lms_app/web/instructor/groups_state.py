"""What the groups part of the people page knows: the groups of a course, one of them open, and what is being named or removed."""

from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.enrollments import groups
from lms_app.domain.enrollments.groups import GroupList, GroupSheet
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role

Line = Annotated[str, Field(max_length=400)]
Step = Annotated[int, Field(ge=-1, le=1)]


class GroupName(TypedDict):
    """The form in which a group gets its name."""

    name: Line


class GroupsState(rx.State):
    """The groups of one course."""

    showing: str = "table"
    """`table`, `risk`, `matrix`, `students` (the roster) or `groups`."""
    course_groups: GroupList | None = None
    sheet: GroupSheet | None = None
    """The group that is open."""
    search: str = ""
    naming: str = ""
    """What the naming dialog is for, as its title."""
    name: str = ""
    name_error: str = ""
    asked: int = 0
    """Grows when the field must begin anew. For a new name it does not: what is typed before the answer comes would be lost."""
    answered: int = 0
    """Grows when the dialog has done its work, which closes it."""
    leaving: str = ""
    """Name of the group that is about to be removed."""

    _renames: str = ""
    _leaving: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The groups of the course that the address names."""
        self.showing, self.sheet, self.search = "table", None, ""
        await self._read(1)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def show(self, what: Literal["table", "risk", "matrix", "students", "groups"]):
        """Shows those who take the course, those at risk, the matrix, the roster, or the groups."""
        self.showing = what

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn(self, step: Step):
        """The next or the previous fifty groups."""
        self.sheet = None
        await self._read((self.course_groups.page if self.course_groups else 1) + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def open(self, group_id: UUID):
        """Opens a group."""
        self.search = ""
        await self._open(group_id, 1)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def close(self):
        """Closes the group that is open."""
        self.sheet, self.search = None, ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def find(self, words: Line):
        """Searches everybody who takes the course while the name is typed; without words the members are listed."""
        self.search = words
        if self.sheet is not None:
            await self._open(UUID(self.sheet.id), 1)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn_people(self, step: Step):
        """The next or the previous fifty of those listed."""
        if self.sheet is not None:
            await self._open(UUID(self.sheet.id), self.sheet.page + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def put_in(self, enrollment_id: UUID):
        """Puts somebody into the open group."""
        await self._move(groups.add_member, enrollment_id)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def take_out(self, enrollment_id: UUID):
        """Takes somebody out of the open group."""
        await self._move(groups.remove_member, enrollment_id)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_add(self):
        """Asks for the name of a new group."""
        self.asked += bool(self.name)
        self._renames, self.naming, self.name, self.name_error = "", "Add group", "", ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_rename(self, group_id: UUID):
        """Asks for another name."""
        self._renames, self.naming, self.name_error = str(group_id), "Rename group", ""
        self.name = self._name_of(group_id)
        self.asked += 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save_name(self, form: GroupName):
        """Adds the group that was asked for and opens it, or renames one."""
        course_id = id_in(self, "courses")
        try:
            if self._renames:
                await perform(self, groups.rename_group, course_id, UUID(self._renames), form["name"])
                opened = UUID(self.sheet.id) if self.sheet else None
            else:
                opened = await perform(self, groups.add_group, course_id, form["name"])
        except Invalid as refusal:
            self.name_error = refusal.fields.get("name", refusal.sentence)
            return
        self.name = ""
        self.answered += 1
        await self._read()
        if opened is not None:
            await self._open(opened, 1)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_remove(self, group_id: UUID):
        """Asks before a group is removed."""
        self._leaving, self.leaving = str(group_id), self._name_of(group_id)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove(self):
        """Removes the group that was asked about."""
        if not self._leaving:
            return None
        await perform(self, groups.remove_group, id_in(self, "courses"), UUID(self._leaving))
        name, self._leaving, self.leaving, self.sheet = self.leaving, "", "", None
        await self._read()
        return ToastState.say(f"The group “{name}” is gone, with its exceptions. Its members take the course as before.", "ok")

    async def _move(self, use_case, enrollment_id: UUID) -> None:
        if self.sheet is not None:
            group_id, page = UUID(self.sheet.id), self.sheet.page
            await perform(self, use_case, id_in(self, "courses"), group_id, enrollment_id)
            await self._open(group_id, page)
            await self._read()

    async def _open(self, group_id: UUID, page: int) -> None:
        self.sheet = await perform(self, groups.group_sheet, id_in(self, "courses"), group_id, self.search, page)

    async def _read(self, page: int | None = None) -> None:
        page = page if page is not None else self.course_groups.page if self.course_groups else 1
        self.course_groups = await perform(self, groups.group_list, id_in(self, "courses"), page)

    def _name_of(self, group_id: UUID) -> str:
        return next((group.name for group in (self.course_groups.groups if self.course_groups else []) if group.id == str(group_id)), "")
