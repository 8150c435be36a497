"""What the figures of islands mean. The scripts that import it ask for its address here, so that it stands where they look."""

from lms_app.web.island_files import beside

FIGURE_NOTES = beside("figure_notes.jsx")
