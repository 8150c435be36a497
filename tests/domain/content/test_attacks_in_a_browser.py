"""What a page shows of hostile HTML, put into a real browser the way pages put it: nothing runs, loads or escapes."""

from playwright.sync_api import Page, sync_playwright

from lms_app.domain.content import rich_text
from lms_app.domain.content.document import document_of
from lms_app.domain.content.rendering import html_of_rich_text, render
from tests.domain.content.attacks import ATTACKS
from tests.support.browser import open_browser

PUT = """html => {
    const box = document.createElement("div")
    document.body.replaceChildren(box)
    box.innerHTML = html
    box.innerHTML = box.innerHTML
    const faults = []
    const forbidden = /^(script|iframe|frame|object|embed|style|link|meta|base|form|input|template|applet)$/i
    const followed = /^(https?:|mailto:|tel:)$/
    for (const element of box.querySelectorAll("*")) {
        if (forbidden.test(element.localName)) faults.push(element.localName)
        for (const { name, value } of element.attributes) {
            if (/^(on|style$|srcdoc|formaction|action)/i.test(name)) faults.push(`${element.localName} ${name}`)
            if (/(href|src)$/i.test(name) && !followed.test(new URL(value, "https://ours.example").protocol)) faults.push(`${name}=${value}`)
        }
        element.dispatchEvent(new Event("focus"))
        if (element.localName === "a") element.addEventListener("click", event => event.preventDefault())
        if (element.click) element.click()
    }
    return faults
}"""


def ways(attack: str) -> list[str]:
    return [render(document_of([{"type": "html", "html": attack}])).html, html_of_rich_text(rich_text.from_html(attack, tex_delimiters=True))]


def put(page: Page, html: str) -> list[str]:
    return page.evaluate(PUT, html)


def test_no_attack_runs_or_loads_anything_in_a_browser() -> None:
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        page = browser.new_page()
        wanted: list[str] = []
        page.route("**/*", lambda route: wanted.append(route.request.url) or route.abort())
        page.set_content("<!doctype html><title>x</title><body></body>")
        page.evaluate("window.attacks = 0; window.attack = () => { window.attacks += 1 }")
        assert put(page, "<p onclick='attack()'>x</p><img src='https://probe.example/x'>") == ["p onclick"]
        assert page.evaluate("window.attacks") > 0, "The probe shows that an attack would be seen."
        page.evaluate("window.attacks = 0")
        page.wait_for_timeout(200)
        assert set(wanted) == {"https://probe.example/x"}, "The probe shows that a load would be seen."
        wanted.clear()
        found = {attack: faults for attack in ATTACKS for html in ways(attack) if (faults := put(page, html))}
        assert found == {}
        page.wait_for_timeout(300)
        assert page.evaluate("window.attacks") == 0
        assert wanted == []
