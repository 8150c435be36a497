"""The dialogs of the page of reports, where what one is about goes meanwhile."""

from uuid import UUID, uuid4

import pytest

from lms_app.domain.reports import reports, schedules
from lms_app.domain.reports.views import ReportLine, ScheduleLine
from lms_app.errors import NotFound
from lms_app.web.instructor import reports_state, schedules_state
from lms_app.web.instructor.reports_state import ReportsState
from lms_app.web.instructor.schedules_state import SchedulesState

REPORT = {"id": "", "kind": "students", "title": "Students", "format": "pdf", "about": "", "who": "", "when": "26 November, 14:54", "status": "done"}
SCHEDULE = {"title": "Students", "rhythm": "Mondays at 08:00", "paused": False, "for_you": True}
BLANK = dict.fromkeys(("id", "format", "about", "people", "others", "next", "last"), "")


@pytest.mark.parametrize(
    ("module", "kind", "line", "says"),
    [
        (reports_state, ReportsState, ReportLine(**REPORT), "Students, 26 November, 14:54"),
        (schedules_state, SchedulesState, ScheduleLine(**SCHEDULE, **BLANK), "Students, Mondays at 08:00"),
    ],
)
async def test_nothing_is_deleted_in_place_of_what_is_gone(module, kind, line, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first question was answered by "Cancel"; what the second asks about is gone, and its dialog is open."""
    there, removed = uuid4(), []

    async def perform(state, use_case, *given, **_):
        if use_case in (reports.remove, schedules.remove):
            removed.append(given)
        elif given == (there,):
            return line
        else:
            raise NotFound("There is none.")

    async def ask(about: UUID) -> None:
        await kind.ask_remove.fn(page, about)

    monkeypatch.setattr(module, "perform", perform)
    page = kind(_reflex_internal_init=True)
    await ask(there)
    assert page.leaving == says
    await ask(uuid4())
    assert page.leaving == ""
    await kind.remove.fn(page)
    assert removed == []
