"""Text in any script as glyphs: which face, which order, which shape. Lengths are in ems unless said otherwise.

Direction follows the Unicode Bidirectional Algorithm, shape comes from HarfBuzz, the face is chosen for each grapheme by its cmap.
"""
# pyright: reportAttributeAccessIssue=false
# reportlab and uharfbuzz come without types.

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby, pairwise

import uharfbuzz
from xhtml2pdf.bidi import bidi_class, display_order, mirrored

from lms_app.adapters.pdf_fonts import (
    EAST_ASIAN,
    FIRST_EAST_ASIAN,
    WIDE,
    Face,
    candidates,
    is_ignorable,
    kind_of,
    open_face,
    script_of,
)

LONGEST = 600
"""Characters of one text that are drawn. A name or title is far shorter; a longer one ends in an ellipsis."""

ELLIPSIS = "…"
BOX_ADVANCE = 0.78
_BIDI_STEERING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_NO_BREAK_BEFORE = "、。，．）」』】》〉〕！？：；ー々…·’”%)]}!?,.:;»"
_NO_BREAK_AFTER = "（「『【《〈〔“‘([{«"
_BREAK_AFTER = "-‐–—/_"
_VIRAMA = 9
_JOINER = "\u200d"


@dataclass(frozen=True)
class Glyph:
    """One glyph as reportlab knows it; lengths in thousandths of an em."""

    char: str
    advance: float
    dx: float
    dy: float
    char_index: int
    """Of the first character, in the text of its run, that it stands for."""

    says: str
    """Those characters; empty where a neighbour says them."""


@dataclass(frozen=True)
class Run:
    """Neighbours of one face and direction with their glyphs from left to right. Without a face every glyph is a box."""

    face: Face | None
    level: int
    glyphs: tuple[Glyph, ...]
    text: str

    @cached_property
    def width(self) -> float:
        unit = self.face.scale / 1000 if self.face else 1
        return sum(glyph.advance for glyph in self.glyphs) * unit


@dataclass(frozen=True)
class Line:
    """One line: its runs from left to right."""

    runs: tuple[Run, ...]
    goes_on: bool = False
    """Whether a space at its end stands for the break to the next line."""

    @cached_property
    def width(self) -> float:
        return sum(run.width for run in self.runs)


@dataclass(frozen=True)
class Writing:
    """A text with its graphemes, their faces and its direction, ready to be broken into lines."""

    text: str
    cut: str
    language: str = "en"

    @cached_property
    def clusters(self) -> list[str]:
        return graphemes(self.text)

    @cached_property
    def scripts(self) -> list[str]:
        return [script_of(cluster[0]) for cluster in self.clusters]

    @cached_property
    def faces(self) -> list[Face | None]:
        """The face of each cluster: one for the whole script if any has all of it, else one by one; None where no face has it."""
        chosen: list[Face | None] = [None] * len(self.clusters)
        for script in dict.fromkeys(self.scripts):
            places = [i for i, own in enumerate(self.scripts) if own == script and own]
            options = [open_face(name) for name in candidates(script, self.cut)]
            whole = next((face for face in options if all(face.covers(self.clusters[i]) for i in places)), None)
            for i in places:
                chosen[i] = whole or next((face for face in options if face.covers(self.clusters[i])), None)
        for i, cluster in enumerate(self.clusters):
            if not self.scripts[i]:
                chosen[i] = self._face_of_common(cluster, chosen[i - 1] if i else None, chosen[i + 1 :])
        return chosen

    def _face_of_common(self, cluster: str, before: Face | None, after: list[Face | None]) -> Face | None:
        """Spaces, digits and punctuation follow their neighbours where these have them."""
        following = next((face for face in after if face), None)
        for face in (before, following):
            if face is not None and face.covers(cluster):
                return face
        names = [self.cut, WIDE] + ([EAST_ASIAN] if ord(cluster[0]) >= FIRST_EAST_ASIAN else [])
        return next((face for face in map(open_face, names) if face.covers(cluster)), None)

    @cached_property
    def is_right_to_left(self) -> bool:
        """Whether the first strong character says so (rules P2 and P3)."""
        strong = next((kind for kind in map(bidi_class, self.text) if kind in {"L", "R", "AL"}), "L")
        return strong != "L"

    @cached_property
    def leading(self) -> float:
        return max((face.leading for face in self.faces if face), default=open_face(self.cut).leading)

    @cached_property
    def uncovered(self) -> list[str]:
        """What kinds of characters no face has, one entry for each cluster."""
        kinds = []
        for cluster, face in zip(self.clusters, self.faces, strict=True):
            if face is None:
                kinds.append(kind_of(cluster[0]))
        return kinds

    @cached_property
    def breaks(self) -> list[int]:
        """Cluster indices before which a line may begin, with the start and the end of the text."""
        found = [0]
        for i in range(1, len(self.clusters)):
            left, right = self.clusters[i - 1], self.clusters[i]
            if right == " " or right[0] in _NO_BREAK_BEFORE or left[0] in _NO_BREAK_AFTER:
                continue
            if left == " " or left in _BREAK_AFTER or is_ideograph(left) or is_ideograph(right):
                found.append(i)
        return [*found, len(self.clusters)]

    @cached_property
    def _edges(self) -> list[float]:
        """How far the text has come before each cluster, shaped as a whole; one more entry for its end."""
        widths = [0.0] * len(self.clusters)
        for run, start in self._shaped_runs(self.clusters, self.faces, self.scripts):
            sizes = [len(cluster) for cluster in self.clusters[start:]]
            owner = [start + i for i, size in enumerate(sizes) for _ in range(size)]
            for glyph in run.glyphs:
                widths[owner[glyph.char_index]] += glyph.advance * (run.face.scale / 1000 if run.face else 1)
        return [0.0, *accumulate(widths)]

    def width_between(self, start: int, end: int) -> float:
        """About how wide a line of these clusters would be (their forms may differ a little at the ends of a line)."""
        while end > start and self.clusters[end - 1] == " ":
            end -= 1
        return self._edges[end] - self._edges[start]

    def most_that_fits(self, start: int, end: int, limit: float) -> int:
        """The end of the longest piece of these clusters that fits; at least one cluster."""
        low, high = start + 1, end
        while low < high:
            middle = (low + high + 1) // 2
            if self.width_between(start, middle) <= limit:
                low = middle
            else:
                high = middle - 1
        return low

    def line(self, start: int, end: int) -> Line:
        """The clusters from start to end as one line, without the spaces at its end."""
        visible = end
        while visible > start and self.clusters[visible - 1] == " ":
            visible -= 1
        runs = self._runs(self.clusters[start:visible], self.faces[start:visible], self.scripts[start:visible])
        return Line(runs, goes_on=visible < end)

    def shortened(self, start: int, limit: float) -> Line:
        """The last line that fits: as much as there is room for, then an ellipsis."""
        dots = open_face(self.cut)
        end = self.most_that_fits(start, len(self.clusters), limit)
        while True:
            runs = self._runs([*self.clusters[start:end], ELLIPSIS], [*self.faces[start:end], dots], [*self.scripts[start:end], ""])
            line = Line(runs)
            if line.width <= limit or end <= start:
                return line
            end -= 1

    def _runs(self, clusters: list[str], faces: list[Face | None], scripts: list[str]) -> tuple[Run, ...]:
        return tuple(in_visual_order([run for run, _ in self._shaped_runs(clusters, faces, scripts)]))

    def _shaped_runs(self, clusters: list[str], faces: list[Face | None], scripts: list[str]) -> Iterator[tuple[Run, int]]:
        """The runs in logical order, each with the index of its first cluster."""
        _, levels = display_order("".join(clusters), "R" if self.is_right_to_left else "L")
        kinds = []
        at, script = 0, ""
        for cluster, face, own_script in zip(clusters, faces, scripts, strict=True):
            script = own_script or script
            kinds.append((face, levels[at], script))
            at += len(cluster)
        start = 0
        for (face, level, _), group in groupby(kinds):
            end = start + len(list(group))
            yield self._shaped(face, level, clusters[start:end]), start
            start = end

    def _shaped(self, face: Face | None, level: int, clusters: list[str]) -> Run:
        text = "".join(clusters)
        leftwards = level % 2 == 1
        if face is not None:
            return Run(face, level, tuple(shape(face, text, leftwards=leftwards, language=self.language)), text)
        starts = accumulate((len(cluster) for cluster in clusters[:-1]), initial=0)
        boxes = [Glyph("", BOX_ADVANCE, 0, 0, start, cluster) for start, cluster in zip(starts, clusters, strict=True)]
        return Run(None, level, tuple(reversed(boxes) if leftwards else boxes), text)


