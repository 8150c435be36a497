"""What a reader sees when something is refused or fails: a toast, or a notice in the page's place."""

import asyncio
from typing import Any, Literal

import reflex as rx

from lms_app.errors import LmsError, NotSignedIn
from lms_app.logs import report_fault
from lms_app.web import identity, urls
from lms_app.web.labels import allow, anyone, the_server

Tone = Literal["info", "ok", "bad"]

FAULT = "Something went wrong on our side. Nothing that you saved is lost."

_loaders: set[str] = set()


class ToastState(rx.State):
    """One short notice at a time, in the live region that every shell holds. `serial` grows with each, so that a repeat is shown again."""

    text: str = ""
    tone: str = "info"
    reference: str = ""
    href: str = ""
    """Where the notice leads, by the words in `action`; empty for nowhere."""
    action: str = ""
    serial: int = 0

    @rx.event
    @allow(the_server)
    async def say(self, text: str, tone: Tone = "info", reference: str = "", href: str = "", action: str = ""):
        """Shows a notice. Handlers return it: `return ToastState.say("Saved.", "ok")`."""
        self.text, self.tone, self.reference, self.href, self.action = text, tone, reference, href, action
        self.serial += 1

    @rx.event
    @allow(anyone)
    async def dismiss(self):
        """Takes the notice away."""
        self.text = self.reference = self.href = self.action = ""


class ProblemState(rx.State):
    """What stands in the page's place when it cannot be shown. The shells show it instead of the page while `sentence` is not empty."""

    kind: str = ""
    """`not-signed-in`, `not-allowed`, `not-found`, `fault`, or another refusal's slug."""
    sentence: str = ""
    reference: str = ""
    sign_in: str = "/sign-in"
    """Where "Sign in" leads, and back from there."""

    @rx.event
    @allow(the_server)
    async def put(self, kind: str, sentence: str, reference: str = ""):
        """Puts a notice in the page's place."""
        self.kind, self.sentence, self.reference = kind, sentence, reference
        url = self.router.url
        self.sign_in = urls.sign_in(url.path + (f"?{url.query}" if url.query else ""))

    @rx.event
    @allow(anyone)
    async def recheck(self):
        """Says so on an open page when its login has ended elsewhere."""
        if identity.actor() is None:
            return ProblemState.put(NotSignedIn.slug, "You have been signed out.")


def page_loads_by(name: str) -> None:
    """Notes that a page is loaded by the handler of this full name: what it refuses takes the page's place."""
    _loaders.add(name)


def notice(name: str, kind: str, sentence: str, reference: str = "") -> Any:
    """The event that tells the reader why the handler `name` did not do what was asked."""
    if name in _loaders:
        return ProblemState.put(kind, sentence, reference)
    return ToastState.say(sentence, "bad", reference)


def answer_exception(exception: Exception):
    """The answer to what a handler raised: a refusal's sentence, or a reference number and one line in the log."""
    name = running_handler()
    if isinstance(exception, LmsError):
        kind, sentence, reference = exception.slug, exception.sentence, ""
    else:
        kind, sentence, reference = "fault", FAULT, report_fault(exception, handler=name)
    # Telling would fail the same way again, for ever, where telling itself has failed or nobody knows what did.
    if not name or name.startswith((ToastState.get_full_name(), ProblemState.get_full_name())):
        return None
    return notice(name, kind, sentence, reference)


def note_browser_error(exception: Exception) -> None:
    """Reflex's frontend exception handler: the kind of error alone, since its text may quote the page."""
    report_fault(exception, browser=str(exception).partition(":")[0][:80])


def running_handler() -> str:
    """Full name of the handler that runs, or whose exception is being answered, from the name of the task that Reflex runs us in."""
    task = asyncio.current_task()
    _, _, run = (task.get_name() if task else "").partition("reflex_event|")
    return run.partition("|")[0]
