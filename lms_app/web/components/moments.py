"""What islands ask the server again by when the time of something comes."""

from lms_app.web.island_files import beside

MOMENTS = beside("moments.jsx")
