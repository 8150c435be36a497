"""HTML as well-formed XML, for formats that want it inside theirs."""

from lxml import etree

from lms_app.interchange.html_tree import escaped, parse_html


def as_xml(html: str) -> str:
    """The HTML with every element closed and every character that XML does not have left out."""
    plain = "".join(letter for letter in html if letter in "\t\n\r" or ord(letter) >= 0x20)
    body = parse_html(plain)
    return escaped(body.text) + "".join(etree.tostring(child, encoding="unicode") for child in body)
