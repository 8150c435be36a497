"""Logs: one JSON object a line on stderr, without personal data.

Our own code logs an event's name and ids. Libraries put values into their sentences (Reflex an event's payload, drivers a statement's parameters),
so of their records only the place and the kind of error are kept.
"""

import logging
import secrets
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from lms_app.settings import get_settings

OURS = ("lms_app", "workers", "alembic")
"""Loggers whose sentences are free of personal data."""


def configure_logging(level: str | None = None) -> None:
    """Sends structlog and the standard library's logging to stderr as JSON, at the level in the settings. May be called again."""
    level = level or get_settings().log_level
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, _place_of_error, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _only_place, _place_of_error],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer(default=str)],
        )
    )
    # A record that cannot be written would be printed in full.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("reflex", "reflex_base", "_granian", "granian.access"):
        chatty = logging.getLogger(name)
        chatty.handlers[:] = []
        chatty.propagate = True


def report_fault(error: BaseException, **context: Any) -> str:
    """Logs an unexpected error once, with a new reference number, and gives that number to show to the reader."""
    reference = secrets.token_hex(4).upper()
    structlog.get_logger("lms_app.fault").error("fault", reference=reference, exc_info=error, **context)
    return reference


def in_short(error: BaseException) -> str:
    """An error's kind and the last place that it passed. Not its message: that may quote what a person wrote."""
    passed = traceback.extract_tb(error.__traceback__)
    place = f" at {passed[-1].filename.rsplit('/', 1)[-1]}:{passed[-1].lineno}" if passed else ""
    return f"{_kind(error)}{place}"


def _place_of_error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replaces an exception by its type and the places it passed: its message may quote what a person wrote."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = _kind(error)
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)][-12:]
    return event


def _kind(error: BaseException) -> str:
    below = error.__cause__ or error.__context__
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{name} from {_kind(below)}" if below is not None and below is not error else name


def _only_place(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keeps of a library's record only where it came from."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and not record.name.startswith(OURS):
        event["event"] = f"{record.module}:{record.lineno}"
    return event
