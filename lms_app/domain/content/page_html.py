"""Stored HTML of an import, made ready for a page: references resolved, headings named, wide things given a box of their own."""

from html import escape
from html.parser import HTMLParser
from typing import Final

from lms_app.domain.content.html_writing import HeadingNames, Link, missing_media, missing_picture, outside_link, scroll_box
from lms_app.domain.content.references import is_outside
from lms_app.domain.content.sanitising import clean
from lms_app.domain.content.tags import VOID

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}


def page_html(html: str, link: Link, headings: HeadingNames) -> str:
    """The HTML for a page. It is sanitised on the way, whatever was stored."""
    writer = _Rewriter(link, headings)
    writer.feed(clean(html))
    writer.close()
    return "".join(writer.parts)


def heading_levels(html: str) -> set[int]:
    """Levels of the headings in sanitised HTML."""
    return {level for tag, level in HEADINGS.items() if f"<{tag}>" in html or f"<{tag} " in html}


class _Rewriter(HTMLParser):
    """Copies sanitised HTML, in which every element is closed in order, tag by tag. All text and attributes are escaped again."""

    def __init__(self, link: Link, headings: HeadingNames) -> None:
        super().__init__(convert_charrefs=True)
        self.link = link
        self.headings = headings
        self.parts: list[str] = []
        self.links = 0
        self.player: _Player | None = None
        self.heading: _Heading | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self.player is not None:
            if tag == "source":
                self.player.add(given.get("src", ""))
        elif tag in {"video", "audio"}:
            self.player = _Player(tag, given.get("title", ""), self.link)
            self.player.add(given.get("src", ""))
        elif tag in HEADINGS and self.heading is not None:
            self.heading.nested += 1
            self.parts.append("<b>")
        elif tag in HEADINGS:
            self.heading = _Heading(self.headings.level(HEADINGS[tag]), given, len(self.parts))
            self.parts.append("")
        elif tag == "img":
            self.parts.append(self._image(given))
        elif tag == "a":
            self.links += 1
            self.parts.append(f"<a{self._link(given)}>")
        elif tag == "table":
            self.parts.append(scroll_box("Table") + _tag(tag, given))
        else:
            scrolls = tag == "pre" or (tag == "math" and given.get("display") == "block")
            self.parts.append(_tag(tag, given | ({"tabindex": "0"} if scrolls else {})))

    def handle_endtag(self, tag: str) -> None:
        if self.player is not None:
            if tag == self.player.tag:
                self.parts.append(self.player.html(in_link=self.links > 0))
                self.player = None
        elif tag in HEADINGS and self.heading is not None:
            self._end_heading(self.heading)
        elif tag not in VOID:
            self.links -= tag == "a"
            self.parts.append("</table></div>" if tag == "table" else f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.player is None:
            self.parts.append(escape(data, quote=False))
            if self.heading is not None:
                self.heading.text.append(data)

    def _end_heading(self, heading: "_Heading") -> None:
        if heading.nested:
            heading.nested -= 1
            self.parts.append("</b>")
            return
        text = " ".join("".join(heading.text).split())
        anchor = self.headings.anchor(text, heading.level, heading.given.get("id", "")) if text else heading.given.get("id", "")
        self.parts[heading.place] = _tag(f"h{heading.level}", heading.given | ({"id": anchor} if anchor else {}))
        self.parts.append(f"</h{heading.level}>")
        self.heading = None

    def _image(self, given: dict[str, str]) -> str:
        source, alt = given.get("src", ""), given.get("alt", "")
        if is_outside(source):
            # Pictures from elsewhere would tell their host who reads what, so they are named and linked, not loaded.
            return escape(alt) if self.links else outside_link(source, alt, "Picture")
        address = self.link(source) if source else None
        if not address:
            return missing_picture(alt)
        return _tag("img", given | {"src": address, "alt": alt, "loading": "lazy"})

    def _link(self, given: dict[str, str]) -> str:
        address = self.link(given.get("href", ""))
        kept = {name: value for name, value in given.items() if name != "href"}
        if not address:
            return _attributes(kept | ({"class": "ly-dead"} if "href" in given else {}))
        return _attributes(kept | {"href": address} | ({"rel": "noopener noreferrer"} if is_outside(address) else {}))


class _Heading:
    """A heading being copied: its tag is written when its text is known."""

    def __init__(self, level: int, given: dict[str, str], place: int) -> None:
        self.level = level
        self.given = given
        self.place = place
        self.text: list[str] = []
        self.nested = 0


class _Player:
    """A video or sound being copied: its sources are gathered, what it holds besides is not shown."""

    def __init__(self, tag: str, title: str, link: Link) -> None:
        self.tag = tag
        self.title = title
        self.link = link
        self.sources: list[str] = []
        self.outside: list[str] = []

    def add(self, source: str) -> None:
        if is_outside(source):
            self.outside.append(source)
        elif source and (address := self.link(source)):
            self.sources.append(address)

    def html(self, *, in_link: bool) -> str:
        kind = "Video" if self.tag == "video" else "Recording"
        if self.sources:
            inside = "".join(f'<source src="{escape(source)}">' for source in self.sources)
            name = f' aria-label="{escape(self.title)}"' if self.title else ""
            return f'<{self.tag} class="ly-media" controls preload="metadata"{name}>{inside}</{self.tag}>'
        if self.outside and not in_link:
            return outside_link(self.outside[0], self.title, kind)
        return missing_media(kind, self.title)


def _tag(tag: str, given: dict[str, str]) -> str:
    return f"<{tag}{_attributes(given)}>"


def _attributes(given: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in given.items())
