"""The wire tests' site with the state that shows a person what reaches them: an open page without its looks."""

from lms_app.web.viewer_state import ViewerState
from tests.wire.site import app

__all__ = ["ViewerState", "app"]
