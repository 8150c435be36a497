"""`python -m lms_app`."""

from lms_app.cli import app

app(prog_name="python -m lms_app")
