"""The overview's state: what is chosen is in the address, and the address alone says what is read."""

from functools import partial
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from lms_app.domain.analytics import queries
from lms_app.domain.analytics.narrowing import Wanted
from lms_app.domain.analytics.queries import Watched
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.instructor import analytics_state
from lms_app.web.instructor.analytics_state import AnalyticsState
from lms_app.words import Hint, StaffRole
from tests.web.instructor.test_analytics_figures import overview

COURSE = uuid4()


def page_at(**query: str) -> SimpleNamespace:
    """The page at an address, as far as the handlers look at it."""
    url = SimpleNamespace(path=f"/teach/courses/{COURSE}/analytics", query_parameters=query)
    return SimpleNamespace(
        router=SimpleNamespace(url=url), course_id=str(COURSE), role="", run="present", runs=[("present", "Now"), ("past", "Then")]
    )


async def test_loading_reads_what_the_address_narrows_to_and_watches_that_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run, group = uuid4(), uuid4()
    read: list[Wanted] = []
    watched: list[tuple[Hint, UUID]] = []

    async def perform(state, use_case, *given):
        if use_case is queries.watched:
            return Watched(run_id=given[1], role=StaffRole.VIEWER, zone="Europe/Athens")
        read.append(given[1])
        return overview()

    monkeypatch.setattr(analytics_state, "perform", perform)
    monkeypatch.setattr(live, "watch", lambda state, kind, subject, handler: watched.append((kind, subject)))
    page = page_at(run=str(run), group=str(group), since="2026-03-02", until="no day")
    shown: list[object] = []
    page._show = shown.append
    page._read = partial(AnalyticsState._read, page)
    await AnalyticsState.load.fn(page)  # pyright: ignore[reportFunctionMemberAccess]
    assert (read[0].run, read[0].group, str(read[0].since), read[0].until) == (run, group, "2026-03-02", None)
    assert watched == [(Hint.ANALYTICS, run)]
    assert len(shown) == 1


async def test_an_address_with_a_run_that_cannot_be_is_not_found() -> None:
    with pytest.raises(NotFound):
        await AnalyticsState.load.fn(page_at(run="1 OR 1=1"))  # pyright: ignore[reportFunctionMemberAccess]


async def test_what_is_chosen_becomes_the_address_and_nothing_chosen_the_plain_one() -> None:
    narrow = AnalyticsState.narrow.fn  # pyright: ignore[reportFunctionMemberAccess]
    assert _address(await narrow(page_at(), {"run": "present", "group": "", "since": "", "until": ""})) == f"/teach/courses/{COURSE}/analytics"
    led = _address(await narrow(page_at(), {"run": "present", "group": "g", "since": "2026-03-02", "until": ""}))
    assert led.endswith("/analytics?group=g&since=2026-03-02")
    assert _address(await narrow(page_at(), {"run": "past", "group": "g"})).endswith("/analytics?run=past")


def _address(event) -> str:
    return next(str(value._var_value) for name, value in event.args if str(name) == "path")
