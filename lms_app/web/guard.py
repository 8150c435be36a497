"""The wall in front of every handler: who may call it, with what. It runs before each event of every kind."""

from functools import lru_cache
from typing import Any

import reflex as rx
import structlog
from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, FrontendEventExceptionState, OnLoadInternalState, State, StateUpdate, UpdateVarsInternalState
from reflex_base.event import Event, EventHandler
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from lms_app.errors import LmsError, NotAllowed, NotFound, NotSignedIn
from lms_app.web import errors, identity, live
from lms_app.web.labels import Payload, allow, anyone, audience_of, signed_in, the_server

log = structlog.get_logger(__name__)

__all__ = ["Guard", "allow", "anyone", "signed_in", "the_server"]

UNREADABLE = "That could not be read. Reload the page and try again."


class Guard(Middleware):
    """Finds out who acts, then refuses what is not labelled, not meant for them, or not of the declared shape."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """None lets the event through, its payload replaced by the validated one; an update refuses it."""
        cookies = str(state.router_data.get("headers", {}).get("cookie", ""))
        actor = await identity.actor_in(cookies)
        identity.let_act(actor)
        if event.name in reflexes():
            return await self._own_event(state, event, ended=actor is None and identity.claims_in(cookies) is not None)
        registered = RegistrationContext.get().event_handlers.get(event.name)
        audience = audience_of(registered.handler.fn) if registered else None
        if registered is None or audience is None or _is_setter(registered.handler):
            return refusal(event.name, "unlabelled", NotAllowed())
        if not audience.clients and EventContext.get().parent_txid is None:
            return refusal(event.name, "not for clients", NotAllowed())
        if not audience.admits(actor):
            return refusal(event.name, "not for this account", NotSignedIn() if actor is None else NotAllowed())
        try:
            _replace(event, _payload(registered.handler.fn).read(event.payload))
        except ValueError:
            return refusal(event.name, "payload", NotAllowed(UNREADABLE))
        return None

    async def _own_event(self, state: BaseState, event: Event, *, ended: bool) -> StateUpdate | None:
        """Reflex's own events: hydrating, loading a page, browser storage, errors in the browser."""
        try:
            _replace(event, _payload(RegistrationContext.get().event_handlers[event.name].handler.fn).read(event.payload))
        except ValueError:
            return refusal(event.name, "payload", NotAllowed(UNREADABLE))
        if ended:
            # What this login's pages knew is not shown again once the login has ended.
            await forget_tree(state)
        if event.name == _full_name(OnLoadInternalState, "on_load_internal"):
            live.leave(EventContext.get().token)
            # Said even where nothing is known to stand there: a load that this one supersedes may have shown its notice and been ended before it
            # was kept.
            (await state.get_state(errors.ProblemState)).reset()
        return None


def answer_exception(exception: Exception):
    """Reflex's backend exception handler: `errors.answer_exception`, and whoever is refused a thing hears no more of it."""
    if isinstance(exception, NotFound):
        live.refused(EventContext.get().token, errors.running_handler())
    return errors.answer_exception(exception)


def refusal(name: str, why: str, error: LmsError) -> StateUpdate:
    """What a refused event is answered with: the sentence for the reader. `why` goes to the log."""
    log.warning("event_refused", handler=name[:200], why=why)
    return StateUpdate(events=Event.from_event_type(errors.notice(name, error.slug, error.sentence)))


async def forget_tree(state: BaseState) -> None:
    """Sets every state of this tab back to its defaults."""
    root = await state.get_state(State)
    for state_class in State.get_substates():
        await root.get_state(state_class)
    root.reset()


@lru_cache(maxsize=1)
def reflexes() -> frozenset[str]:
    """Full names of the events that Reflex's own script sends or chains. All others of Reflex are refused like any unlabelled handler."""
    return frozenset(
        {
            _full_name(State, "hydrate"),
            _full_name(State, "hydrate_and_load"),
            _full_name(OnLoadInternalState, "on_load_internal"),
            _full_name(OnLoadInternalState, "set_is_hydrated"),
            _full_name(UpdateVarsInternalState, "update_vars_internal"),
            _full_name(FrontendEventExceptionState, "handle_frontend_exception"),
        }
    )


def _replace(event: Event, payload: dict[str, Any]) -> None:
    event.payload.clear()
    event.payload.update(payload)


def _full_name(state_class: type[rx.State], handler: str) -> str:
    return format_event_handler(state_class.event_handlers[handler])


@lru_cache(maxsize=2048)
def _payload(handler: Any) -> Payload:
    return Payload(handler)


def _is_setter(handler: EventHandler) -> bool:
    """Whether Reflex made this handler itself to set a variable: no label can come with it, whatever it inherited."""
    return type(handler) is not EventHandler
