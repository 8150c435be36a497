"""The dialogs and the form of the page of reports, where what they are about goes meanwhile."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import reflex as rx

from lms_app.domain.reports import reports, schedules
from lms_app.domain.reports.views import ReportLine, ScheduleForm, ScheduleLine
from lms_app.errors import NotFound
from lms_app.web.instructor import reports_state, schedules_state
from lms_app.web.instructor.reports_state import ReportsState
from lms_app.web.instructor.schedules_state import SchedulesState

BLANK: dict[str, Any] = dict.fromkeys(("id", "format", "about"), "")
REPORT = ReportLine(kind="students", title="Students", who="", when="26 November, 14:54", status="done", **BLANK)
SCHEDULE = ScheduleLine(title="Students", rhythm="Mondays at 08:00", people="", others="", next="", last="", paused=False, for_you=True, **BLANK)


@pytest.mark.parametrize(
    ("module", "kind", "line", "says"),
    [
        (reports_state, ReportsState, REPORT, "Students, 26 November, 14:54"),
        (schedules_state, SchedulesState, SCHEDULE, "Students, Mondays at 08:00"),
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


@pytest.mark.parametrize(("groups", "besides"), [([("g", "Evening")], []), ([("other", "Morning")], [("g", "Evening")]), ([], [("g", "Evening")])])
async def test_the_form_has_the_group_of_its_schedule_though_it_is_none_of_this_run(groups, besides, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"kind": "students", "format": "pdf", "group": "g", "group_name": "Evening", "days": "all", "rhythm": "weekly", "zone": "UTC"}

    async def perform(state, use_case, *given):
        return ScheduleForm(id="s", weekday=0, day=1, hour=8, recipients=[], **words)

    monkeypatch.setattr(schedules_state, "perform", perform)
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    (await root.get_state(ReportsState)).groups = groups
    page = await root.get_state(SchedulesState)
    await SchedulesState.edit.fn(page, uuid4())  # pyright: ignore[reportFunctionMemberAccess]
    assert (page.wish["group"], page.past_group) == ("g", besides)
