"""Every page for the public and for students, with data, by day and by night, on a desk and on a phone: reachable, readable, in order."""

import json
import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from lms_app.api import walls
from lms_app.web.routes import ROUTES
from tests.conftest import LONG
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.furnished import ADMIN, INSTRUCTOR, STUDENT, Furnished

# One test looks at a third of an audience's pages.
pytestmark = pytest.mark.timeout(300)

MODES = {1440: ("light", "dark"), 360: ("light", "dark")} if LONG else {1440: ("light",), 360: ("dark",)}
"""By width; the ordinary run looks at two opposites."""
WIDTHS = tuple(MODES)
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
AUDIENCES = ("anyone", "students", "signed in", "instructors", "administrators")
MOST_STOPS = 60
"""How far Tab is followed on one page."""

PLACES = {
    "404": ("/nowhere-at-all",),
    "/reset/new": ("/reset/new#secret",),
    "/confirm": ("/confirm#secret",),
    "/courses/[slug]": ("/courses/{slug}",),
    "/learn/[slug]": ("/learn/{slug}",),
    "/learn/[slug]/[page_id]": ("/learn/{slug}/{page_id}",),
    "/certificates/[code]": ("/certificates/{certificate}", "/certificates/nothing"),
    "/teach/courses/[course_id]": (
        "/teach/courses/{course_id}",
        "/teach/courses/{course_id}#page-{page_id}",
        "/teach/courses/{course_id}#page-{page_id}/analytics",
    ),
    "/teach/courses/[course_id]/analytics": ("/teach/courses/{course_id}/analytics",),
    "/teach/courses/[course_id]/reports": ("/teach/courses/{course_id}/reports",),
    "/teach/courses/[course_id]/bank": ("/teach/courses/{course_id}/bank",),
    "/teach/courses/[course_id]/files": ("/teach/courses/{course_id}/files",),
    "/teach/courses/[course_id]/health": ("/teach/courses/{course_id}/health",),
    "/join/[token]": ("/join/{invitation}", "/join/nothing"),
    "/teach/courses/[course_id]/enrolment": ("/teach/courses/{course_id}/enrolment",),
    "/teach/courses/[course_id]/settings": ("/teach/courses/{course_id}/settings",),
    "/teach/courses/[course_id]/marking": ("/teach/courses/{course_id}/marking",),
    "/teach/courses/[course_id]/people": ("/teach/courses/{course_id}/people",),
    "/teach/courses/[course_id]/students/[enrollment_id]": ("/teach/courses/{course_id}/students/{enrollment}",),
    "/teach/courses/[course_id]/gradebook": ("/teach/courses/{course_id}/gradebook",),
    "/teach/courses/[course_id]/gradebook/setup": ("/teach/courses/{course_id}/gradebook/setup",),
    "/courses/[slug]/announcements": ("/courses/{slug}/announcements",),
    "/discussion/[thread_id]": ("/discussion/{thread}",),
    "/teach/courses/[course_id]/discussion": ("/teach/courses/{course_id}/discussion",),
    "/teach/courses/[course_id]/announcements": ("/teach/courses/{course_id}/announcements",),
    "/grades/[slug]": ("/grades/{slug}",),
    "/progress/[slug]": ("/progress/{slug}",),
    "/teach/pages/[page_id]": ("/teach/pages/{page_id}",),
    "/teach/quizzes/[assessment_id]": ("/teach/quizzes/{final_quiz}",),
    "/teach/quizzes/[assessment_id]/statistics": ("/teach/quizzes/{final_quiz}/statistics",),
    "/teach/quizzes/[assessment_id]/statistics/[question_id]": ("/teach/quizzes/{submitted_quiz}/statistics/{submitted_question}",),
    "/teach/quizzes/[assessment_id]/exceptions": ("/teach/quizzes/{final_quiz}/exceptions", "/teach/quizzes/{submitted_quiz}/exceptions"),
    "/teach/quizzes/[assessment_id]/room": ("/teach/quizzes/{open_quiz}/room", "/teach/quizzes/{final_quiz}/room"),
    "/teach/questions/[question_id]": ("/teach/questions/{submitted_question}",),
    "/teach/questions/[question_id]/regrade": ("/teach/questions/{submitted_question}/regrade",),
    "/quiz/[assessment_id]": ("/quiz/{open_quiz}", "/quiz/{submitted_quiz}", "/quiz/{final_quiz}"),
}
"""What stands for the rows whose address has a blank, or for which the bare address shows too little."""

DRAWN_LATER = {
    "/discussion/[thread_id]": ".ly-posts",
    "/teach/courses/[course_id]/discussion": ".ly-rows",
    "/teach/courses/[course_id]/announcements": ".ly-posts",
    "/teach/courses/[course_id]": "[role=tree]",
    "/teach/courses/[course_id]/bank": ".ly-banking-list",
    "/teach/courses/[course_id]/files": ".ly-library-tools",
    "/teach/courses/[course_id]/people": ".ly-people-box",
    "/teach/courses/[course_id]/gradebook": "[role=grid]",
    "/teach/pages/[page_id]": ".ly-editor-text",
    "/teach/questions/[question_id]": ".ly-asked-text",
    "/teach/quizzes/[assessment_id]/room": ".ly-room",
}
"""What a page shows once its script has come and has asked for its data, after everything else stands."""

