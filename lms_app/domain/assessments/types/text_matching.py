"""Whether a learner's text is what the author meant: exactly, with `*` for anything, or by a pattern.

Texts are compared in a normal form: NFKC, invisible characters and curly quotes made plain, white space trimmed and collapsed, then by wish
case-folded and without accents.

Patterns run on RE2, whose time grows with the length of the text and never faster, so that no pattern an author writes (or a course brings along)
can hold up the server: back references and look-around, which would need more, are refused when the question is saved. Memory is bounded too.
"""

import re
import unicodedata
from typing import Protocol, cast

import re2  # pyright: ignore[reportMissingTypeStubs]

LONGEST_ANSWER = 1000
LONGEST_PATTERN = 500

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "‟": '"'})
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u064b-\u0652\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
_ANYTHING, _STAR = "\ue000", "\ue001"
_MEMORY = 4 << 20
_RefusedPattern = cast(type[Exception], re2.error)  # pyright: ignore[reportUnknownMemberType]


def normalise(text: str, *, case_sensitive: bool, ignore_accents: bool) -> str:
    """The form in which texts are compared. Normalising twice changes nothing."""
    plain = _plain(text, ignore_accents=ignore_accents)
    if not case_sensitive:
        # Folding can leave what NFKC composes and the other way round (ͅ, ΐ): once more settles it.
        plain = _plain(_plain(plain.casefold(), ignore_accents=ignore_accents).casefold(), ignore_accents=ignore_accents)
    return " ".join(plain.split())


def matches_wildcard(text: str, pattern: str, *, case_sensitive: bool, ignore_accents: bool) -> bool:
    r"""Whether the whole text is the pattern, where `*` stands for anything, nothing included, and `\*` for a star."""
    marked = pattern.replace("\\*", _STAR).replace("*", _ANYTHING)
    pieces = [piece.replace(_STAR, "*") for piece in normalise(marked, case_sensitive=case_sensitive, ignore_accents=ignore_accents).split(_ANYTHING)]
    given = normalise(text, case_sensitive=case_sensitive, ignore_accents=ignore_accents)
    if len(pieces) == 1:
        return given == pieces[0]
    first, *middle, last = pieces
    if len(given) < len(first) + len(last) or not given.startswith(first) or not given.endswith(last):
        return False
    at, end = len(first), len(given) - len(last)
    for piece in middle:
        found = given.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def matches_pattern(text: str, pattern: str, *, case_sensitive: bool, ignore_accents: bool) -> bool:
    """Whether the whole text matches an RE2 pattern. Raises ValueError with a sentence for a pattern that `check_pattern` refuses.

    Case is left to RE2, because folding a pattern would change what `\\S` means.
    """
    given = normalise(text, case_sensitive=True, ignore_accents=ignore_accents)
    return _compiled(pattern, case_sensitive=case_sensitive, ignore_accents=ignore_accents).fullmatch(given) is not None


def check_pattern(pattern: str) -> str:
    """The pattern, if it can be used. Raises ValueError with a sentence."""
    _compiled(pattern, case_sensitive=False, ignore_accents=True)
    _compiled(pattern, case_sensitive=False, ignore_accents=False)
    return pattern


class _Pattern(Protocol):
    def fullmatch(self, text: str) -> object | None: ...


def _compiled(pattern: str, *, case_sensitive: bool, ignore_accents: bool) -> _Pattern:
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"A pattern may have {LONGEST_PATTERN} characters at most.")
    options = re2.Options()
    options.case_sensitive = case_sensitive
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return cast(_Pattern, re2.compile(_plain(pattern, ignore_accents=ignore_accents), options))  # pyright: ignore[reportUnknownMemberType]
    except _RefusedPattern as error:
        reason: object = error.args[0] if error.args else ""
        said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise ValueError(f"This pattern cannot be used: {said}. Back references and look-around are not supported.") from error


def _plain(text: str, *, ignore_accents: bool) -> str:
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).translate(_QUOTES))
    if ignore_accents:
        plain = unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", plain)))
    return plain
