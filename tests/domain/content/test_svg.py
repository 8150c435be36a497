"""Drawings made harmless: one test for each way in, and what an honest drawing keeps."""

import pytest

from lms_app.domain.content.svg import MAX_SVG, harmless_svg
from lms_app.errors import Invalid

SPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def written(inside: str, attributes: str = "") -> str:
    """What is left of a drawing with this inside."""
    return harmless_svg(f"<svg {SPACES} {attributes}>{inside}<circle r='7'/></svg>".encode()).data.decode()


ATTACKS = {
    "a script": "<script>alert(1)</script>",
    "a script from elsewhere": "<script xlink:href='https://evil.example/x.js'/>",
    "a script of another namespace": "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>",
    "a handler": "<rect width='9' onclick='alert(1)' onload='alert(1)'/>",
    "a handler in capitals": "<rect width='9' onCLICK='alert(1)'/>",
    "HTML inside": "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><iframe src='https://evil.example'/>alert(1)</body></foreignObject>",
    "a link that runs": "<a href='javascript:alert(1)'><rect width='9'/></a>",
    "a link elsewhere": "<a xlink:href='https://evil.example'><rect width='9'/></a>",
    "a picture from elsewhere": "<image href='https://evil.example/track.png'/>",
    "a picture that is a drawing": "<image href='data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+'/>",
    "a picture that is no picture": "<image href='data:text/html;base64,YWxlcnQoMSk='/>",
    "a part of another drawing": "<use href='https://evil.example/x.svg#a'/><use xlink:href='data:image/svg+xml,alert(1)#a'/>",
    "a fill from elsewhere": "<rect fill='url(https://evil.example/x.svg#a)'/>",
    "a fill in pieces": "<rect style='fill:u/**/rl(https://evil.example/a)'/>",
    "a fill in escapes": "<rect style='fill:\\75 rl(https://evil.example/a)'/>",
    "a style that imports": "<style>@import 'https://evil.example/x.css';</style>",
    "a style that loads": "<style>rect { background: url( 'https://evil.example/a' ) }</style>",
    "a style that loads by a set": "<style>rect { background: image-set('https://evil.example/a' 1x) }</style>",
    "a style that ends early": "<style><![CDATA[</style><script>alert(1)</script>]]></style>",
    "a picture of a filter": "<filter><feImage href='https://evil.example/a.png'/></filter>",
    "an address set later": "<a><set attributeName='href' to='javascript:alert(1)'/><rect width='9'/></a>",
    "a handler set later": "<rect><animate attributeName='onclick' values='alert(1)'/></rect>",
    "a fill set later": "<rect><animate attributeName='fill' values='url(https://evil.example/a)'/></rect>",
    "a frame": "<iframe src='https://evil.example'/><embed src='https://evil.example'/>",
    "a style sheet beside it": "<?xml-stylesheet href='https://evil.example/x.css'?>",
    "a comment": "<!-- alert(1) https://evil.example -->",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_left_that_runs_or_loads(attack: str) -> None:
    left = written(ATTACKS[attack]).lower()
    assert "evil.example" not in left
    for word in ("alert", "javascript", "script", "onclick", "onload", "foreignobject", "@import", "<a ", "<a>", "<iframe", "base64", "\\"):
        assert word not in left, left
    # The rest of the drawing is there.
    assert '<circle r="7">' in left


def test_handlers_of_the_drawing_itself_go() -> None:
    assert "alert" not in written("", "onload='alert(1)' onerror='alert(1)'")


LAUGHS = """<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">
<text>&b;</text></svg>"""
FILE = """<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>"""
ROWS = "".join(f"<g id='g{n}'>" + f"<use href='#g{n - 1}'/>" * 10 + "</g>" for n in range(1, 12))


@pytest.mark.parametrize(
    "source",
    [
        LAUGHS,
        FILE,
        f"<svg {SPACES}><g id='g0'><rect/></g>{ROWS}</svg>",
        f"<svg {SPACES}><g id='me'><use href='#me'/></g></svg>",
        f"<svg {SPACES}>{'<g>' * 3000}{'</g>' * 3000}</svg>",
        f"<svg {SPACES}>{'<g/>' * 100_001}</svg>",
        f"<svg {SPACES}><rect></svg>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><svg xmlns='http://www.w3.org/2000/svg'/></html>",
        "<svg xmlns='http://example.org/another'/>",
        "no XML at all",
        "<svg>" + " " * MAX_SVG + "</svg>",
    ],
    ids=["laughs", "file", "uses in rows", "use of itself", "deep", "many", "broken", "HTML", "another language", "text", "long"],
)
def test_what_hides_something_or_cannot_be_drawn_is_refused_in_a_sentence(source: str) -> None:
    with pytest.raises(Invalid) as refusal:
        harmless_svg(source.encode())
    assert refusal.value.sentence.endswith(".")


def test_a_drawing_as_programs_write_it_keeps_what_is_seen() -> None:
    source = f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with a program -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg {SPACES} xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" width="120px" height="80" viewBox="0 0 120 80" inkscape:version="1.3">
  <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>
  <title>A &amp; B &lt; C</title>
  <style>.a {{ fill: url(#shade); stroke: #123; }}</style>
  <defs><linearGradient id="shade"><stop offset="0" stop-color="red" style="stop-opacity:0.5"/></linearGradient>
  <g id="part"><path d="M0 0h9"/></g></defs>
  <use xlink:href="#part" x="3"/>
  <image href="data:image/png;base64,iVBORw0KGgo=" width="5"/>
  <text x="1" xml:space="preserve">H<tspan baseline-shift="sub">2</tspan>O</text>
  <rect clip-path="url('#c')" fill="url(#shade)"><animate attributeName="x" from="0" to="9" dur="2s"/></rect>
</svg>"""
    drawing = harmless_svg(source.encode())
    left = drawing.data.decode()
    assert (drawing.width, drawing.height) == (120, 80)
    for kept in (
        'xmlns="http://www.w3.org/2000/svg"',
        "<title>A &amp; B &lt; C</title>",
        ".a { fill: url(#shade); stroke: #123; }",
        '<stop offset="0" stop-color="red" style="stop-opacity:0.5">',
        '<use x="3" href="#part">',
        'href="data:image/png;base64,iVBORw0KGgo="',
        'xml:space="preserve">H<tspan baseline-shift="sub">2</tspan>O',
        "clip-path=\"url('#c')\"",
        '<animate attributeName="x" from="0" to="9" dur="2s">',
    ):
        assert kept in left, kept
    assert "inkscape" not in left
    assert "rdf" not in left
    # Made harmless again, it is the same.
    assert harmless_svg(drawing.data).data == drawing.data


def test_a_drawing_without_a_size_has_that_of_its_view_box_or_none() -> None:
    assert (lambda d: (d.width, d.height))(harmless_svg(f"<svg {SPACES} viewBox='0,0 30 20.4'/>".encode())) == (30, 20)
    assert harmless_svg(f"<svg {SPACES} width='100%'/>".encode()).width is None
