"""Who watches what, and how often they are told."""

import asyncio
from uuid import uuid4

from lms_app.web.live import MOST, Watchers
from lms_app.words import Hint

PERSON, OTHER = uuid4(), uuid4()


def watchers(*tabs: str) -> tuple[Watchers, list[tuple[str, str]]]:
    """Open tabs of visitors, and what is pushed to them."""
    pushed: list[tuple[str, str]] = []

    async def run(tab: str, handler: str) -> None:
        pushed.append((tab, handler))

    watching = Watchers(push=lambda tab, handler: asyncio.create_task(run(tab, handler)))
    for tab in tabs:
        watching.opened(tab, None)
    return watching, pushed


async def test_only_who_watches_is_told() -> None:
    watching, pushed = watchers("tab", "other")
    watching.watch("tab", Hint.INBOX, PERSON, "load")
    watching.watch("other", Hint.INBOX, OTHER, "load")
    watching.moved(Hint.INBOX, PERSON)
    watching.moved(Hint.PROGRESS, OTHER)
    await asyncio.sleep(0.05)
    assert pushed == [("tab", "load")]


async def test_a_second_hint_within_a_second_waits_and_a_third_joins_it() -> None:
    watching, pushed = watchers("tab")
    watching.watch("tab", Hint.INBOX, PERSON, "load")
    watching.moved(Hint.INBOX, PERSON)
    await asyncio.sleep(0.05)
    watching.moved(Hint.INBOX, PERSON)
    watching.moved(Hint.INBOX, PERSON)
    await asyncio.sleep(0.5)
    assert len(pushed) == 1
    await asyncio.sleep(0.6)
    assert len(pushed) == 2


async def test_a_tab_that_has_left_is_told_nothing_not_even_what_was_due() -> None:
    watching, pushed = watchers("stays")
    watching.opened("tab", PERSON)
    watching.watch("tab", Hint.INBOX, PERSON, "load")
    watching.watch("stays", Hint.INBOX, PERSON, "load")
    watching.moved(Hint.INBOX, PERSON)
    watching.closed("tab")
    # A handler that was under way comes to this only now. Nobody will say again that the tab is gone.
    watching.watch("tab", Hint.INBOX, PERSON, "load")
    watching.moved(Hint.INBOX, PERSON)
    await asyncio.sleep(0.05)
    assert pushed == [("stays", "load")]
    assert watching.tabs_of_login(PERSON) == []


async def test_what_is_on_its_way_to_a_tab_that_leaves_does_not_come() -> None:
    watching, pushed = watchers("tab", "stays")
    watching.watch("tab", Hint.INBOX, PERSON, "load")
    watching.watch("stays", Hint.INBOX, PERSON, "load")
    push, before = watching.push, asyncio.Event()

    async def waiting(tab: str, handler: str) -> None:
        await before.wait()
        await push(tab, handler)

    watching.push = lambda tab, handler: asyncio.create_task(waiting(tab, handler))
    watching.moved(Hint.INBOX, PERSON)
    await asyncio.sleep(0.05)
    watching.leave("tab")
    before.set()
    await asyncio.sleep(0.05)
    assert pushed == [("stays", "load")]


async def test_after_an_interruption_everybody_is_told_once_within_a_second() -> None:
    watching, pushed = watchers(*(f"tab {number}" for number in range(20)))
    for number in range(20):
        watching.watch(f"tab {number}", Hint.INBOX, PERSON, "load")
        watching.watch(f"tab {number}", Hint.PROGRESS, PERSON, "load")
    watching.all_may_have_moved()
    await asyncio.sleep(0.1)
    assert len(pushed) < 20
    await asyncio.sleep(1)
    assert len(pushed) == 20


async def test_a_tab_that_watches_one_thing_after_another_keeps_the_newest_and_takes_nothing_from_others() -> None:
    watching, pushed = watchers("tab", "other")
    watching.watch("tab", Hint.REPORTS, PERSON, "load")
    watching.watch("other", Hint.REPORTS, PERSON, "load")
    others = [uuid4() for _ in range(MOST)]
    for subject in others:
        watching.watch("tab", Hint.REPORTS, subject, "load")
    watching.moved(Hint.REPORTS, PERSON)
    await asyncio.sleep(0.05)
    assert pushed == [("other", "load")]
    watching.moved(Hint.REPORTS, others[0])
    await asyncio.sleep(0.05)
    assert pushed[1:] == [("tab", "load")]


async def test_whoever_is_refused_is_told_nothing_more_not_even_what_was_due_but_what_is_their_own() -> None:
    watching, pushed = watchers("tab", "other")
    for tab in ("tab", "other"):
        watching.watch(tab, Hint.GRADES, OTHER, "moved", begun_by="load")
        watching.watch(tab, Hint.INBOX, PERSON, "inbox")
    for _ in range(2):
        watching.moved(Hint.GRADES, OTHER)
        watching.moved(Hint.INBOX, PERSON)
        await asyncio.sleep(0.05)
    watching.refused("tab", "moved")
    before = len(pushed)
    await asyncio.sleep(1.1)
    assert sorted(pushed[before:]) == [("other", "inbox"), ("other", "moved"), ("tab", "inbox")]
