"""How a course's certificate is worded and coloured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

COLOURS: Final = ("blue", "green", "plum", "red", "grey")
LONGEST: Final = 120


@dataclass(frozen=True, kw_only=True)
class CertificateTemplate:
    """An author's words in the place of ours, "" where ours stand: the heading, what stands before the name, and before the course. `colour` is
    one of COLOURS."""

    heading: str = ""
    certifies: str = ""
    completed: str = ""
    colour: str = COLOURS[0]


def template_of(stored: Mapping[str, object]) -> CertificateTemplate:
    """The template that `stored` describes, as far as it does: words on one line, not too long, and a colour that there is."""
    words = {name: " ".join(str(stored.get(name) or "").split())[:LONGEST] for name in ("heading", "certifies", "completed")}
    colour = str(stored.get("colour") or "")
    return CertificateTemplate(**words, colour=colour if colour in COLOURS else COLOURS[0])
