"""`python -m lms_app`: every command. A module with commands has `register(app)` and a line here."""

import importlib

import typer

MODULES = (
    "lms_app.launcher.commands",
    "lms_app.demo.commands",
    "lms_app.account_commands",
    "lms_app.course_commands",
    "lms_app.question_commands",
    "lms_app.job_commands",
    "lms_app.mail_commands",
    "lms_app.analysis_commands",
    "lms_app.analytics_commands",
)

app = typer.Typer(help="Lyceum, an online learning management system.", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)

for name in MODULES:
    importlib.import_module(name).register(app)
