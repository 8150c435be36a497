"""Every handler of the pages as the application registered it, and a call of each that is well-formed: what a new page brings is in."""

from collections.abc import Mapping
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from reflex_base.event import EventHandler
from typing_extensions import is_typeddict

from lms_app.lms_app import app

EVERYWHERE, INSTRUCTORS = "lms_app.web.", "lms_app.web.instructor."


def instructor_handlers() -> dict[str, EventHandler]:
    """Those of the instructor's pages, as `handlers` gives them."""
    return handlers(INSTRUCTORS)


def handlers(within: str = EVERYWHERE) -> dict[str, EventHandler]:
    """By full name, state by state, each state's `load` first and the others as they are written."""
    found: dict[str, tuple[type, EventHandler]] = {}
    for name, entry in app._registration_context.event_handlers.items():
        if entry.states and entry.states[0].__module__.startswith(within) and not name.endswith(".setvar"):
            found[name] = (entry.states[0], entry.handler)

    def place(name: str) -> tuple[str, bool, int]:
        state, handler = found[name]
        return state.get_full_name(), not name.endswith(".load"), handler.fn.__code__.co_firstlineno

    return {name: found[name][1] for name in sorted(found, key=place)}


def arguments(handler: EventHandler, ids: Mapping[str, str]) -> dict[str, Any]:
    """A well-formed call of the handler. A KeyError names an argument that takes an id and that `ids` says nothing of: add it there."""
    hints = get_type_hints(handler.fn, include_extras=True)
    return {name: _value(name, hint, ids) for name, hint in hints.items() if name != "return"}


def _value(name: str, hint: Any, ids: Mapping[str, str]) -> Any:
    origin, inside = get_origin(hint), get_args(hint)
    if is_typeddict(hint):
        fields = get_type_hints(hint, include_extras=True)
        wanted = {field: kind for field, kind in fields.items() if get_origin(kind) is not NotRequired}
        return {"__reflex_form_data__": [[field, str(_value(field, kind, ids))] for field, kind in wanted.items()]}
    if origin is Annotated:
        return _value(name, inside[0], ids)
    if origin in (Union, UnionType):
        return _value(name, inside[0], ids)
    if origin is Literal:
        return inside[0]
    if hint is UUID:
        return ids[name]
    if hint is bool:
        return True
    if hint is int:
        return 1
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint)).value
    assert hint is str, f"{name}: say here what a call gives for {hint}."
    return ids.get(name, "1")
