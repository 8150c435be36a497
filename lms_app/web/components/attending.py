"""What counts the seconds that a tab is attended to: a part of islands."""

from lms_app.web.island_files import beside

ATTENDING = beside("attending.jsx")
