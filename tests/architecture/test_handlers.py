"""Every handler that a client could call is labelled, and says what it takes."""

import pytest
from reflex_base.event import EventHandler
from reflex_base.registry import RegistrationContext

from lms_app.lms_app import app
from lms_app.web.guard import reflexes
from lms_app.web.labels import Payload, anyone, audience_of
from lms_app.web.routes import ROUTES


def our_handlers() -> dict[str, EventHandler]:
    """Handlers written by us, by full name: of the app's states, but for the `setvar` that Reflex adds to each (the wire tests show it refused)."""
    registered = app._registration_context.event_handlers
    return {
        name: entry.handler
        for name, entry in registered.items()
        if entry.states and entry.states[0].__module__.startswith("lms_app") and not name.endswith(".setvar")
    }


def test_there_are_handlers_to_look_at() -> None:
    assert len(our_handlers()) >= 5


@pytest.mark.parametrize("name", sorted(our_handlers()))
def test_a_handler_is_labelled_and_its_arguments_are_typed(name: str) -> None:
    handler = our_handlers()[name]
    assert audience_of(handler.fn) is not None, f"{name} carries no @allow."
    Payload(handler.fn)


def test_only_known_events_of_reflex_pass_unlabelled() -> None:
    """A new version of Reflex with more events of its own turns this red: decide then whether they may pass."""
    registered = RegistrationContext.get().event_handlers
    of_reflex = {name for name, entry in registered.items() if entry.states and entry.states[0].__module__.startswith("reflex")}
    assert reflexes() <= of_reflex
    assert {name for name in of_reflex - reflexes() if not name.endswith(".setvar")} == {"reflex___state____state.set_is_hydrated"}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_a_page_for_some_is_loaded_by_handlers_for_them(route) -> None:
    """A page's audience is courtesy; its loaders' labels are what holds. They may not say different things."""
    if route.audience is anyone:
        return
    assert route.on_load, f"{route.path} is for {route.audience.name}, but nothing on it asks who comes."
    for loader in route.on_load:
        label = audience_of(getattr(loader, "handler", loader).fn)
        assert label is not None
        assert not label.visitors, f"{route.path} is for {route.audience.name}, but anybody may load it."
        assert route.audience.roles <= label.roles
