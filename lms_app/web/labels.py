"""Who may call a handler, and what a call must look like. Every public method of a State can be called by anybody who can open a socket."""

import inspect
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, create_model
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY, FormData, transform_form_data
from typing_extensions import is_typeddict

from lms_app.domain.actor import Actor
from lms_app.words import Role

F = TypeVar("F", bound=Callable[..., Any])

_LABEL = "lyceum_audience"
_CODE_0 = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who may call: everybody, whoever is signed in, accounts with one of some roles, or only our own handlers."""

    name: str
    roles: frozenset[Role] = frozenset(Role)
    visitors: bool = False
    clients: bool = True

    def admits(self, actor: Actor | None) -> bool:
        """Whether this person may call."""
        return self.visitors or (actor is not None and bool(self.roles & actor.roles))


anyone = Audience(name="anyone", visitors=True)
signed_in = Audience(name="signed in")
the_server = Audience(name="the server", visitors=True, clients=False)


def allow(*who: Audience | Role) -> Callable[[F], F]:
    """Labels a handler with who may call it: `anyone`, `signed_in`, `the_server`, or one or more roles. It does not wrap it."""
    if len(who) == 1 and isinstance(who[0], Audience):
        audience = who[0]
    else:
        roles = frozenset(role for role in who if isinstance(role, Role))
        if not roles or len(roles) != len(who):
            raise TypeError("allow() takes roles, or one of: anyone, signed_in, the_server.")
        audience = Audience(name=", ".join(sorted(roles)), roles=roles)

    def label(handler: F) -> F:
        setattr(handler, _LABEL, audience)
        return handler

    return label


def audience_of(handler: Any) -> Audience | None:
    """The handler's label, if it has one."""
    return getattr(handler, _LABEL, None)


class Payload:
    """The shape of a handler's arguments. Anything missing, unknown or of another type is refused, and nothing is guessed.

    Forms are the exception: their fields arrive as text, so numbers, dates and the like are read from it.
    """

    def __init__(self, handler: Callable[..., Any]) -> None:
        parameters = list(inspect.signature(handler).parameters.values())[1:]
        hints = typing.get_type_hints(handler, include_extras=True)
        untyped = [p.name for p in parameters if p.name not in hints or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
        if untyped:
            raise TypeError(f"{handler.__qualname__}: arguments need a type: {', '.join(untyped)}")
        self._hints = {p.name: _closed(hints[p.name]) for p in parameters}
        fields: dict[str, Any] = {p.name: (self._hints[p.name], ... if p.default is p.empty else p.default) for p in parameters}
        self._model: type[BaseModel] = create_model(
            f"{handler.__qualname__}.Payload", __config__=ConfigDict(extra="forbid", arbitrary_types_allowed=True), **fields
        )

    def read(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The arguments, of their declared types. Raises ValueError (pydantic's ValidationError is one)."""
        read = dict(payload)
        is_form = False
        for name, value in payload.items():
            if isinstance(value, dict) and FORM_DATA_ENTRIES_KEY in value:
                is_form = True
                read[name] = _fields(value, self._hints.get(name))
        try:
            written = orjson.dumps(read)
        except TypeError as fault:
            # Halves of characters, numbers beyond 64 bits, a hundred lists in one another.
            raise ValueError("not JSON") from fault
        if _CODE_0.search(written):
            raise ValueError("a text with a character that the database does not keep")
        model = self._model.model_validate_json(written, strict=not is_form)
        return {name: getattr(model, name) for name in model.model_fields_set}


def _fields(value: dict[str, Any], hint: Any) -> dict[str, Any]:
    """A submitted form as a dict. Raises ValueError when a field that takes one value came twice."""
    entries = value[FORM_DATA_ENTRIES_KEY]
    if len(value) != 1 or not isinstance(entries, list) or not all(isinstance(e, list) and len(e) == 2 and isinstance(e[0], str) for e in entries):
        raise ValueError("not a form")
    plain = transform_form_data(value, hint)
    return dict(plain) if isinstance(plain, FormData) else plain


def _closed(hint: Any) -> Any:
    """A TypedDict that takes no unknown keys; any other type unchanged."""
    if is_typeddict(hint) and not hasattr(hint, "__pydantic_config__"):
        hint.__pydantic_config__ = ConfigDict(extra="forbid")
    return hint
