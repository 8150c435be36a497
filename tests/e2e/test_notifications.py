"""Notifications in browsers: a choice, a notice in two tabs and by mail, a digest at its hour, and the link that stops it."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from lms_app.adapters import clock, mail
from lms_app.database import transaction
from lms_app.domain.notifications import deliveries, inbox, preferences
from lms_app.domain.notifications.delivery_rules import next_digest
from lms_app.domain.people.registration import find_person
from lms_app.words import DeliveryChannel, NotificationGroup, NotificationKind
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.test_enrolment import account, course_of
from tests.support.mailbox import Mailbox, plain

REGISTERED = "navigator.serviceWorker.register('/push-worker.js', {scope: '/'})"


def tell(email: str, course_id: str, kind: NotificationKind, key: str) -> UUID:
    with transaction() as session:
        person = find_person(session, email)
        assert person is not None
        inbox.deliver(session, person.id, kind, unique_key=f"{key}:{person.id}", course=course_id)
        return person.id


def words_of(mailbox: Mailbox, email: str, count: int = 1) -> str:
    message = mailbox.wait_for(email, count=count)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return plain(message)


def test_a_person_chooses_how_to_hear_hears_in_two_tabs_and_by_mail_and_stops_it_by_its_link(stack: Stack, visit: Callable) -> None:
    course_id, slug = course_of(account("Ines Okafor", teaches=True))
    email = account("Ada Early")
    visitor = visit()
    page: Page = visitor.page
    sign_in(page, email)
    page.goto(f"/courses/{slug}")
    page.get_by_role("button", name="Enrol in course").click()
    page.wait_for_url(f"**/learn/{slug}**")

    page.goto("/profile")
    page.get_by_role("link", name="Choose what you get").click()
    certificates = page.get_by_role("row").filter(has_text="Certificates")
    expect(certificates.get_by_label("By mail")).to_have_value("at_once")
    page.get_by_role("row").filter(has_text="Grades").get_by_label("By mail").select_option("Daily, at 7:00")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your preferences are saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("row").filter(has_text="Grades").get_by_label("By mail")).to_have_value("daily")

    assert page.evaluate(
        "navigator.serviceWorker.register('/push-worker.js', {scope: '/'}).then(() => navigator.serviceWorker.ready).then(r => r.scope)"
    )

    second = visitor.watch(visitor.context.new_page())
    second.goto("/inbox")
    expect(second.get_by_text("You are enrolled in Stones and sand.").first).to_be_visible()
    tell(email, course_id, NotificationKind.CERTIFICATE_ISSUED, "certificate")
    for tab in (page, second):
        expect(tab.get_by_role("status").filter(has_text="Your certificate for Stones and sand is ready.")).to_be_visible()
        expect(tab.get_by_role("link", name="Inbox, 2 unread").first).to_be_visible()
    words = words_of(stack.mailbox, email)
    assert "Your certificate for Stones and sand is ready." in words

    person_id = tell(email, course_id, NotificationKind.QUIZ_GRADED, "graded")
    expect(second.get_by_text("was graded.").first).to_be_visible()
    assert len([each for each in stack.mailbox.messages if email in str(each["To"])]) == 1, "a grade waits for the digest"
    with clock.moved_to(next_digest(DeliveryChannel.DAILY, clock.now(), ZoneInfo("UTC")) + timedelta(seconds=1)), transaction() as session:
        deliveries.send_digest(session, person_id, DeliveryChannel.DAILY, mail=mail.mailer(session))
    digest = words_of(stack.mailbox, email, 2)
    assert "was graded." in digest
    assert "certificate" not in digest, "what was mailed comes in no digest"

    stranger: Page = visit().page
    stop = re.search(r"Stop these mails: (\S+)", words)
    assert stop is not None
    stranger.goto(stop[1])
    stranger.get_by_role("button", name="Stop it").click()
    expect(stranger.get_by_role("heading", name="Mail about certificates is stopped")).to_be_visible()
    page.reload()
    expect(page.get_by_role("row").filter(has_text="Certificates").get_by_label("By mail")).to_have_value("off")

    second.get_by_role("button", name="Unread").click()
    second.get_by_label("Kind").select_option("Certificates")
    expect(second.locator(".ly-rows")).not_to_contain_text("was graded.")
    second.get_by_role("button", name=re.compile("^Mark as read: Your certificate")).click()
    expect(second.get_by_text("Nothing of this")).to_be_visible()
    second.get_by_role("button", name="Mark all as read").click()
    expect(second.get_by_role("link", name="Inbox", exact=True).first).to_be_visible()
    with transaction() as session:
        assert preferences.choices(session, person_id)[NotificationGroup.CERTIFICATES].mail == "off"
