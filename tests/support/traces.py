"""Searching files for words in every form in which a program may have written them."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote


def forms(word: str) -> set[bytes]:
    """A word as UTF-8, UTF-16, base64 at each of the three offsets, JSON-escaped, URL-escaped, hexadecimal; also in lower and upper case."""
    found: set[bytes] = set()
    for variant in {word, word.lower(), word.upper()}:
        plain = [variant.encode(), variant.encode("utf-16-le"), variant.encode("utf-16-be"), json.dumps(variant)[1:-1].encode()]
        found.update(plain)
        found.update(part for text in plain for part in _base64(text))
        found.update(encoded for text in plain for encoded in (text.hex().encode(), text.hex().upper().encode()))
        found.update({quote(variant).encode(), quote(variant, safe="@").encode()})
    return found


def traces(words: Iterable[str], *places: Path) -> Iterator[tuple[str, Path]]:
    """Each word and each file below `places` that holds it in some form."""
    sought = {word: forms(word) for word in words}
    for place in places:
        for path in [place] if place.is_file() else (path for path in place.rglob("*") if path.is_file() and not path.is_symlink()):
            data = path.read_bytes()
            yield from ((word, path) for word, shapes in sought.items() if any(shape in data for shape in shapes))


def _base64(text: bytes) -> Iterator[bytes]:
    """What of the word's base64 does not depend on its neighbours, for each place that it may begin at in a group of three bytes."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + text)
        start = (0, 2, 3)[offset]
        end = len(encoded) - (0, 4, 4)[(offset + len(text)) % 3]
        if end - start >= 8:
            yield encoded[start:end]
            yield encoded[start:end].replace(b"+", b"-").replace(b"/", b"_")
