"""What a mail of ours looks like: plain text, and HTML of plain tables in the colours of the house. No picture, no script, nothing from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

_GROUND, _SURFACE, _BORDER = "#FAFAFB", "#FFFFFF", "#E2E4EA"
_TEXT, _SECOND, _QUIET, _ACCENT = "#14171F", "#474E5F", "#626A7C", "#2B50C4"
_SANS = "Inter,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_SERIF = "'Source Serif 4',Georgia,'Times New Roman',serif"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that a letter tells: a sentence, when it was, where it leads and the words of that."""

    sentence: str
    link: str = ""
    when: str = ""
    action: str = "Open"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail before it is written down. `why` says why somebody gets it; `ways` are the links under that, as words and address."""

    title: str
    greeting: str = ""
    entries: Sequence[Entry] = ()
    why: str = ""
    ways: Sequence[tuple[str, str]] = field(default_factory=tuple)


def as_text(letter: Letter) -> str:
    """The letter in plain words."""
    parts = [f"{letter.greeting},"] if letter.greeting else []
    for entry in letter.entries:
        when = f" ({entry.when})" if entry.when else ""
        parts.append("\n\n".join(filter(None, (f"{entry.sentence}{when}", entry.link))))
    parts.append("Lyceum")
    if letter.why or letter.ways:
        ways = "\n".join(f"{words}: {address}" for words, address in letter.ways)
        parts.append("\n".join(filter(None, ("-- ", letter.why, ways))))
    return "\n\n".join(parts) + "\n"


def as_html(letter: Letter) -> str:
    """The letter as a document of tables that every mail program lays out alike."""
    alone = len(letter.entries) == 1
    rows = "".join(_entry(entry, alone=alone, first=number == 0) for number, entry in enumerate(letter.entries))
    greeting = _row(f"{escape(letter.greeting)},", _words(15, _TEXT), "0 0 12px") if letter.greeting else ""
    ways = " &middot; ".join(f'<a href="{escape(address)}" style="color:{_QUIET}">{escape(words)}</a>' for words, address in letter.ways)
    foot = "<br>".join(filter(None, (escape(letter.why), ways)))
    return _document(letter.title, greeting + rows, foot)


def _document(title: str, rows: str, foot: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light"><title>{escape(title)}</title></head>'
        f'<body style="margin:0;padding:0;background:{_GROUND}">'
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="{_GROUND}"><tr><td align="center" '
        'style="padding:32px 16px">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">'
        f'<tr><td style="padding:0 0 16px;font:600 19px/24px {_SERIF};color:{_TEXT}">Lyceum</td></tr>'
        f'<tr><td bgcolor="{_SURFACE}" style="padding:28px 28px 24px;background:{_SURFACE};border:1px solid {_BORDER};border-radius:12px">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">'
        f"{rows}</table></td></tr>"
        f'<tr><td style="padding:16px 0 0;font:400 12px/18px {_SANS};color:{_QUIET}">{foot}</td></tr>'
        "</table></td></tr></table></body></html>"
    )


def dressed(title: str, text: str) -> str:
    """The HTML of a mail that was written in plain words: its paragraphs, and a button for each that is an address alone."""
    paragraphs = [each for each in text.strip().split("\n\n") if each != "Lyceum"]
    rows = [_button(Entry(sentence="", link=each)) if each.startswith(("http://", "https://")) else _paragraph(each) for each in paragraphs]
    return _document(title, "".join(rows), "")


def _paragraph(words: str) -> str:
    return _row(escape(words).replace("\n", "<br>"), _words(15, _TEXT), "12px 0 0")


def _entry(entry: Entry, *, alone: bool, first: bool) -> str:
    if alone:
        sentence = _row(escape(entry.sentence), f"font:600 20px/28px {_SERIF};color:{_TEXT}", "0 0 8px")
        return sentence + (_when(entry, "0") if entry.when else "") + (_button(entry) if entry.link else "")
    line = "" if first else f"border-top:1px solid {_BORDER};"
    words = escape(entry.sentence)
    told = f'<a href="{escape(entry.link)}" style="color:{_ACCENT};text-decoration:none">{words}</a>' if entry.link else words
    return _row(told, f"{line}font:400 15px/22px {_SANS};color:{_TEXT}", "12px 0 0" if not first else "4px 0 0") + _when(entry, "0 0 12px")


def _when(entry: Entry, padding: str) -> str:
    return _row(escape(entry.when), _words(13, _SECOND), padding)


def _button(entry: Entry) -> str:
    return (
        '<tr><td style="padding:20px 0 0"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
        f'<td bgcolor="{_ACCENT}" style="border-radius:8px;background:{_ACCENT}"><a href="{escape(entry.link)}" style="display:inline-block;'
        f'padding:11px 20px;font:600 15px/20px {_SANS};color:#FFFFFF;text-decoration:none">{escape(entry.action)}</a></td></tr></table></td></tr>'
    )


def _row(inner: str, style: str, padding: str) -> str:
    return f'<tr><td style="padding:{padding};{style}">{inner}</td></tr>'


def _words(size: int, colour: str) -> str:
    return f"font:400 {size}px/{size + 7}px {_SANS};color:{colour}"
