"""How much script a reader's first visit costs: what comes over the wire until five quiet seconds have passed, with an empty cache."""

import pytest
from playwright.sync_api import Browser

from lms_app.web.routes import ROUTES
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.furnished import INSTRUCTOR, STUDENT, Furnished

KB = 1000
LIMIT, LIMIT_WITH_CHARTS = 230 * KB, 640 * KB

PAGES = [
    ("/catalogue", "/catalogue", "", LIMIT),
    ("/courses/[slug]", "/courses/{slug}", "", LIMIT),
    ("/learn/[slug]/[page_id]", "/learn/{slug}/{page_id}", STUDENT, LIMIT),
    ("/home", "/home", STUDENT, LIMIT),
    ("/progress/[slug]", "/progress/{slug}", STUDENT, LIMIT),
    ("/calendar", "/calendar", STUDENT, LIMIT),
    ("/inbox", "/inbox", STUDENT, LIMIT),
    ("/profile/data", "/profile/data", STUDENT, LIMIT),
    ("/profile/notifications", "/profile/notifications", STUDENT, LIMIT),
    ("/courses/[slug]/announcements", "/courses/{slug}/announcements", STUDENT, LIMIT),
    ("/discussion/[thread_id]", "/discussion/{thread}", STUDENT, LIMIT),
    ("/quiz/[assessment_id]", "/quiz/{open_quiz}", STUDENT, LIMIT),
    ("/teach/courses/[course_id]/analytics", "/teach/courses/{course_id}/analytics", INSTRUCTOR, LIMIT_WITH_CHARTS),
]


@pytest.mark.parametrize(("path", "place", "email", "limit"), PAGES, ids=[row[0] for row in PAGES])
def test_a_first_visit_brings_little_script(
    stack: Stack, browser: Browser, furnished: Furnished, record_property, path: str, place: str, email: str, limit: int
) -> None:
    assert path in {route.path for route in ROUTES}
    context = browser.new_context(base_url=stack.url)
    try:
        page = context.new_page()
        if email:
            sign_in(page, email)
        wire = context.new_cdp_session(page)
        scripts: dict[str, str] = {}
        received: dict[str, float] = {}
        wire.on("Network.responseReceived", lambda event: _note_script(event, scripts))
        wire.on("Network.loadingFinished", lambda event: received.update({event["requestId"]: event["encodedDataLength"]}))
        page.goto("about:blank")
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.goto(place.format(**vars(furnished)))
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(5_000)
    finally:
        context.close()
    weights = {address: received.get(request, 0) for request, address in scripts.items()}
    total = sum(weights.values())
    record_property("script_bytes", total)
    print(f"{path}: {total / KB:.0f} KB of script in {len(weights)} files")
    heaviest = "\n".join(f"{weight / KB:6.1f} {address}" for address, weight in sorted(weights.items(), key=lambda entry: -entry[1])[:12])
    assert 0 < total <= limit, f"{path}: {total / KB:.1f} KB\n{heaviest}"


def _note_script(event: dict, scripts: dict[str, str]) -> None:
    response = event["response"]
    if "javascript" in response["mimeType"]:
        scripts[event["requestId"]] = response["url"]
