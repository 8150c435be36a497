"""Live pages: whoever has a page open sees what has moved, within a second or two and without reloading.

For authors of pages. In the handler that loads the page, *before* reading, say what to watch and which handler reads it again:

    @rx.event
    @allow(Role.STUDENT)
    async def load(self):
        live.watch(self, Hint.PROGRESS, known_actor().person_id, ProgressState.load)
        self.progress = await perform(self, progress.mine)

Whoever moves it says so once it is committed:
`after_commit(session, lambda: pubsub.hint(Hint.PROGRESS, person_id))`. The hint holds no content: each web process
runs the watching handler anew for each of its tabs, as the person of that tab, past the Guard; so live equals reload, and nobody is pushed what
they may not see. A tab runs a watching handler at most once a second; hints in between are one.

Loading a page forgets what the page before watched, and what was pushed for it and has not run. A handler that is refused by NotFound is told
nothing more, and what it began to watch is taken back: that something moves there is not for its viewer to know. So one that only has an island
read again asks first what the page asked. What is the viewer's own goes on. A tab that loses its socket is forgotten, and loads, and so watches, anew
when it is back.
While Redis is away pages work without liveness; when it is back every watching handler runs once, spread over a second.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import reflex as rx
import structlog
from reflex.app import App
from reflex_base.event import Event, EventHandler
from reflex_base.utils.format import format_event_handler

from lms_app.adapters import pubsub
from lms_app.domain.enrollments import roster
from lms_app.domain.people import logins
from lms_app.web import identity
from lms_app.web.errors import ProblemState, running_handler
from lms_app.words import Hint

log = structlog.get_logger(__name__)

PAUSE = 1.0
"""Least time between two pushes by one handler to one tab, in seconds."""

MOST = 100
"""What one tab may watch. No page comes near it; whoever names one thing after another to a handler that watches would."""

Push = Callable[[str, str], asyncio.Future[None]]
Watched = tuple[Hint, UUID]


@dataclass
class Watchers:
    """The open tabs of this process: what each watches, and whose login it was opened with."""

    push: Push
    """Runs a handler, by its full name, for a tab. What it gives ends with the handler, and takes it back when it is cancelled before."""
    _watching: dict[Watched, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    _of_tab: dict[str, dict[Watched, str]] = field(default_factory=lambda: defaultdict(dict))
    """The oldest first, with the handler that began to watch it; none for what is the viewer's own."""
    _open: dict[str, UUID | None] = field(default_factory=dict)
    """The login of each tab that has a socket."""
    _last: dict[tuple[str, str], float] = field(default_factory=dict)
    _due: dict[tuple[str, str], asyncio.TimerHandle] = field(default_factory=dict)
    _pushed: dict[str, set[asyncio.Future[None]]] = field(default_factory=dict)
    """Of each tab what has been pushed and is not over: it may wait behind the loading of another page, where it has nothing to say any more."""

    def watch(self, tab: str, kind: Hint, subject: UUID, handler: str, begun_by: str = "") -> None:
        """From now on `handler` runs for `tab` whenever a hint of this kind and id comes. The oldest of more than `MOST` is forgotten.

        Nothing runs for a tab that was closed meanwhile: nobody would ever end it."""
        if tab not in self._open:
            return
        self._watching[kind, subject].add((tab, handler))
        watched = self._of_tab[tab]
        watched[kind, subject] = begun_by
        if len(watched) > MOST:
            oldest = next(iter(watched))
            del watched[oldest]
            self._forget(tab, oldest)

    def refused(self, tab: str, handler: str) -> None:
        """Forgets what `handler` began to watch for a tab, what runs it, and what is due by that; not what is the viewer's own."""
        mine = self._of_tab.get(tab, {})
        for watched in [each for each, by in mine.items() if by and (by == handler or (tab, handler) in self._watching[each])]:
            del mine[watched]
            self._forget(tab, watched)
        left = {viewer for watched in mine for viewer in self._watching[watched]}
        for viewer in [viewer for viewer in self._due if viewer[0] == tab and viewer not in left]:
            self._due.pop(viewer).cancel()

    def leave(self, tab: str) -> None:
        """Forgets what a tab watches, and what is due to it or on its way."""
        for subject in self._of_tab.pop(tab, ()):
            self._forget(tab, subject)
        for push in self._pushed.pop(tab, ()):
            push.cancel()
        for viewer in [viewer for viewer in self._due if viewer[0] == tab]:
            self._due.pop(viewer).cancel()
        for viewer in [viewer for viewer in self._last if viewer[0] == tab]:
            del self._last[viewer]

    def opened(self, tab: str, login: UUID | None) -> None:
        """Notes that a tab is there, and whose login it was opened with."""
        self._open[tab] = login

    def closed(self, tab: str) -> None:
        """Forgets a tab."""
        self.leave(tab)
        self._open.pop(tab, None)

    def tabs_of_login(self, login: UUID) -> list[str]:
        """Open tabs of one login."""
        return [tab for tab, opened_by in self._open.items() if opened_by == login]

    def moved(self, kind: Hint, subject: UUID) -> None:
        """Runs, now or when their pause is over, the handlers that watch this."""
        for viewer in self._watching.get((kind, subject), ()):
            self._arrange(viewer, 0.0)

    def all_may_have_moved(self) -> None:
        """Runs every watching handler once, spread over a second: hints may have been missed."""
        for viewer in {viewer for viewers in self._watching.values() for viewer in viewers}:
            self._arrange(viewer, random.random())  # noqa: S311 - it spreads, and keeps no secret

    def _forget(self, tab: str, subject: Watched) -> None:
        viewers = {viewer for viewer in self._watching[subject] if viewer[0] != tab}
        if viewers:
            self._watching[subject] = viewers
        else:
            del self._watching[subject]

    def _arrange(self, viewer: tuple[str, str], delay: float) -> None:
        if viewer in self._due:
            return
        loop = asyncio.get_running_loop()
        at = max(loop.time() + delay, self._last.get(viewer, -PAUSE) + PAUSE)
        self._due[viewer] = loop.call_at(at, self._run, viewer)

    def _run(self, viewer: tuple[str, str]) -> None:
        del self._due[viewer]
        self._last[viewer] = asyncio.get_running_loop().time()
        push = self.push(*viewer)
        self._pushed.setdefault(viewer[0], set()).add(push)
        push.add_done_callback(partial(self._is_over, viewer[0]))

    def _is_over(self, tab: str, push: asyncio.Future[None]) -> None:
        pushed = self._pushed.get(tab, set())
        pushed.discard(push)
        if not pushed:
            self._pushed.pop(tab, None)


