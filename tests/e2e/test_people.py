"""Accounts in a browser: staying signed in, signing out, one's profile, the way out."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from lms_app.adapters import passwords
from lms_app.database import transaction
from lms_app.domain.people.registration import create_person, find_person
from lms_app.ids import uuid7
from tests.e2e.conftest import PASSWORD, Stack, sign_in


def new_account() -> str:
    """An account's address."""
    email = f"{uuid7()}@example.org"
    with transaction() as session:
        create_person(session, name="Nadia Petrova", email=email, password_hash=passwords.hash_password(PASSWORD), time_zone="Europe/Sofia")
    return email


def cookie_of(page: Page) -> str:
    """The sign-in cookie's token."""
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "lyceum")  # pyright: ignore[reportTypedDictNotRequiredAccess]


def test_an_open_tab_renews_its_cookie_once_for_all_tabs(stack: Stack, visit: Callable) -> None:
    first = visit().page
    first.clock.install()
    sign_in(first, new_account())
    second = first.context.new_page()
    second.goto("/inbox")
    expect(second.get_by_role("heading", name="Inbox")).to_be_visible()
    before, asked = cookie_of(first), []
    first.context.on("request", lambda request: asked.append(request.url) if request.url.endswith("/v/refresh") else None)
    with first.expect_response("**/v/refresh") as renewed:
        first.clock.fast_forward("20:00")
    assert renewed.value.status == 200
    assert cookie_of(first) != before
    second.reload()
    expect(second.get_by_role("button", name="Account of Nadia Petrova")).to_be_visible()
    assert len(asked) == 1


def test_signing_out_works_when_the_socket_is_gone(stack: Stack, visit: Callable) -> None:
    page = visit().page
    sign_in(page, new_account())
    page.get_by_role("button", name="Account of").click()
    page.evaluate("WebSocket.prototype.send = () => {}")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{stack.url}/")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert page.context.cookies() == []


def test_signing_out_in_one_browser_window_tells_the_other_within_five_seconds(stack: Stack, visit: Callable) -> None:
    page = visit().page
    sign_in(page, new_account())
    other = page.context.new_page()
    other.goto("/profile")
    expect(other.get_by_label("Name")).to_have_value("Nadia Petrova")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Sign out").click()
    expect(other.get_by_text("You have been signed out.")).to_be_visible()


def test_a_profile_is_saved_with_its_time_zone_and_says_what_is_wrong(stack: Stack, visit: Callable) -> None:
    page = visit().page
    sign_in(page, new_account())
    page.goto("/profile")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Sofia")
    page.get_by_label("Name").fill(" ")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("#field-name-error")).to_contain_text("Give your name.")
    page.get_by_label("Name").fill("Nadia Petrova-Ilieva")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your changes are saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    expect(page.get_by_role("button", name="Account of Nadia Petrova-Ilieva")).to_be_visible()


def test_a_password_is_changed_by_who_knows_the_present_one(stack: Stack, visit: Callable) -> None:
    page, email = visit().page, new_account()
    sign_in(page, email)
    page.goto("/profile")
    page.locator("#change-current").fill("not this one")
    page.locator("#change-password").fill("eight louder evenings")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("That is not your present password.").first).to_be_visible()
    page.locator("#change-current").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    sign_in(visit().page, email, "eight louder evenings")


def test_an_account_is_erased_from_its_profile(stack: Stack, visit: Callable) -> None:
    page, email = visit().page, new_account()
    sign_in(page, email)
    page.goto("/profile")
    page.get_by_role("button", name="Erase account").click()
    page.locator("#erase-current").fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Erase account").click()
    page.wait_for_url(f"{stack.url}/")
    with transaction() as session:
        assert find_person(session, email) is None


def test_the_mailbox_does_not_exist_where_mail_is_sent(stack: Stack, visit: Callable) -> None:
    page = visit().page
    page.goto("/mailbox")
    expect(page.get_by_text("This does not exist, or is not open to you.")).to_be_visible()
