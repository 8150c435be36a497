"""How names of people are put in order and found, whatever script and accents they are written with."""

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f]")

# Letters that are no letter with a mark to Unicode, by where readers of English look for them.
_LETTERS = str.maketrans({"æ": "ae", "ð": "d", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th"})


def plain(name: str) -> str:
    """A name in small letters without accents, as it is sorted and searched by: "Émeline" and "emeline" are one."""
    small = name.casefold()
    if small.isascii():
        return small
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", small))).translate(_LETTERS)