BY_NODE = {r"#page-.*/analytics$": ".ly-caption:has-text('updates by itself')", "#page-": ".ly-editor-text"}
"""The same beside an outline, by what ends the address."""

BY_SCRIPT = (
    ("palette", "/home", "[data-opens-palette]", "dialog.ly-palette[open]"),
    ("submit dialog", "/quiz/[assessment_id]", "button:has-text('Submit quiz')", "dialog.ly-dialog[open]"),
    ("list of keys", "/profile", "main [data-opens-keys]", "dialog.ly-dialog[open]"),
    ("toast", "/profile", "button:has-text('Save changes')", ".ly-toast"),
)
"""What scripts open: its name, the row where it is looked at, what opens it, what is seen then."""

TAB_STOPS = """(within) => {
  const all = [...document.querySelector(within).querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length && !e.closest('[inert]');
  // A link in a text that is being written is reached by the arrow keys, as every word of it.
  const written = (e) => e.isContentEditable && e.matches('a');
  const open = (e) => !e.disabled && e.type !== 'hidden' && e.tabIndex >= 0 && !written(e);
  const group = (e) => e.form ?? document;
  const entered = (e) => e.type !== 'radio' || !e.name || e.checked
    || (![...document.getElementsByName(e.name)].some((r) => r.checked) && [...document.getElementsByName(e.name)].find(seen) === e);
  window.lyStops = all.filter((e) => seen(e) && open(e) && entered(e));
  window.lyStops[0]?.focus();
  return window.lyStops.length;
}"""
HERE = "() => window.lyStops.indexOf(document.activeElement)"
NAME = "(n) => window.lyStops[n]?.outerHTML.slice(0, 160)"
SETTLED = "() => document.querySelector('h1') && ![...document.querySelectorAll('.ly-skeleton')].some((e) => e.checkVisibility())"


def test_every_row_of_the_sitemap_has_an_address_here() -> None:
    assert [route.path for route in ROUTES if route.audience.name in AUDIENCES and "[" in route.path and route.path not in PLACES] == []


@pytest.mark.parametrize("part", [1, 2, 3])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_page_is_readable_fits_and_is_reached_by_the_keyboard(
    stack: Stack, browser: Browser, furnished: Furnished, audience: str, part: int
) -> None:
    rows = [route for route in ROUTES if route.audience.name == audience][part - 1 :: 3]
    found: list[str] = []
    context = browser.new_context(base_url=stack.url, viewport={"width": 1440, "height": 900}, reduced_motion="reduce", color_scheme="light")
    context.set_default_timeout(30_000)
    try:
        _enter(context, audience)
        opened: set[str] = set()
        for route in rows:
            for place in PLACES.get(route.path, (route.path,)):
                page = _watch(context.new_page(), route.path, found)
                page.goto(place.format(**vars(furnished)))
                found += _faults(page, route.path, opened)
                page.close()
    finally:
        context.close()
    assert not found, "\n".join(found)


def _watch(page: Page, path: str, found: list[str]) -> Page:
    """Adds to `found` what a page says of refused content, to its console or to our route for such reports, and its script errors."""
    page.on("pageerror", lambda error: found.append(f"{path}: script error: {error}"))
    page.on("console", lambda message: found.append(f"{path}: {message.text}") if "Content Security Policy" in message.text else None)
    page.on("request", lambda request: found.append(f"{path}: {request.post_data}") if request.url.endswith(walls.CSP_REPORTS) else None)
    return page


def _enter(context: BrowserContext, audience: str) -> None:
    if audience == "anyone":
        return
    page = context.new_page()
    sign_in(page, {"instructors": INSTRUCTOR, "administrators": ADMIN}.get(audience, STUDENT))
    page.close()


def _faults(page: Page, path: str, opened: set[str]) -> list[str]:
    """What is wrong with a page, on every width and in every mode. It is loaded once and changes under our hands, as a reader's does."""
    try:
        page.wait_for_function(SETTLED)
        # A notification that came meanwhile fades after six seconds: half gone, its words have no contrast.
        page.add_style_tag(content=".ly-toast { animation: none !important; opacity: 1 !important; }")
    except Exception:
        return [f"{path}: still loading after 20 s"]
    if path in DRAWN_LATER:
        drawn = next((shown for end, shown in BY_NODE.items() if re.search(end, page.url)), DRAWN_LATER[path])
        page.locator(drawn).first.wait_for()
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900 if width > 900 else 780})
        where = f"{path} at {width}"
        found += _by_axe(page, where)
        overhang = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        if overhang > 0:
            found.append(f"{where}: {overhang} px too wide: {_widest(page)}")
        found += _floating(page, where, opened)
        found += _opened_by_script(page, path, where, opened)
        found += _out_of_order(page, where)
    return found


