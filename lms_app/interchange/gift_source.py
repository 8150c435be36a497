r"""GIFT as it is written: what each question of the text says, before anything of it is understood.

The grammar is Moodle's (docs.moodle.org, "GIFT format") as the GIFT-grammar-PEG of Fuhrman and others reads it: a blank line ends a question, a
line that begins with `//` is a comment, `\` makes a control character plain. A line break is a space but in HTML and Markdown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

LONGEST = 4_000_000
"""Characters of a file."""
MOST_QUESTIONS = 5_000
MOST_CHOICES = 500

_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_TITLE = re.compile(r"\s*::((?:\\.|(?!::)[^\\])*)::", re.DOTALL)
_CATEGORY = re.compile(r"\$CATEGORY:[ \t]*(.*)")
_ID = re.compile(r"\[id:((?:\\\]|[^\]\x00-\x1f]){1,255})\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]\x00-\x1f]){1,255})\]")
_BRACE = re.compile(r"\\.|([{}])", re.DOTALL)
_ANSWER = re.compile(r"\\.|([=~])", re.DOTALL)
_HASH = re.compile(r"\\.|(#)", re.DOTALL)
_GENERAL = re.compile(r"\\.|(####)", re.DOTALL)
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{0,20})?)%")
_TRUTH = re.compile(r"\s*(TRUE|FALSE|T|F)\s*(?=#|$)", re.IGNORECASE)
_DIGITS = r"[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][+-]?\d{1,3})?"
_NUMBER = re.compile(rf"\s*({_DIGITS})\s*(?:(?:\\?:)\s*({_DIGITS})\s*|\.\.\s*({_DIGITS})\s*)?")
_BLANK = "_____"


@dataclass(frozen=True, kw_only=True)
class GiftText:
    """A text and the format that it is in: `moodle`, `plain`, `html` or `markdown`."""

    format: str
    text: str


@dataclass(frozen=True, kw_only=True)
class GiftNumber:
    """A number (`simple`), one with a margin (`range`), or everything from `low` to `high` (`high-low`)."""

    kind: str
    number: Decimal = Decimal(0)
    margin: Decimal = Decimal(0)
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class GiftChoice:
    """A choice or an answer. It is correct where `=` stands before it; `weight` is in percent, None where none is written.

    `number` is there in numerical questions only, and None there too for `*`, any other number.
    """

    is_correct: bool
    text: GiftText
    weight: Decimal | None = None
    feedback: GiftText | None = None
    number: GiftNumber | None = None


@dataclass(frozen=True, kw_only=True)
class GiftPair:
    """A question in a question and what belongs to it."""

    subquestion: GiftText
    subanswer: str


@dataclass(frozen=True, kw_only=True)
class GiftQuestion:
    """One question. `kind` is the reference parser's word: MC, TF, Short, Numerical, Matching, Essay, Description; or Category.

    `fault` is a sentence where it cannot be read. Of the two feedbacks of a true or false question the first is for who says true.
    """

    kind: str
    line: int
    title: str | None = None
    id: str | None = None
    tags: tuple[str, ...] = ()
    stem: GiftText = GiftText(format="moodle", text="")
    is_embedded: bool = False
    feedback: GiftText | None = None
    choices: tuple[GiftChoice, ...] = ()
    single_number: bool = False
    pairs: tuple[GiftPair, ...] = ()
    is_true: bool = False
    true_feedback: GiftText | None = None
    false_feedback: GiftText | None = None
    fault: str = ""


class _Fault(Exception):
    pass


@dataclass(frozen=True)
class _Piece:
    line: int
    text: str
    comments: tuple[str, ...]


def read_source(text: str) -> Iterator[GiftQuestion]:
    """The questions and categories in order. What cannot be read has a `fault`, and the next begins after the next blank line."""
    for piece in _pieces(text):
        yield _question(piece)


def _pieces(text: str) -> Iterator[_Piece]:
    """The parts of the text between blank lines outside of braces, with the comments that stand before them."""
    lines = text.split("\n")
    comments: list[str] = []
    kept: list[str] = []
    start, depth = 0, 0
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("//"):
            comments.append(line)
            continue
        if not kept and line.lstrip().startswith("$CATEGORY:"):
            yield _Piece(number, line, ())
            comments = []
            continue
        if not line.strip() and kept and (depth <= 0 or _is_unclosed(lines, number)):
            yield _Piece(start, "\n".join(kept), tuple(comments))
            comments, kept, depth = [], [], 0
        elif line.strip() or kept:
            start = start if kept else number
            kept.append(line)
            depth += sum((found[1] == "{") - (found[1] == "}") for found in _BRACE.finditer(line) if found[1])
    if kept:
        yield _Piece(start, "\n".join(kept), tuple(comments))


def _is_unclosed(lines: list[str], at: int) -> bool:
    """Whether the brace that is open at a blank line is not closed before another is opened, within a hundred lines."""
    for line in lines[at : at + 100]:
        if line.lstrip().startswith("//"):
            continue
        first = next((found[1] for found in _BRACE.finditer(line) if found[1]), "")
        if first:
            return first == "{"
    return True


def _question(piece: _Piece) -> GiftQuestion:
    if found := _CATEGORY.match(piece.text.strip()):
        return GiftQuestion(kind="Category", line=piece.line, title=found[1].strip())
    said = "\n".join(piece.comments)
    ids, tags = _ID.findall(said), _TAG.findall(said)
    identity = ids[-1].replace("\\]", "]").strip() if ids else None
    labels = tuple(tag.replace("\\]", "]").strip() for tag in tags)
    title = None
    rest = piece.text
    if found := _TITLE.match(rest):
        title = " ".join(_plain(found[1]).split())
        rest = rest[found.end() :]
    try:
        return _Reader(piece.line, title, identity, labels).question(rest)
    except _Fault as fault:
        return GiftQuestion(kind="Unreadable", line=piece.line, title=title, id=identity, tags=labels, fault=str(fault))


class _Reader:
    """One question after its title."""

    def __init__(self, line: int, title: str | None, identity: str | None, tags: tuple[str, ...]) -> None:
        self._format = "moodle"
        self._line, self._title, self._id, self._tags = line, title, identity, tags

    def question(self, rest: str) -> GiftQuestion:
        if found := _FORMAT.match(rest):
            self._format = found[1].lower()
            rest = rest[found.end() :]
        braces = [(found[1], found.start()) for found in _BRACE.finditer(rest) if found[1]]
        if not braces:
            return self._make("Description", rest, "", "")
        if [brace for brace, _ in braces] != ["{", "}"]:
            raise _Fault("Its braces do not pair: answers stand in one pair of braces, and others are written with a backslash.")
        (_, opening), (_, closing) = braces
        return self._answered(rest[:opening], rest[opening + 1 : closing], rest[closing + 1 :])

    def _answered(self, before: str, inside: str, after: str) -> GiftQuestion:
        general = None
        if found := _first(_GENERAL, inside):
            general = self._text(inside[found[1] :])
            inside = inside[: found[0]]
        more = {"feedback": general if general and general.text else None}
        if not inside.strip():
            return self._make("Essay", before, "{}", after, **more)
        if found := _TRUTH.match(inside):
            is_true = found[1].upper() in ("T", "TRUE")
            said = [self._text(part) for part in _split(_HASH, inside[found.end() :])[1:3]]
            feedbacks = [text if text.text else None for text in said] + [None, None]
            return self._make("TF", before, "{}", after, is_true=is_true, true_feedback=feedbacks[0], false_feedback=feedbacks[1], **more)
        if inside.lstrip().startswith("#"):
            return self._numerical(before, inside.lstrip()[1:], after, more)
        answers = self._answers(inside)
        signs = {sign for sign, _ in answers}
        if signs == {"="} and all("->" in text for _, text in answers):
            return self._make("Matching", before, "{}", after, pairs=tuple(self._pair(text) for _, text in answers), **more)
        choices = tuple(self._choice(sign, text) for sign, text in answers)
        return self._make("MC" if "~" in signs else "Short", before, "{}", after, choices=choices, **more)

    def _numerical(self, before: str, inside: str, after: str, more: dict[str, GiftText | None]) -> GiftQuestion:
        if inside.lstrip()[:1] in ("=", "~"):
            choices = tuple(self._numbered(sign, text) for sign, text in self._answers(inside))
            return self._make("Numerical", before, "{}", after, choices=choices, **more)
        return self._make("Numerical", before, "{}", after, choices=(self._numbered("=", inside),), single_number=True, **more)

    def _answers(self, inside: str) -> list[tuple[str, str]]:
        """Each answer's sign and text."""
        marks = [(found[1], found.start()) for found in _ANSWER.finditer(inside) if found[1]]
        if not marks or inside[: marks[0][1]].strip():
            raise _Fault("Its answers cannot be told apart: each begins with = or ~.")
        if len(marks) > MOST_CHOICES:
            raise _Fault(f"It has more than {MOST_CHOICES} answers.")
        ends = [at for _, at in marks[1:]] + [len(inside)]
        return [(sign, inside[at + 1 : end]) for (sign, at), end in zip(marks, ends, strict=True)]

    def _choice(self, sign: str, text: str) -> GiftChoice:
        weight, text = _weight(text)
        said, feedback = self._said(text)
        return GiftChoice(is_correct=sign == "=", weight=weight, text=self._text(said), feedback=feedback)

    def _numbered(self, sign: str, text: str) -> GiftChoice:
        weight, text = _weight(text)
        said, feedback = self._said(text)
        plain = GiftText(format="plain", text=said.strip())
        if said.strip() in ("", "*"):
            return GiftChoice(is_correct=sign == "=", weight=weight, text=plain, feedback=feedback)
        found = _NUMBER.fullmatch(said)
        if not found:
            raise _Fault(f"“{said.strip()[:60]}” is no number.")
        value = Decimal(found[1])
        if found[3]:
            number = GiftNumber(kind="high-low", low=value, high=Decimal(found[3]))
        elif found[2]:
            number = GiftNumber(kind="range", number=value, margin=Decimal(found[2]))
        else:
            number = GiftNumber(kind="simple", number=value)
        return GiftChoice(is_correct=sign == "=", weight=weight, text=plain, feedback=feedback, number=number)

    def _pair(self, text: str) -> GiftPair:
        left, right = text.split("->", 1)
        return GiftPair(subquestion=self._text(left), subanswer=" ".join(_plain(right).split()))

    def _said(self, text: str) -> tuple[str, GiftText | None]:
        """An answer without its feedback, and that."""
        parts = _first(_HASH, text)
        if parts is None:
            return text, None
        feedback = self._text(text[parts[1] :])
        return text[: parts[0]], feedback if feedback.text else None

    def _make(self, kind: str, before: str, marker: str, after: str, **fields: object) -> GiftQuestion:
        is_embedded = bool(marker and after.strip())
        text = f"{before.strip()} {_BLANK} {after.strip()}" if is_embedded else before
        return GiftQuestion(
            kind=kind,
            line=self._line,
            title=self._title,
            id=self._id,
            tags=self._tags,
            stem=self._formatted(self._format, text),
            is_embedded=is_embedded,
            **fields,  # pyright: ignore[reportArgumentType]
        )

    def _text(self, text: str) -> GiftText:
        """A text in the format that it says, else that of the question."""
        found = _FORMAT.match(text)
        return self._formatted(found[1].lower(), text[found.end() :]) if found else self._formatted(self._format, text)

    def _formatted(self, format_: str, text: str) -> GiftText:
        if format_ in ("html", "markdown"):
            return GiftText(format=format_, text=_plain(text.strip(" \t\n")))
        # A line break that is written out stays one, and one between words is a space.
        return GiftText(format=format_, text=_plain(re.sub(r"[ \t\n]+", " ", text).strip()))


def _weight(text: str) -> tuple[Decimal | None, str]:
    found = _WEIGHT.match(text)
    return (Decimal(found[1]), text[found.end() :]) if found else (None, text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def _first(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    return next(((found.start(), found.end()) for found in pattern.finditer(text) if found[1]), None)


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    """The parts between unescaped marks."""
    marks = [(found.start(), found.end()) for found in pattern.finditer(text) if found[1]]
    starts, ends = [0, *(end for _, end in marks)], [*(start for start, _ in marks), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]
