"""Why a start cannot go on, in a sentence for whoever started it."""

from pathlib import Path


class CannotStart(Exception):
    """The launcher gives up with this sentence; `details` are the last lines of what failed."""

    def __init__(self, sentence: str, details: str = "") -> None:
        super().__init__(f"{sentence}\n{details.strip()}" if details.strip() else sentence)
        self.sentence = sentence
        self.details = details.strip()


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for a message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except FileNotFoundError:
        return ""
