"""Text in any script, set into a box of a PDF page: broken into lines, fitted, drawn.

What is copied should be what was written. Runs that go right carry their text as `/ActualText`. PDFium, Poppler and MuPDF take every text
for visual order and turn what goes left round themselves, so there each glyph says its own characters (`ToUnicode`) as they are seen. That
copies right in all of them but for vowel points, which PDFium and Poppler set apart from their letters.
"""
# pyright: reportAttributeAccessIssue=false
# reportlab comes without types.

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from reportlab.pdfgen.canvas import Canvas

from lms_app.adapters.pdf_fonts import Face, open_face
from lms_app.adapters.pdf_shaping import BOX_ADVANCE, Glyph, Line, Writing, clean

_ONE_LINE_DOWN_TO = 0.7


@dataclass(frozen=True)
class Setting:
    """Text that has found its size and lines. `size` and `leading` in points."""

    lines: tuple[Line, ...]
    size: float
    leading: float
    right_to_left: bool = False

    @property
    def height(self) -> float:
        return self.leading * len(self.lines)


def set_text(text: str, *, cut: str, width: float, height: float, size: float, least: float, language: str = "en") -> Setting:
    """The text in the largest size, at most `size`, at which it fits the box (all in points).

    One line is preferred while it need not shrink below 70 %; further lines are made equally wide. What does not fit at the least size ends
    in an ellipsis.
    """
    writing = Writing(clean(text), cut, language)
    if not writing.text:
        return Setting((), size, 0)
    whole = writing.line(0, len(writing.clusters))
    snug = min(size, width / max(whole.width, 0.01))
    if snug >= max(least, size * _ONE_LINE_DOWN_TO):
        return Setting((whole,), snug, snug * writing.leading, writing.is_right_to_left)
    trial = max(least, size * 0.85)
    while True:
        room = max(1, int(height / (trial * writing.leading)))
        starts = wrap(writing, width / trial)
        if len(starts) <= room:
            lines = balanced(writing, width / trial, len(starts))
            break
        if trial <= least:
            lines = [writing.line(a, b) for a, b in pairwise(starts)][: room - 1]
            lines.append(writing.shortened(starts[room - 1], width / trial))
            break
        trial = max(least, trial - 0.5)
    fitting = min(trial, *(width / max(line.width, 0.01) for line in lines))
    return Setting(tuple(lines), fitting, fitting * writing.leading, writing.is_right_to_left)


def wrap(writing: Writing, limit: float) -> list[int]:
    """Where each line begins when lines are filled up to `limit` ems. A word that is too long is cut between graphemes."""
    starts = [0]
    stops = writing.breaks[1:]
    i = 0
    while i < len(stops):
        begin = starts[-1]
        if writing.width_between(begin, stops[i]) <= limit:
            i += 1
        elif i and stops[i - 1] > begin:
            starts.append(stops[i - 1])
        else:
            cut = writing.most_that_fits(begin, stops[i], limit)
            i += cut == stops[i]
            if cut < len(writing.clusters):
                starts.append(cut)
    return starts


def balanced(writing: Writing, limit: float, count: int) -> list[Line]:
    """As many lines as before, in the narrowest measure that still holds them."""
    low, high = limit / count / 2, limit
    while high - low > limit / 100:
        middle = (low + high) / 2
        if len(wrap(writing, middle)) <= count:
            high = middle
        else:
            low = middle
    return [writing.line(a, b) for a, b in pairwise([*wrap(writing, high), len(writing.clusters)])]


def draw(canvas: Canvas, setting: Setting, *, left: float, top: float, width: float, align: str = "left") -> None:
    """Draw the lines downwards from `top`, in the canvas's fill colour. Lines that go left end flush at their right."""
    slack = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    measure = max((line.width for line in setting.lines), default=0)
    for number, line in enumerate(setting.lines):
        x = left + (width - measure * setting.size) * slack
        x += (measure - line.width) * setting.size * (1.0 if setting.right_to_left else slack)
        baseline = top - setting.leading * number - (setting.leading - setting.size) / 2 - setting.size * 0.76
        for run in line.runs:
            if run.face and run.glyphs:
                break_space = " " if line.goes_on and run is line.runs[-1] else ""
                actual = "" if run.level % 2 else run.text + break_space
                draw_marked(canvas, actual, partial(draw_glyphs, canvas, run.face, run.glyphs, x, baseline, setting.size))
            elif not run.face:
                for number, box in enumerate(run.glyphs):
                    box_x = x + number * BOX_ADVANCE * setting.size
                    draw_marked(canvas, box.says, partial(draw_box, canvas, box_x, baseline, setting.size))
            x += run.width * setting.size


def draw_marked(canvas: Canvas, actual: str, drawing: Callable[[], None]) -> None:
    """Draw something that stands for this text; for what its glyphs say, if the text is empty."""
    if actual:
        canvas.addLiteral(f"/Span << /ActualText <feff{actual.encode('utf-16-be').hex()}> >> BDC")
    drawing()
    if actual:
        canvas.addLiteral("EMC")


def draw_glyphs(canvas: Canvas, face: Face, glyphs: Iterable[Glyph], x: float, baseline: float, size: float) -> None:
    """Draw glyphs where HarfBuzz put them.

    Written as one `TJ` array while the height does not change, because readers take each array for a word of its own when they copy.
    (reportlab can write shaped text too, but loses count of the rise when two marks follow each other.)
    """
    size *= face.scale
    document = canvas._doc
    operators = [f"BT 1 0 0 1 {x:.4f} {baseline:.4f} Tm"]
    array: list[str] = []
    font, rise, owed = "", 0.0, 0.0
    for glyph in glyphs:
        face.drawer.say(canvas, glyph.char, glyph.says)
        ((subset, code),) = face.drawer.splitString(glyph.char, document)
        own_font = face.drawer.getSubsetInternalName(subset, document)
        own_rise = glyph.dy
        if own_font != font or own_rise != rise:
            if array:
                operators.append(f"[{' '.join(array)}] TJ")
                array = []
            if own_font != font:
                operators.append(f"{own_font} {size:.4f} Tf")
            if own_rise != rise:
                operators.append(f"{own_rise * size / 1000:.4f} Ts")
            font, rise = own_font, own_rise
        owed += glyph.dx
        if abs(owed) > 0.01:
            array.append(f"{-owed:.2f}")
        array.append(f"<{code.hex()}>")
        owed = glyph.advance - face.nominal(glyph.char) - glyph.dx
    operators.append(f"[{' '.join(array)}] TJ")
    if rise:
        operators.append("0 Ts")
    canvas.addLiteral(" ".join([*operators, "ET"]))


def draw_box(canvas: Canvas, x: float, baseline: float, size: float) -> None:
    """The sign for a character that no font has. An invisible space stands in it, for the copied text to hang on."""
    canvas.saveState()
    canvas.setStrokeColor(canvas._fillColorObj)
    canvas.setLineWidth(size * 0.045)
    canvas.rect(x + size * 0.08, baseline, size * (BOX_ADVANCE - 0.16), size * 0.66, stroke=1, fill=0)
    text = canvas.beginText(x, baseline)
    text.setFont(open_face("Text").drawer.fontName, size)
    text.setTextRenderMode(3)
    text.textOut(" ")
    canvas.drawText(text)
    canvas.restoreState()
