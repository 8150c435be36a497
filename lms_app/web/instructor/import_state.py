"""What the import page knows: one import, followed while it moves, and the ones before."""

import contextlib
from uuid import UUID

import reflex as rx

from lms_app.domain.courses import import_reports, imports
from lms_app.domain.courses.import_reports import ImportLine, ImportView
from lms_app.errors import Conflict
from lms_app.settings import get_settings
from lms_app.web import live
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class ImportState(rx.State):
    """Imports of the instructor's own."""

    ready: bool = False
    limit_mb: int = 200
    current: ImportView | None = None
    earlier: list[ImportLine] = []

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """One's imports; the newest is followed while it is under way."""
        self.limit_mb = get_settings().upload_limit_mb
        lines = await perform(self, import_reports.own_imports)
        self.current = None
        self.earlier = lines
        self.ready = True
        if lines and lines[0].status in ("queued", "running"):
            return ImportState.follow(lines[0].id)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def follow(self, import_id: UUID):
        """Shows an import, and goes on showing how it moves."""
        # An import of somebody else is refused before it is watched; what moved before the watch began is read after it.
        await perform(self, import_reports.import_view, import_id)
        live.watch(self, Hint.IMPORT, import_id, ImportState.refresh)
        self.current = await perform(self, import_reports.import_view, import_id)
        self.earlier = await perform(self, import_reports.own_imports)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def refresh(self):
        """Reads the import anew: it has moved."""
        if self.current is None:
            return
        self.current = await perform(self, import_reports.import_view, UUID(self.current.id))
        if self.current.status in ("done", "failed", "cancelled"):
            self.earlier = await perform(self, import_reports.own_imports)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def cancel(self):
        """Stops the import that is followed; the worker comes to it at its next step. One that is over stays as it is."""
        if self.current is None:
            return
        with contextlib.suppress(Conflict):
            await perform(self, imports.cancel, UUID(self.current.id))
        self.current = await perform(self, import_reports.import_view, UUID(self.current.id))
        self.earlier = await perform(self, import_reports.own_imports)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def start_over(self):
        """Back to choosing a file."""
        self.current = None
