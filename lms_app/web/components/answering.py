"""The scripts with which a question is answered: by who sits a quiz, and by who tries a question out."""

from lms_app.web.island_files import beside

PARTS = [
    beside(name)
    for name in (
        "answer_fields.jsx",
        "answer_gaps.jsx",
        "answer_hotspot.jsx",
        "answer_ordering.jsx",
        "answer_parts.jsx",
        "answer_writing.jsx",
    )
]
