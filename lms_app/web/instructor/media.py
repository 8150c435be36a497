"""The script that chooses and sends files of a course, for the islands that use it."""

from lms_app.web.island_files import beside

PICKER = beside("media_picker.jsx")
