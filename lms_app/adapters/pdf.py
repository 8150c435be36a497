"""A certificate as one landscape A4 page.

xhtml2pdf lays the page out from `certificate.html`: frames, order, sizes, colours. It does not set the text: its own text engine forms no
conjuncts and kerns nothing. Instead the template has three elements of ours, `<lytext>`, `<lyground>` and `<lyqr>`, which become ordinary
flowables in xhtml2pdf's story and draw with `pdf_text` and `pdf_ornament` on the same canvas. So there is one document and one pass, the
reading order is the order of the template, and what people typed never enters markup: the template only names it.
"""

import io
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from reportlab import rl_config
from reportlab.lib.colors import Color
from reportlab.lib.units import toLength
from reportlab.platypus.flowables import Flowable
from xhtml2pdf import parser
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.document import pisaDocument
from xhtml2pdf.tags import pisaTag

from lms_app.adapters.pdf_ornament import ACCENTS, Accent, draw_ground, draw_qr
from lms_app.adapters.pdf_shaping import Writing, clean
from lms_app.adapters.pdf_text import Setting, draw, set_text

TEMPLATE = Path(__file__).with_name("certificate.html")
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
WORDS = {
    "kind": "Certificate of completion",
    "certifies": "This certifies that",
    "completed": "has completed the course",
    "score": "with a score of {score}",
    "issued_label": "Issued",
    "code_label": "Certificate code",
    "check": "Check it at {address}",
    "notice": "Boxes stand for characters that the fonts of this page do not have.",
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_one_at_a_time = threading.Lock()
_log = structlog.get_logger(__name__)

rl_config.invariant = 1
"""Equal sheets make equal files: no clock and no random id goes into them."""


@dataclass(frozen=True)
class Plan:
    """Every text of one page by the name that the template knows it by."""

    texts: dict[str, str]
    address: str
    language: str
    issued_on: date
    accent: Accent


def render(
    *,
    person: str,
    course: str,
    institution: str,
    signatory: str,
    signatory_title: str,
    issued_on: date,
    code: str,
    verification_url: str,
    language: str = "en",
    score: str | None = None,
    heading: str = "",
    certifies: str = "",
    completed: str = "",
    colour: str = "blue",
) -> bytes:
    """The PDF file of a certificate; equal arguments always give equal bytes.

    Texts may be in any script and hold any character. `issued_on` is a day of the run's zone; `language` (BCP 47) picks regional letter
    forms; `score` is printed as it is, for example `92 %`. `heading`, `certifies` and `completed` stand in the place of our own words; `colour` is
    one of pdf_ornament.ACCENTS. A character that none of our fonts has is drawn as a box, a line on the page says so, and a warning is logged with
    the names of scripts, never with the text. Nothing is fetched: xhtml2pdf may read neither files nor addresses. Takes the process's only
    renderer, some 40 ms of work.
    """
    given = {
        "person": clean(person),
        "course": clean(course),
        "institution": clean(institution),
        "signatory": clean(signatory) or clean(institution),
        "signatory_title": clean(signatory_title),
        "code": clean(code),
        "score": WORDS["score"].replace("{score}", clean(score)) if score else "",
    }
    chosen = {"kind": clean(heading), "certifies": clean(certifies), "completed": clean(completed)}
    given |= {name: words for name, words in chosen.items() if words}
    accent = ACCENTS.get(colour, ACCENTS["blue"])
    out = io.BytesIO()
    with _one_at_a_time:
        plan = Plan(
            texts=standing_words(issued_on, verification_url) | given | {"notice": notice(given)},
            address=verification_url,
            language=language if _LANGUAGE.fullmatch(language) else "en",
            issued_on=issued_on,
            accent=accent,
        )
        result = pisaDocument(
            template(accent.text),
            out,
            encoding="utf-8",
            link_callback=refuse,
            resource_policy=ResourceAccessPolicy.server(None, allow_remote=False),
            context_meta={"title": f"{plan.texts['kind']}: {given['course']}", "author": given["institution"], "plan": plan},
        )
    if result.err:
        raise RuntimeError("The certificate template could not be laid out.")
    return out.getvalue()


def standing_words(issued_on: date, address: str) -> dict[str, str]:
    """What the page says of itself."""
    words = {name: WORDS[name] for name in ("kind", "certifies", "completed", "issued_label", "code_label")}
    words["issued"] = f"{issued_on.day} {MONTHS[issued_on.month - 1]} {issued_on.year}"
    words["check"] = WORDS["check"].replace("{address}", address)
    return words


def notice(texts: dict[str, str]) -> str:
    """The line that explains boxes, if there are any; then they are logged as well."""
    uncovered = Counter(kind for text in texts.values() for kind in Writing(text, "Text").uncovered)
    if not uncovered:
        return ""
    _log.warning("certificate_characters_without_font", kinds=dict(uncovered))
    return WORDS["notice"]


@lru_cache(maxsize=len(ACCENTS))
def template(colour: str) -> bytes:
    """The page, its heading in a colour such as `#2b50c4`."""
    return TEMPLATE.read_bytes().replace(b"#accent", colour.encode())


def refuse(uri: str, _base: str | None) -> str:
    """Called by xhtml2pdf for whatever the page refers to. The page refers to nothing."""
    raise ValueError(f"The certificate template may not load {uri!r}.")


@contextmanager
def sole_renderer() -> Iterator[None]:
    """While it lasts no certificate is drawn in this process. Whatever draws many pages calls `give_way` between them."""
    with _one_at_a_time:
        yield


def give_way() -> None:
    """Within `sole_renderer`: lets a certificate that waits be drawn first."""
    _one_at_a_time.release()
    try:
        time.sleep(0.001)
    finally:
        _one_at_a_time.acquire()


class TextBox(Flowable):
    """Set text as a block of the page: as wide as its frame, as tall as its lines, never taller than `room` (points)."""

    def __init__(self, text: str, *, cut: str, size: float, least: float, room: float, color: Color, align: str, language: str) -> None:
        super().__init__()
        self.text, self.cut, self.size, self.least, self.room = text, cut, size, least, room
        self.color, self.align, self.language = color, align, language
        self.setting = Setting((), size, 0)

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        self.width = aW
        self.setting = set_text(self.text, cut=self.cut, width=self.width, height=self.room, size=self.size, least=self.least, language=self.language)
        self.height = self.setting.height
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setFillColor(self.color)
        draw(self.canv, self.setting, left=0, top=self.height, width=self.width, align=self.align)


class Ground(Flowable):
    """The decoration of the whole page, wherever it stands in the template; sets the date of the file too."""

    def __init__(self, issued_on: date, accent: Accent) -> None:
        super().__init__()
        self.issued_on, self.accent = issued_on, accent

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.canv.setDateFormatter(lambda *_: f"D:{self.issued_on:%Y%m%d}000000Z")
        self.canv.setViewerPreference("DisplayDocTitle", "true")
        x, y = self.canv.absolutePosition(0, 0)
        self.canv.translate(-x, -y)
        draw_ground(self.canv, self.accent)


class Qr(Flowable):
    """The address of the public check as a QR code."""

    def __init__(self, address: str, side: float) -> None:
        super().__init__()
        self.address, self.width, self.height = address, side, side

    def draw(self) -> None:
        draw_qr(self.canv, self.address, self.width)


class TextTag(pisaTag):
    """`<lytext says="…" cut="…" least="…" room="…">`: CSS gives size, colour, alignment and margins. An empty text takes no room."""

    def start(self, c: Any) -> None:
        plan: Plan = c.meta["plan"]
        text = plan.texts[self.node.getAttribute("says")]
        if not text:
            return
        size = c.frag.fontSize
        c.addPara()
        c.addStory(
            TextBox(
                text,
                cut=self.node.getAttribute("cut"),
                size=size,
                least=float(self.node.getAttribute("least") or size),
                room=toLength(self.node.getAttribute("room") or f"{size * 1.6}"),
                color=c.frag.textColor,
                align=("left", "center", "right")[c.frag.alignment if c.frag.alignment in {0, 1, 2} else 0],
                language=plan.language,
            )
        )


class GroundTag(pisaTag):
    """`<lyground>`"""

    def start(self, c: Any) -> None:
        plan: Plan = c.meta["plan"]
        c.addStory(Ground(plan.issued_on, plan.accent))


class QrTag(pisaTag):
    """`<lyqr side="…">`"""

    def start(self, c: Any) -> None:
        c.addPara()
        c.addStory(Qr(c.meta["plan"].address, toLength(self.node.getAttribute("side"))))


# xhtml2pdf looks a tag's class up among the names of its parser module, under pisaTag and the tag's name in capitals.
parser.pisaTagLYTEXT = TextTag  # pyright: ignore[reportAttributeAccessIssue]
parser.pisaTagLYGROUND = GroundTag  # pyright: ignore[reportAttributeAccessIssue]
parser.pisaTagLYQR = QrTag  # pyright: ignore[reportAttributeAccessIssue]
