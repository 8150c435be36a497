"""What islands share. The scripts that import it ask for its address here, so that it stands where they look."""

from lms_app.web.island_files import beside

ISLAND_PARTS = beside("island_parts.jsx")
