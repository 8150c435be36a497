"""Looks at certificates: what is drawn where, and what HarfBuzz alone would have drawn."""

import lzma
from collections.abc import Sequence

import pypdfium2
import uharfbuzz
from PIL import Image, ImageChops, ImageFilter

from lms_app.adapters.pdf_fonts import FOLDER

SCALE = 3
POINTS_PER_MM = 72 / 25.4


class Sheet:
    """A rendered certificate, opened."""

    def __init__(self, data: bytes) -> None:
        self.document = pypdfium2.PdfDocument(data)
        self.page = self.document[0]
        self.words = self.page.get_textpage()
        self.text = self.words.get_text_bounded().replace("\r\n", "\n")
        self.picture = self.page.render(scale=SCALE).to_pil().convert("RGB")

    def line_after(self, line: str) -> str:
        """The text from the end of one line to the beginning of the next one that the template writes."""
        return self.text.split(line + "\n", 1)[1]

    def between(self, above: str, below: str) -> str:
        """What can be copied between two sentences of the template, on one line."""
        return " ".join(self.line_after(above).split(below)[0].split())

    def band(self, above: str, below: str) -> Image.Image:
        """The ink of the text column between two sentences, in grey, cut to what is drawn."""
        top = self._edges(above)[0]
        bottom = self._edges(below)[1]
        height = self.page.get_height()
        left, right = 23.5 * POINTS_PER_MM, 203 * POINTS_PER_MM
        area = self.picture.crop((int(left * SCALE), int((height - top) * SCALE) + 2, int(right * SCALE), int((height - bottom) * SCALE) - 2))
        return trimmed(ImageChops.invert(area.convert("L")))

    def _edges(self, sentence: str) -> tuple[float, float]:
        """The lower and the upper edge of a sentence in points from the foot of the page."""
        found = self.words.search(sentence).get_next()
        assert found is not None, f"{sentence!r} is not on the page"
        boxes = [self.words.get_charbox(found[0] + i, loose=False) for i in range(found[1])]
        return min(box[1] for box in boxes), max(box[3] for box in boxes)


def harfbuzz_ink(text: str, face: str, *, width: int, shaped: bool = True) -> Image.Image:
    """The text as HarfBuzz draws it with one of our fonts, read from its file, so many pixels wide; unshaped: one glyph after the other."""
    font = uharfbuzz.Font(uharfbuzz.Face(lzma.decompress((FOLDER / f"{face}.ttf.xz").read_bytes())))
    if shaped:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer)
        glyphs = [
            (info.codepoint, place.x_advance, place.x_offset, place.y_offset)
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]
    else:
        numbers = [font.get_nominal_glyph(ord(char)) or 0 for char in text]
        glyphs = [(number, font.get_glyph_h_advance(number), 0, 0) for number in numbers]
    coarse = rasterised(font, glyphs, scale=0.2)
    return rasterised(font, glyphs, scale=0.2 * width / coarse.width)


def rasterised(font, glyphs: Sequence[tuple[int, int, int, int]], *, scale: float) -> Image.Image:
    pen = uharfbuzz.RasterDraw()
    x = 0
    for number, advance, dx, dy in glyphs:
        pen.transform = (scale, 0, 0, scale, (x + dx) * scale, dy * scale)
        pen.draw_glyph(font, number)
        x += advance
    image = pen.render()
    extents = image.extents
    grey = Image.frombytes("L", (extents.width, extents.height), bytes(image.buffer), "raw", "L", extents.stride)
    return trimmed(grey.transpose(Image.Transpose.FLIP_TOP_BOTTOM))


def trimmed(grey: Image.Image) -> Image.Image:
    """The picture cut to its ink, the darkest of it brought to 255."""
    darkest = grey.getextrema()[1]
    grey = grey.point(lambda level: level * 255 // darkest)
    box = grey.point(lambda level: 255 if level > 60 else 0).getbbox()
    assert box is not None, "nothing is drawn"
    return grey.crop(box)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """From 0 to 1: how much ink of each lies within two pixels of ink of the other; 0 if one is 3 % taller."""
    if abs(one.height / other.height - 1) > 0.03:
        return 0.0
    size = (max(one.width, other.width) + 4, max(one.height, other.height) + 4)
    one, other = on_canvas(one, size), on_canvas(other, size)
    return min(share_near(one, other), share_near(other, one))


def on_canvas(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("L", size)
    canvas.paste(picture, (2, 2))
    return canvas


def share_near(ink: Image.Image, other: Image.Image) -> float:
    near = ImageChops.darker(ink, other.filter(ImageFilter.MaxFilter(5)))
    return amount(near) / amount(ink)


def amount(ink: Image.Image) -> int:
    return sum(level * count for level, count in enumerate(ink.histogram()))