_watchers: Watchers | None = None
_rechecks: set[asyncio.Task[None]] = set()


def watch(state: rx.State, kind: Hint, subject: UUID, handler: Any) -> None:
    """Runs `handler` (`SomeState.load`, without arguments) for this tab whenever `kind` of `subject` has moved, until it loads another page."""
    if _watchers is not None and isinstance(handler, EventHandler):
        who = identity.actor()
        begun_by = "" if who is not None and subject == who.person_id else running_handler()
        _watchers.watch(state.router.session.client_token, kind, subject, format_event_handler(handler), begun_by)


def refused(tab: str, handler: str) -> None:
    """What a handler asked for is not there for the viewer of a tab."""
    if _watchers is not None:
        _watchers.refused(tab, handler)


def leave(tab: str) -> None:
    """Forgets what a tab watches: it loads another page."""
    if _watchers is not None:
        _watchers.leave(tab)


def opened(tab: str, login: UUID | None) -> None:
    """A tab has a socket in this process, opened with this login."""
    if _watchers is not None:
        _watchers.opened(tab, login)


def closed(tab: str) -> None:
    """A tab's socket is gone."""
    if _watchers is not None:
        _watchers.closed(tab)


async def listen(app: App) -> None:
    """The one subscriber of this web process, for its whole life."""
    global _watchers

    async def run(tab: str, handler: str) -> None:
        # What it raises has been answered by then.
        with suppress(Exception):
            await (await app.event_processor.enqueue(tab, Event(name=handler)))

    def push(tab: str, handler: str) -> asyncio.Task[None]:
        return asyncio.create_task(run(tab, handler))

    _watchers = Watchers(push=push)
    async for hint in pubsub.hints():
        if hint is None:
            logins.known_actors.clear()
            roster.forget_names()
            _watchers.all_may_have_moved()
        elif hint.kind is Hint.LOGIN:
            logins.forget(hint.id)
            for tab in _watchers.tabs_of_login(hint.id):
                recheck = push(tab, format_event_handler(ProblemState.event_handlers["recheck"]))
                _rechecks.add(recheck)
                recheck.add_done_callback(_rechecks.discard)
        elif hint.kind is Hint.NAME:
            roster.forget_names()
        else:
            _watchers.moved(hint.kind, hint.id)
