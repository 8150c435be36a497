"""The page behind "Stop these mails", for whoever has the link: no login, no script, no cookie.

RFC 8058: mail programs POST to the address themselves, without asking our page; a GET changes nothing, since whatever looks into mails follows links.
"""

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from lms_app.crossing import cross
from lms_app.domain.notifications import unsubscribing
from lms_app.domain.notifications.unsubscribing import Stoppable
from lms_app.errors import NotFound

router = APIRouter()

POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; report-uri /v/csp-reports"
)
STYLE = """
*{box-sizing:border-box}body{margin:0;background:var(--ly-bg);color:var(--ly-text);font:400 15px/24px var(--ly-sans,system-ui)}
main{max-width:480px;margin:0 auto;padding:64px 20px}a{color:var(--ly-accent-text)}p{margin:0 0 16px}
h1{font:600 26px/32px var(--ly-serif,Georgia,serif);margin:0 0 12px;text-wrap:balance}
.mark{display:inline-block;margin-bottom:32px;font:600 19px/24px var(--ly-serif,Georgia,serif);color:inherit;text-decoration:none}
form{margin:24px 0 12px}button{min-height:44px;padding:0 18px;border-radius:8px;border:1px solid var(--ly-border-strong);background:var(--ly-surface);
color:inherit;font:550 15px/20px var(--ly-sans,system-ui);cursor:pointer}
button.first{background:var(--ly-accent);border-color:var(--ly-accent);color:#fff}
:focus-visible{outline:2px solid var(--ly-accent-text);outline-offset:2px}
"""
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
_CHOOSE = '<p><a href="/profile/notifications">Choose what you get</a></p>'


@router.get("/unsubscribe/{token}", include_in_schema=False)
async def ask(token: str) -> HTMLResponse:
    """Asks whether to stop what the link names."""
    try:
        found = await cross(unsubscribing.described, None, token)
    except NotFound as refused:
        return _page("This link does not work", f"<p>{escape(refused.sentence)}</p>{_CHOOSE}", status=404)
    if found.stopped:
        return _stopped(found)
    more = "" if found.is_all else _button(f"/unsubscribe/{token}/all", "Stop all mail")
    return _page(f"Stop {found.what}?", _button(f"/unsubscribe/{token}", _verb(found), first=True) + more + f"<p>{_kept(found)}</p>{_CHOOSE}")


@router.post("/unsubscribe/{token}", include_in_schema=False)
async def stop(token: str) -> HTMLResponse:
    """Stops what the link names: for the button of the page, and for mail programs."""
    return await _stop(token, everything=False)


@router.post("/unsubscribe/{token}/all", include_in_schema=False)
async def stop_all(token: str) -> HTMLResponse:
    """Stops all mail but that of the account."""
    return await _stop(token, everything=True)


async def _stop(token: str, *, everything: bool) -> HTMLResponse:
    try:
        return _stopped(await cross(unsubscribing.stop, None, token, everything=everything))
    except NotFound as refused:
        return _page("This link does not work", f"<p>{escape(refused.sentence)}</p>{_CHOOSE}", status=404)


def _stopped(found: Stoppable) -> HTMLResponse:
    what = escape(found.what[:1].upper() + found.what[1:])
    return _page(f"{what} is stopped", f"<p>{_kept(found)}</p>{_CHOOSE}")


def _verb(found: Stoppable) -> str:
    return "Stop all mail" if found.is_all else "Stop it"


def _kept(found: Stoppable) -> str:
    app = "Everything stands in your inbox in Lyceum as before."
    return f"{app} Mail about your account itself, such as a new password, still comes." if found.is_all else app


def _button(address: str, words: str, *, first: bool = False) -> str:
    kind = ' class="first"' if first else ""
    return f'<form method="post" action="{escape(address)}"><button{kind}>{escape(words)}</button></form>'


def _page(title: str, inner: str, *, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light"><title>{escape(title)} · Lyceum</title><link rel="icon" href="/favicon.svg">'
        f'<link rel="stylesheet" href="/tokens.css"><style>{STYLE}</style></head>'
        f'<body><main><a class="mark" href="/">Lyceum</a><h1>{escape(title)}</h1>{inner}</main></body></html>',
        status,
        headers=HEADERS,
    )
