"""What the export part of the settings page knows: the newest export of the course in each format, and how far one is."""

from typing import Literal

import reflex as rx

from lms_app.domain.courses import exports
from lms_app.domain.courses.exports import ExportLine
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role

Format = Literal["lyceum", "cartridge", "olx", "markdown", "xapi", "events"]


class ExportState(rx.State):
    """The exports of one course."""

    lines: list[ExportLine] = []

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The exports of the course that the address names; who may not author it sees none."""
        course_id = id_in(self, "courses")
        try:
            self.lines = await perform(self, exports.exports_of, course_id)
        except NotFound:
            self.lines = []
            return
        live.watch(self, Hint.EXPORT, course_id, ExportState.refresh)
        self.lines = await perform(self, exports.exports_of, course_id)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def refresh(self):
        """Reads them anew: one has moved."""
        self.lines = await perform(self, exports.exports_of, id_in(self, "courses"))

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def start(self, format_: Format):
        """Has the course written in a format."""
        await perform(self, exports.request, id_in(self, "courses"), format_)
        self.lines = await perform(self, exports.exports_of, id_in(self, "courses"))
