"""Every HTTP route that takes an id, as the application has it, and a well-formed request to each: what a new route brings is in."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import httpx
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel

from lms_app.adapters import tokens
from lms_app.api.browser import app as browser
from lms_app.api.browser import attempts
from lms_app.api.v1 import app as v1
from tests.support.people import SignedIn
from tests.support.web import WebServer

ANSWER = {"type": "true_false", "response": {"value": True}, "sequence": 9}
QUERY = {"digest": "0" * 64, "against": "newest"}
KNOWN = ("points", "attempts_allowed", "enrollment_id")
"""Fields that a request may leave out, and these do not."""


def call_every_route(server: WebServer, who: SignedIn | None, ids: Mapping[str, str]) -> dict[str, httpx.Response]:
    """What each route answers somebody who asks with these ids, by method and path."""
    answers: dict[str, httpx.Response] = {}
    headers = {"Origin": server.url, "X-Lyceum": "1", "X-Question": ids["question_id"], "X-File-Name": "a.txt"}
    if who is not None:
        program = tokens.sign(login_id=who.login_id, person_id=who.actor.person_id, audience=tokens.Audience.PROGRAM)
        headers |= {"Cookie": who.cookie, "Authorization": f"Bearer {program}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as client:
        for place, routers in (("/v", browser.ROUTERS), ("/api/v1", v1.ROUTERS)):
            for route in _with_ids(routers):
                path = place + route.path_format.format(**{name: ids[name] for name in route.param_convertors})
                version = ids["revision_id"] if {"page_id", "question_id"} & set(route.param_convertors) else "0"
                for method in sorted(route.methods):
                    body = {} if method in ("GET", "DELETE") else {"json": _body(route, ids)}
                    answers[f"{method} {place}{route.path}"] = client.request(
                        method, path, params=QUERY, headers={"If-Match": f'"{version}"'}, **body
                    )
        for plain in attempts.RUSHED:
            path = "/v" + plain.path_format.format(**{name: ids[name] for name in plain.param_convertors})
            for method in plain.methods or ():
                answers[f"{method} /v{plain.path_format}"] = client.request(method, path, json=ANSWER if method == "PUT" else {})
    return answers


def read_every_route(server: WebServer, who: SignedIn | None, places: Iterable[Mapping[str, str]], queries: Iterable[Mapping[str, str]]) -> str:
    """All that the routes say which only read, of every address that can be made of these ids, asked also with those of the queries that it knows."""
    headers = {"Origin": server.url, "X-Lyceum": "1"}
    if who is not None:
        program = tokens.sign(login_id=who.login_id, person_id=who.actor.person_id, audience=tokens.Audience.PROGRAM)
        headers |= {"Cookie": who.cookie, "Authorization": f"Bearer {program}"}
    reading = [(place, route) for place, routers in (("/v", browser.ROUTERS), ("/api/v1", v1.ROUTERS)) for route in _reading(routers)]
    asked = {
        (place + route.path_format.format(**{name: ids[name] for name in route.param_convertors}), tuple(query.items()))
        for place, route in reading
        for ids in places
        for query in ({}, *queries)
        if query.keys() <= {parameter.name for parameter in route.dependant.query_params}
    }
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as client:
        return "\n".join(_written(client.get(path, params={**QUERY, **dict(query)})) for path, query in sorted(asked))


def _reading(routers: Iterable[APIRouter]) -> list[APIRoute]:
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute) and "GET" in route.methods]


def _written(answer: httpx.Response) -> str:
    """An answer with its headers; of a file that is an archive (workbooks are) all that is in it."""
    assert answer.status_code < 500, (answer.url, answer.text)
    if not answer.content.startswith(b"PK"):
        return f"{answer.headers} {answer.text}"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def _with_ids(routers: Iterable[APIRouter]) -> list[APIRoute]:
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    return [route for route in routes if any(name.endswith("_id") for name in route.param_convertors)]


def _body(route: APIRoute, ids: Mapping[str, str]) -> Any:
    hints = get_type_hints(route.endpoint)
    models = [each for name, hint in hints.items() if name != "return" for each in (hint, *get_args(hint)) if _is_model(each)]
    return _value("", models[0], ids) if models else ANSWER


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _value(name: str, hint: Any, ids: Mapping[str, str]) -> Any:
    origin, inside = get_origin(hint), get_args(hint)
    if name in ("type", "response"):
        return ANSWER[name]
    if origin is Annotated:
        return _value(name, inside[0], ids)
    if origin in (Union, UnionType):
        return _value(name, next(each for each in inside if each is not type(None)), ids)
    if origin is Literal:
        return inside[0]
    if origin in (list, tuple):
        return []
    if origin is dict:
        return {}
    if _is_model(hint):
        return {field: _value(field, info.annotation, ids) for field, info in hint.model_fields.items() if info.is_required() or field in KNOWN}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint)).value
    if hint is UUID:
        return ids[name]
    if hint is bool:
        return True
    if hint in (int, Decimal):
        return 1
    assert hint is str, f"{name}: say here what a request gives for {hint}."
    return "1"
