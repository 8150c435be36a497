"""XML that a stranger wrote: read without entities, document types, network, or bottomless nesting."""

import http.server
import threading
from pathlib import Path

import pytest

from lms_app.errors import Invalid
from lms_app.interchange.xml import MAX_BYTES, NotWellFormed, parse_xml

BILLION_LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]><l>&j;</l>"
)


def refusal(source: str | bytes) -> str:
    with pytest.raises(Invalid) as refused:
        parse_xml(source if isinstance(source, bytes) else source.encode(), "problem/x.xml")
    assert not isinstance(refused.value, NotWellFormed)
    return refused.value.sentence


def test_billion_laughs_are_refused() -> None:
    assert "document type" in refusal(BILLION_LAUGHS)


@pytest.mark.parametrize("prolog", ["", "\n\n  ", '<?xml version="1.0"?>', "<!-- a -->", '<?xml version="1.0"?><!-- <a> --><?pi x?>\n', "\ufeff"])
def test_a_document_type_is_found_whatever_stands_before_it(prolog: str) -> None:
    assert "document type" in refusal(f"{prolog}<!DOCTYPE x><x/>")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_document_type_is_found_in_other_encodings(encoding: str) -> None:
    source = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert "document type" in refusal(mark + source.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "utf-32", "rot13", "x-none"])
def test_an_encoding_that_could_hide_something_is_refused(encoding: str) -> None:
    assert "encoding" in refusal(f'<?xml version="1.0" encoding="{encoding}"?><x/>')


def test_nothing_is_fetched(tmp_path: Path) -> None:
    asked: list[str] = []

    class Witness(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = http.server.HTTPServer(("127.0.0.1", 0), Witness)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    refusal(f'<!DOCTYPE x SYSTEM "{address}/dtd"><x/>')
    refusal(f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}/entity">]><x>&e;</x>')
    root = parse_xml(
        f'<x xmlns:xi="http://www.w3.org/2001/XInclude"><?xml-stylesheet href="{address}/style"?><xi:include href="{address}/include"/></x>'.encode(),
        "x",
    )
    server.shutdown()
    assert asked == []
    assert "passwd" not in "".join(root.itertext())


def test_deep_nesting_is_refused() -> None:
    assert "too deep" in refusal("<a>" * 150 + "</a>" * 150)
    with pytest.raises(Invalid):
        parse_xml(b"<a>" * 100_000 + b"</a>" * 100_000, "x")


def test_a_giant_file_is_refused() -> None:
    assert "too large" in refusal(b"<a>" + b" " * MAX_BYTES + b"</a>")


@pytest.mark.parametrize("source", ["", "   ", "plain", "<a>", "<a></b>", "<a>\x00</a>", "<a>&nosuchthing;</a>", "<!-- never closed"])
def test_what_is_no_xml_says_so(source: str) -> None:
    with pytest.raises(NotWellFormed) as refused:
        parse_xml(source.encode(), "problem/x.xml")
    assert "problem/x.xml" in refused.value.sentence


def test_the_named_characters_of_html_are_read_and_markup_stays_escaped() -> None:
    assert parse_xml(b"<a>5&nbsp;&euro; &lt; &amp;copy;</a>", "x").text == "5\u00a0€ < &copy;"


def test_latin_1_is_read_as_declared() -> None:
    assert parse_xml('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"), "x").text == "é"
