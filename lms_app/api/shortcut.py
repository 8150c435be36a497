"""A way around the pages' application for the few addresses that a whole hall asks for at once: what lies between the walls and a handler there costs
as much as saving an answer."""

from collections.abc import Iterable
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from lms_app.api.problems import answer_http, answer_invalid, answer_refusal
from lms_app.api.walls import Asgi, Receive, Scope, Send
from lms_app.errors import LmsError


def shortcut(inner: Asgi, routes: Iterable[Route], *, prefix: str) -> Asgi:
    """`inner`, which has these routes too under `prefix`, with their requests answered at once. Refusals are answered as there; what is unexpected
    is left to the walls."""
    direct = tuple(Route(f"{prefix}{route.path}", route.endpoint, methods=list(route.methods or ())) for route in routes)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(prefix) and scope["method"] != "GET":
            for route in direct:
                match, found = route.matches(scope)
                if match is Match.FULL:
                    request = Request({**scope, **found}, receive)
                    await (await _answer(route, request))(scope, receive, send)
                    return
        await inner(scope, receive, send)

    return app


async def _answer(route: Route, request: Request) -> Response:
    endpoint: Any = route.endpoint
    try:
        return await endpoint(request)
    except LmsError as error:
        return answer_refusal(request, error)
    except RequestValidationError as error:
        return answer_invalid(request, error)
    except HTTPException as error:
        return answer_http(request, error)
