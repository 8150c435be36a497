"""Assembles the application: pages, Guard, error handler, routes, live task. Nothing else."""

from lms_app.api import walls
from lms_app.api.app import surround
from lms_app.api.browser.attempts import RUSHED
from lms_app.api.shortcut import shortcut
from lms_app.web import errors, live
from lms_app.web.failure import failure_boundary
from lms_app.web.guard import Guard, answer_exception
from lms_app.web.looks import looks
from lms_app.web.routes import add_pages
from lms_app.web.serving import Lyceum

app = Lyceum(
    **looks(),
    # Reflex's toasts and connection notices would come with every page; the shells have their own.
    toaster=None,
    app_wraps={(55, "ErrorBoundary"): failure_boundary},
    backend_exception_handler=answer_exception,
    frontend_exception_handler=errors.note_browser_error,
)
app.add_middleware(Guard())
app.register_lifespan_task(live.listen)
app.serve_with(surround, lambda inner: walls.protect(shortcut(inner, RUSHED, prefix="/v")))
add_pages(app)
