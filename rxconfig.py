"""How Reflex builds the pages. What differs between two installations is in lms_app/settings.py, read when serving."""

import reflex as rx
from reflex.constants import StateManagerMode

from lms_app.web.looks import TokensPlugin
from lms_app.web.same_origin import SameOriginPlugin

config = rx.Config(
    app_name="lms_app",
    plugins=[SameOriginPlugin(), TokensPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # Serving replaces the memory manager by the sealed one on Redis (lms_app/web/serving.py); a build needs none.
    state_manager_mode=StateManagerMode.MEMORY,
    # Nobody else's pages may call us; the Origin of sockets and writes is checked against the Host in lms_app/api/walls.py.
    cors_allowed_origins=[],
    redis_token_expiration=43200,
    # How long a handler may hold its tab's state, in ms. In a rush it waits for a free connection of the database meanwhile.
    redis_lock_expiration=30000,
    transport="websocket",
    # The reference of the REST API: its files are copied beside the pages (lms_app/launcher/pages.py), no page imports them.
    frontend_packages=["swagger-ui-dist@5.35.0"],
)
