"""A pasted list of e-mail addresses, with names and groups beside them where there are columns for these. Pure."""

import csv
import io
from dataclasses import dataclass

MOST_LINES = 1000
LONGEST_CELL = 300

_HEADS = {
    "email": ("email", "e-mail", "mail", "e-mail address", "email address", "address"),
    "name": ("name", "full name", "student", "student name"),
    "group": ("group", "section", "class", "team"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line with an address. `number` counts the lines of the text from 1; `email` is as it was written."""

    number: int
    email: str
    name: str = ""
    group: str = ""


class TooLong(ValueError):
    """There are more lines than can be taken at once."""


def read(text: str) -> list[Line]:
    """The lines of a list, empty ones passed over. Cells are parted by commas, semicolons or tabs; a first line of headings says which column is
    which, else the first cell with an @ is the address, then the name, then the group. `Ada Lovelace <ada@example.org>` is a name and an address.
    Raises TooLong."""
    clean = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    rows = csv.reader(io.StringIO(clean), delimiter=_delimiter(clean))
    heads: dict[str, int] | None = None
    lines: list[Line] = []
    first = True
    try:
        for row in rows:
            cells = [cell.strip()[:LONGEST_CELL] for cell in row]
            if not any(cells):
                continue
            if any("\n" in cell and "@" in cell for cell in row):
                # A quotation mark that nothing closes takes the lines after it into its cell.
                lines.append(Line(number=rows.line_num, email=" ".join(" ".join(cells).split())[:LONGEST_CELL]))
            elif first and (found := _heads(cells)):
                heads = found
            elif len(lines) >= MOST_LINES:
                raise TooLong
            else:
                lines.append(_line(rows.line_num, cells, heads))
            first = False
    except csv.Error:
        lines.append(Line(number=rows.line_num, email=""))
    return lines


def _delimiter(text: str) -> str:
    """What parts the cells of most lines."""
    lines = text.split("\n")
    return max("\t;,", key=lambda character: sum(character in line for line in lines))


def _heads(cells: list[str]) -> dict[str, int]:
    found = {name: place for place, cell in enumerate(cells) for name, words in _HEADS.items() if cell.casefold() in words}
    return found if "email" in found else {}


def _line(number: int, cells: list[str], heads: dict[str, int] | None) -> Line:
    if heads is None:
        place = next((place for place, cell in enumerate(cells) if "@" in cell), 0)
        rest = [cell for other, cell in enumerate(cells) if other != place]
        email, name, group = cells[place], *(*rest, "", "")[:2]
    else:
        email, name, group = (cells[heads[head]] if head in heads and heads[head] < len(cells) else "" for head in ("email", "name", "group"))
    if email.endswith(">") and "<" in email:
        before, _, inside = email[:-1].rpartition("<")
        email, name = inside.strip(), name or before.strip().strip('"').strip()
    return Line(number=number, email=email, name=" ".join(name.split()), group=" ".join(group.split()))
