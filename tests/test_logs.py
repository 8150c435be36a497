"""Logs hold what helps to find a fault, and nothing about people."""

import json
import subprocess
import sys
import textwrap

PRIVATE = "ada@example.org"


def logged(program: str) -> list[dict[str, object]]:
    """What a process that logs as ours do writes to stderr while it runs `program`."""
    start = "import logging, structlog\nfrom lms_app.logs import configure_logging, report_fault\nconfigure_logging()\n"
    result = subprocess.run([sys.executable, "-c", start + textwrap.dedent(program)], capture_output=True, text=True, check=True)
    assert PRIVATE not in result.stderr
    return [json.loads(line) for line in result.stderr.splitlines()]


def test_our_lines_are_json_with_their_values() -> None:
    (line,) = logged("structlog.get_logger('lms_app.somewhere').info('job_done', ms=3)")
    assert line["event"] == "job_done"
    assert line["ms"] == 3
    assert line["logger"] == "lms_app.somewhere"
    assert line["level"] == "info"


def test_of_a_librarys_line_only_the_place_is_kept() -> None:
    lines = logged(f"""
        logging.getLogger("reflex.app").warning("Failed to deserialize event data: {PRIVATE}")
        logging.getLogger("sqlalchemy.pool").error("parameters %s", "{PRIVATE}")
    """)
    assert [(line["logger"], line["level"]) for line in lines] == [("reflex.app", "warning"), ("sqlalchemy.pool", "error")]
    assert all(line["event"] == "<string>:" + str(number) for number, line in enumerate(lines, start=5))


def test_a_line_that_cannot_be_written_does_not_spill_what_it_would_have_said() -> None:
    assert logged(f"""logging.getLogger("reflex.app").warning("%d", "{PRIVATE}")""") == []


def test_a_fault_is_logged_once_by_its_reference_with_places_but_no_message() -> None:
    (line,) = logged(f"""
        try:
            try:
                raise KeyError("{PRIVATE}")
            except KeyError as below:
                raise ValueError("nobody is called {PRIVATE}") from below
        except ValueError as error:
            report_fault(error, handler="load")
    """)
    assert line["event"] == "fault"
    assert len(str(line["reference"])) == 8
    assert line["error"] == "builtins.ValueError from builtins.KeyError"
    assert line["at"] == ["<string>:9 <module>"]


def test_an_exception_logged_by_a_library_loses_its_message_too() -> None:
    (line,) = logged(f"""
        try:
            raise RuntimeError("{PRIVATE}")
        except RuntimeError:
            logging.getLogger("reflex.app").exception("went wrong")
    """)
    assert line["error"] == "builtins.RuntimeError"
