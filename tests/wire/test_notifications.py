"""What the sockets of two people hear while notifications come: their own, in order, once; never another's."""

import asyncio
from uuid import UUID

from reflex_base.utils.format import format_event_handler

from lms_app.database import transaction
from lms_app.domain.notifications import inbox
from lms_app.web.student.inbox_state import InboxState
from lms_app.web.student.preferences_state import PreferencesState
from lms_app.web.viewer_state import ViewerState
from lms_app.words import NotificationKind, Role
from tests.support.campus import neutral_course, new_campus
from tests.support.people import SignedIn, sign_in
from tests.support.web import TOAST, Tab, WebServer

VIEWER, INBOX, PREFERENCES = (state.get_full_name() for state in (ViewerState, InboxState, PreferencesState))
WORKERS = 2


def course(title: str, slug: str) -> UUID:
    with transaction() as session:
        campus = new_campus(session, neutral_course(slug))
        campus.course.title = title
        session.add(campus.course)
        return campus.course.id


def tell(who: SignedIn, course_id: UUID, kind: NotificationKind, key: str) -> None:
    with transaction() as session:
        inbox.deliver(session, who.actor.person_id, kind, unique_key=key, course=str(course_id))


async def look(tab: Tab) -> None:
    for handler, ready in ((ViewerState.load, (VIEWER, "ready")), (InboxState.load, (INBOX, "ready"))):
        await tab.send(format_event_handler(handler))
        await tab.wait(lambda ready=ready: tab.value(*ready), 20)


def toasts(tab: Tab) -> int:
    return tab.value(TOAST, "serial") or 0


async def test_each_open_tab_of_a_person_tells_their_news_once_in_order_and_nobody_elses(lyceum: WebServer) -> None:
    hers, his = course("Quiet Harbours", "quiet-harbours"), course("Loud Machines", "loud-machines")
    ada, eve = sign_in(Role.STUDENT, name="Ada Example"), sign_in(Role.STUDENT, name="Eve Other")
    async with Tab(lyceum, ada.cookie) as one, Tab(lyceum, ada.cookie) as two, Tab(lyceum, eve.cookie) as other:
        for tab in (one, two, other):
            await look(tab)
        # Within one second, of which the tabs are told together.
        tell(ada, hers, NotificationKind.COURSE_COMPLETED, "done")
        for tab in (one, two):
            await tab.wait(lambda tab=tab: tab.toast == "You completed Quiet Harbours.", 4)
        tell(ada, hers, NotificationKind.SEAT_FREED, "seat")
        tell(ada, hers, NotificationKind.CERTIFICATE_ISSUED, "certificate")
        tell(eve, his, NotificationKind.COURSE_COMPLETED, "hers")
        for tab in (one, two):
            await tab.wait(lambda tab=tab: tab.value(VIEWER, "unread") == 3, 6)
            await tab.wait(lambda tab=tab: (tab.toast or "").endswith("Your certificate for Quiet Harbours is ready."), 6)
            await tab.wait(lambda tab=tab: len(tab.value(INBOX, "sheet")["lines"]) == 3, 6)
            told = [line["sentence"] for line in reversed(tab.value(INBOX, "sheet")["lines"])]
            assert [sentence.split()[1] for sentence in told] == ["completed", "seat", "certificate"]
        await other.wait(lambda: other.toast == "You completed Loud Machines.", 6)
        heard = [toasts(tab) for tab in (one, two, other)]
        # Looking again, as after a reconnect, tells nothing twice.
        for tab in (one, two, other):
            await look(tab)
        assert [toasts(tab) for tab in (one, two, other)] == heard
        assert not any("Quiet Harbours" in message or "Ada" in message for message in other.heard)
        assert not any("Loud Machines" in message or "Eve" in message for message in (*one.heard, *two.heard))


async def test_a_tab_that_was_away_tells_once_what_it_missed(lyceum: WebServer) -> None:
    course_id = course("Slow Rivers", "slow-rivers")
    ada = sign_in(Role.STUDENT, name="Ada Example")
    async with Tab(lyceum, ada.cookie) as tab:
        await look(tab)
        token = tab.token
    tell(ada, course_id, NotificationKind.COURSE_COMPLETED, "missed")
    await asyncio.sleep(0)
    async with Tab(lyceum, ada.cookie, token=token) as back:
        await look(back)
        await back.wait(lambda: back.toast == "You completed Slow Rivers.", 5)
        await look(back)
        assert toasts(back) == 1


async def test_preferences_are_saved_by_the_form_and_nothing_else_is_taken(lyceum: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    load, save = (format_event_handler(handler) for handler in (PreferencesState.load, PreferencesState.save))
    async with Tab(lyceum, ada.cookie) as tab:
        await tab.send(load)
        await tab.wait(lambda: tab.value(PREFERENCES, "ready"), 20)
        fields = [
            ["mail_grades", "weekly"],
            ["push_grades", "on"],
            ["mail_due", "off"],
            ["app_due", "on"],
            ["quiet_from", "22:00"],
            ["quiet_until", "07:00"],
        ]
        await tab.send(save, form={"__reflex_form_data__": fields})
        await tab.wait(lambda: tab.toast == "Your preferences are saved.", 10)
        await tab.wait(lambda: tab.value(PREFERENCES, "mine")["quiet_until"] == "07:00", 5)
        mine = {row["id"]: row for row in tab.value(PREFERENCES, "mine")["learning"]}
        assert (mine["grades"]["in_app"], mine["grades"]["mail"], mine["grades"]["push"]) == (False, "weekly", True)
        assert (mine["due"]["in_app"], mine["due"]["mail"]) == (True, "off")
        assert mine["receipts"]["mail"] == "off", "what the form did not hold is as before"
        for wrong in (["mail_grades", "hourly"], ["mail_nothing", "off"], ["person_id", "1"]):
            said = tab.value(TOAST, "serial")
            await tab.send(save, form={"__reflex_form_data__": [wrong]})
            await tab.wait(lambda said=said: tab.value(TOAST, "serial") > said, 5)
            assert "could not be read" in tab.toast
    async with Tab(lyceum) as visitor:
        await visitor.send(load)
        await visitor.wait(lambda: visitor.problem, 5)
        assert visitor.value(PREFERENCES, "mine") is None
