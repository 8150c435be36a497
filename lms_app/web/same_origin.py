"""One build serves any host, port and scheme: the pages connect to the address that they were loaded from.

Reflex bakes `api_url` into the bundle and, on plain HTTP, keeps its port. This build plugin rewrites the one function that
turns the baked address into the socket's address. It fails the build when that function no longer looks as expected.
"""

from typing import Unpack

from reflex_base.plugins import Plugin
from reflex_base.plugins.base import PreCompileContext

CLIENT = "utils/state.js"
ANCHOR = "  const endpoint = new URL(url_str);\n"
REWRITTEN = (
    ANCHOR
    + """  if (typeof window !== "undefined") {
    const secure = window.location.protocol === "https:";
    const socket = endpoint.protocol.startsWith("ws");
    return new URL(
      endpoint.pathname,
      `${socket ? (secure ? "wss:" : "ws:") : window.location.protocol}//${window.location.host}`,
    );
  }
"""
)


def follow_page_address(client: str) -> str:
    """Reflex's client script with `getBackendURL` answering by the page's own address. Raises ValueError when it has changed."""
    if REWRITTEN in client:
        return client
    if client.count(ANCHOR) != 1:
        raise ValueError("Reflex's state.js has changed: look at getBackendURL again, then at lms_app/web/same_origin.py.")
    return client.replace(ANCHOR, REWRITTEN)


class SameOriginPlugin(Plugin):
    """Makes the built pages follow the address that they were loaded from."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Rewrite the client script of this build."""
        context["add_modify_task"](CLIENT, follow_page_address)
