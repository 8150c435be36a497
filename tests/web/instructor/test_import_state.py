"""The import page's state, where what it follows moves at the worst moment."""

from uuid import UUID, uuid4

import pytest

from lms_app.domain.courses import import_reports
from lms_app.domain.courses.import_reports import ImportView
from lms_app.web import live
from lms_app.web.instructor import import_state
from lms_app.web.instructor.import_state import ImportState


async def test_an_import_that_ends_while_it_begins_to_be_followed_is_shown_as_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last hint comes before anybody watches for it, and no other follows."""
    status = "running"

    async def read(state, use_case, *given):
        if use_case is import_reports.own_imports:
            return []
        return ImportView(id=str(given[0]), filename="a.tar.gz", status=status, stage="", percent=None, refusal="", when="", course_id="", course="")

    def watch(state, kind, subject: UUID, handler) -> None:
        nonlocal status
        status = "failed"

    monkeypatch.setattr(import_state, "perform", read)
    monkeypatch.setattr(live, "watch", watch)
    page = ImportState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    await ImportState.follow.fn(page, uuid4())  # pyright: ignore[reportFunctionMemberAccess]
    assert page.current is not None
    assert page.current.status == "failed"