def _by_axe(page: Page, where: str, within: str | None = None) -> list[str]:
    """What axe finds on the page, or within one part of it."""
    found = []
    assert page.viewport_size
    for mode in MODES[page.viewport_size["width"]]:
        page.emulate_media(color_scheme=mode)
        page.wait_for_function("(mode) => document.documentElement.classList.contains(mode)", arg=mode)
        _keep_picture(page, f"{where} {mode}")
        violations = Axe().run(page, context=within, options=WCAG).response["violations"]
        for violation in violations:
            nodes = [f"{node['html'][:200]} ({'; '.join(check['message'] for check in node['any'][:1])})" for node in violation["nodes"][:3]]
            found.append(f"{where} {mode}: {violation['id']}: " + " | ".join(nodes))
    return found


def _floating(page: Page, where: str, opened: set[str]) -> list[str]:
    """The same with each menu, sheet and dialog open; what every page has, once for each width."""
    found = []
    width = where.rsplit(" ", 1)[1]
    openers = page.evaluate(
        """() => [...document.querySelectorAll('[popovertarget]:not([popovertargetaction=hide]), [commandfor][command=show-modal]')]
          .filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('dialog, [popover]') && !e.disabled)
          .map((e) => { const by = e.hasAttribute('popovertarget') ? 'popovertarget' : 'commandfor'; return [by, e.getAttribute(by)]; })"""
    )
    for attribute, target in openers:
        kind = re.sub("^metric-.*-", "note-", target)  # What a metric means is told in one way wherever a note hangs on a figure, a chart, a column.
        key = f"{kind if kind in ('account-menu', 'why', 'outline') or (kind != target and not LONG) else where + target} {width}"
        if key in opened:
            continue
        opened.add(key)
        page.locator(f"[{attribute}={json.dumps(target)}]:visible").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("(id) => document.getElementById(id).matches(':popover-open, :modal')", arg=target)
        # What lies under it is half covered, and was looked at before.
        found += _by_axe(page, f"{where} with {target} open", within=f"[id={json.dumps(target)}]")
        page.keyboard.press("Escape")
        page.wait_for_function("(id) => !document.getElementById(id).matches(':popover-open, :modal')", arg=target)
    return found


def _opened_by_script(page: Page, path: str, where: str, opened: set[str]) -> list[str]:
    """The same with what a script opens, once for each width. The focus goes in, stays in order, and comes back."""
    found = []
    width = where.rsplit(" ", 1)[1]
    for name, row, opener, shown in BY_SCRIPT:
        if row != path or f"{name} {width}" in opened:
            continue
        if name == "submit dialog" and width != str(max(WIDTHS)):
            continue  # On a phone it opens from the last question.
        opened.add(f"{name} {width}")
        button = page.locator(f"{opener}:visible").first
        button.focus()
        page.keyboard.press("Enter")
        floating = page.locator(shown)
        floating.wait_for()
        if name == "toast":  # It waits while the focus is on it, as it then looks: so it must have come wholly.
            page.wait_for_function("(shown) => getComputedStyle(document.querySelector(shown)).opacity === '1'", arg=shown)
            floating.get_by_role("button", name="Dismiss").focus()
            found += _by_axe(page, f"{where} with {name} open")
            page.keyboard.press("Enter")
            floating.wait_for(state="hidden")
            continue
        if not page.evaluate("(shown) => document.querySelector(shown).contains(document.activeElement)", shown):
            found.append(f"{where}: the focus did not go into {name}")
        found += _by_axe(page, f"{where} with {name} open")
        found += _out_of_order(page, f"{where} with {name} open", within=shown)
        page.keyboard.press("Escape")
        floating.wait_for(state="hidden")
        if not button.evaluate("(e) => e === document.activeElement"):
            found.append(f"{where}: the focus did not come back from {name}: {page.evaluate('document.activeElement.outerHTML.slice(0, 160)')}")
    return found


def _out_of_order(page: Page, where: str, within: str = "body") -> list[str]:
    """Follows Tab from the first control: each visible one is met, in the order in which they stand in the document."""
    count = page.evaluate(TAB_STOPS, within)
    wanted = min(count, MOST_STOPS)
    met = 0
    for _ in range(wanted + 40):
        if met >= wanted - 1:
            break
        page.keyboard.press("Tab")
        at = page.evaluate(HERE)
        if at in (-1, met):  # A box that scrolls, the browser's own controls of a video, or the inside of a frame.
            continue
        if at != met + 1:
            return [f"{where}: Tab went from {page.evaluate(NAME, met)} to {page.evaluate(NAME, at)}, past {page.evaluate(NAME, met + 1)}"]
        met = at
    return [] if met >= wanted - 1 else [f"{where}: Tab never came to {page.evaluate(NAME, met + 1)}"]


def _widest(page: Page) -> str:
    return page.evaluate(
        """() => [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
          .map((e) => e.outerHTML.slice(0, 120)).slice(-2).join(' | ')"""
    )


def _keep_picture(page: Page, name: str) -> None:
    """PICTURES=folder keeps what was looked at."""
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(
            path=Path(folder) / (name.strip("/").replace("/", "_").replace(" ", "-") + f"-{page.url[-6:].replace('/', '_')}.png"), full_page=True
        )