def shape(face: Face, text: str, *, leftwards: bool, language: str) -> list[Glyph]:
    """The glyphs of a text of one face, script and direction, from left to right."""
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(text)
    buffer.direction = "rtl" if leftwards else "ltr"
    buffer.language = language
    buffer.guess_segment_properties()
    uharfbuzz.shape(face.shaper, buffer)
    shapes = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    starts = sorted({info.cluster for info, _ in shapes})
    spans = {start: text[start:end] for start, end in pairwise([*starts, len(text)])}
    widest = {info.cluster: i for i, (info, place) in sorted(enumerate(shapes), key=lambda shape: shape[1][1].x_advance)}
    glyphs = []
    for i, (info, place) in enumerate(shapes):
        says = spans[info.cluster] if widest[info.cluster] == i else ""
        glyphs.append(
            Glyph(
                face.glyph_chars[info.codepoint],
                place.x_advance,
                place.x_offset,
                place.y_offset,
                info.cluster,
                in_drawn_order(says) if leftwards else says,
            )
        )
    return glyphs


def in_drawn_order(text: str) -> str:
    """What stands in a run that goes left, as it is seen from left to right."""
    return "".join(mirrored(char, 1) for char in reversed(text))


def clean(text: str) -> str:
    """The text as it is set: composed, on one line, without control characters and without marks that override its direction."""
    composed = unicodedata.normalize("NFC", text).translate(_BIDI_STEERING)
    spaced = re.sub(r"\s+", " ", composed)
    kept = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cs"}).strip()
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1].rstrip() + ELLIPSIS


def graphemes(text: str) -> list[str]:
    """The text cut into what a reader takes for one character: a letter with its marks, a conjunct, a joined emoji."""
    clusters: list[str] = []
    for char in text:
        joins = (
            clusters
            and clusters[-1] != " "
            and (
                unicodedata.category(char)[0] == "M"
                or is_ignorable(char)
                or clusters[-1][-1] == _JOINER
                or unicodedata.combining(clusters[-1][-1]) == _VIRAMA
            )
        )
        if joins:
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def is_ideograph(cluster: str) -> bool:
    """Whether lines may break beside it without a space."""
    return ord(cluster[0]) >= FIRST_EAST_ASIAN and script_of(cluster[0]) in {"CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "FULLWIDTH"}


def in_visual_order(runs: list[Run]) -> list[Run]:
    """Rule L2 of the bidirectional algorithm: from the highest level down, reverse what stands at it or above."""
    ordered = list(runs)
    for level in range(max((run.level for run in runs), default=0), 0, -1):
        i = 0
        while i < len(ordered):
            end = i
            while end < len(ordered) and ordered[end].level >= level:
                end += 1
            ordered[i:end] = reversed(ordered[i:end])
            i = max(end, i + 1)
    return ordered
