from lms_app.web.island_files import beside

_PARTS = [beside("media_picker.jsx")]
