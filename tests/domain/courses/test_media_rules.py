"""What a file is by its content, whatever its name or its sender say."""

import pytest

from lms_app.domain.courses import media_rules
from lms_app.domain.courses.media_rules import checked_vtt, clean_name, decoded, kind_of, recognise, renamed
from lms_app.errors import Invalid

FTYP = b"\0\0\0\x20ftyp"
HONEST = [
    ("a.png", b"\x89PNG\r\n\x1a\n", "image/png"),
    ("a.JPG", b"\xff\xd8\xff\xe0", "image/jpeg"),
    ("a.gif", b"GIF89a", "image/gif"),
    ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    ("a.avif", FTYP + b"avif\0\0\0\0avifmif1miaf", "image/avif"),
    ("a.svg", b"<?xml version='1.0'?>\n<!-- by hand -->\n<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml"),
    ("film.mp4", FTYP + b"isom\0\0\2\0isomiso2avc1mp41", "video/mp4"),
    ("film.webm", b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x84webm", "video/webm"),
    ("song.mp3", b"ID3\4\0", "audio/mpeg"),
    ("song.mp3", b"\xff\xfb\x90\x64", "audio/mpeg"),
    ("song.ogg", b"OggS\0\2" + bytes(22) + b"\1vorbis", "audio/ogg"),
    ("song.wav", b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
    ("song.m4a", FTYP + b"M4A \0\0\0\0M4A mp42isom", "audio/mp4"),
    ("song.m4a", FTYP + b"mp42\0\0\0\0isommp42", "audio/mp4"),
    ("paper.pdf", b"%PDF-1.7\n", "application/pdf"),
    ("talk.vtt", b"\xef\xbb\xbfWEBVTT\n\n", "text/vtt"),
    ("talk.srt", b"1\r\n00:00:01,000 --> 00:00:02,000\r\nHello", media_rules.SRT),
    ("data.zip", b"PK\3\4", "application/zip"),
    ("table.xlsx", b"PK\3\4", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("data.csv", b"a;b\n1;2\n", "text/csv"),
    ("notes.txt", "Grüße".encode(), "text/plain"),
    ("model.py", b"print(1)", "text/plain"),
]
KINDS = {"image/avif": "image", "video/webm": "video", "audio/mp4": "audio", "application/pdf": "pdf", "text/vtt": "captions", "text/csv": "file"}


@pytest.mark.parametrize(("name", "start", "media_type"), HONEST, ids=[f"{name} {media_type}" for name, _, media_type in HONEST])
def test_what_may_come_is_known_by_its_beginning(name: str, start: bytes, media_type: str) -> None:
    found = recognise(name, start)
    assert (found.name, found.media_type) == (name, media_type)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("page.html", b"<!doctype html><p>"),
        ("page.htm", b"hello"),
        ("code.js", b"alert(1)"),
        ("notes.txt", b"  <!DOCTYPE HTML><script>alert(1)</script>"),
        ("notes.txt", b"\xef\xbb\xbf<!-- x --><html>"),
        ("data.csv", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<html><svg>"),
        ("photo.png", b"<html><script>alert(1)</script>"),
        ("photo.png", b"MZ\x90\0"),
        ("photo.png", FTYP + b"isom\0\0\2\0isom"),
        ("film.mp4", b"\x89PNG\r\n\x1a\n"),
        ("report.docx", b"\xff\xd8\xff\xe0"),
        ("report.docx", b"MZ\x90\0"),
        ("notes.txt", b"MZ\x90\0\0\0"),
        ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg'>"),
        ("photo.heic", FTYP + b"heic\0\0\0\0mif1heic"),
        ("film.mov", FTYP + b"qt  \0\0\0\0qt  "),
        ("film.mkv", b"\x1aE\xdf\xa3\x93B\x82\x88matroska"),
        ("film.ogv", b"OggS" + bytes(24) + b"\x80theora"),
        ("setup.exe", b"MZ\x90\0"),
        ("feed.xml", b"<?xml version='1.0'?><feed/>"),
        ("song.mp3", b"not a song"),
        ("  ", b"%PDF-1.7"),
        ("..", b"%PDF-1.7"),
    ],
)
def test_what_lies_about_itself_or_runs_in_a_browser_is_refused_in_a_sentence(name: str, start: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        recognise(name, start)
    assert refusal.value.sentence.endswith((".", ".zip file."))


def test_a_name_says_in_the_end_what_the_file_is() -> None:
    assert recognise("photo.jpg", b"\x89PNG\r\n\x1a\n").name == "photo.png"
    assert recognise("photo", b"\x89PNG\r\n\x1a\n").name == "photo.png"
    assert recognise("C:\\pictures\\my.photo.png", b"\x89PNG\r\n\x1a\n").name == "my.photo.png"
    assert recognise("photo.jpeg", b"\xff\xd8\xff").name == "photo.jpeg"
    assert clean_name("../../a\n\0b.png") == "ab.png"
    assert len(clean_name("x" * 500 + ".png")) == 200
    assert clean_name("x" * 500 + ".png").endswith(".png")


def test_a_new_name_keeps_the_ending() -> None:
    assert renamed("Cell", "image/png", "a.png") == "Cell.png"
    assert renamed("Cell.html", "image/png", "a.png") == "Cell.html.png"
    assert renamed("Cell.jpeg", "image/jpeg", "a.jpg") == "Cell.jpeg"
    assert renamed("data 2.csv", "text/csv", "data.csv") == "data 2.csv"
    with pytest.raises(Invalid):
        renamed(" / ", "image/png", "a.png")


def test_each_type_has_one_kind() -> None:
    assert {media_type: kind_of(media_type) for media_type in KINDS} == KINDS


VTT = (
    "WEBVTT - a talk\n\nNOTE begins --> here\nand --> here\n\nSTYLE\n::cue { color: red }\n\n"
    "first\n00:01.000 --> 00:02.500 align:start\nHi <b>you</b>\n"
)


def test_captions_stay_as_they_are_with_plain_line_ends() -> None:
    assert checked_vtt(VTT.replace("\n", "\r\n")) == VTT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1\n00:01.000 --> 00:02.000\nHi", "WEBVTT"),
        ("WEBVTT\n\nHi", "no line says"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nHi", "Line 3"),
        ("WEBVTT\n\n00:01.000 --> 00:01.000\nHi", "line 3"),
        ("WEBVTT\n\n00:61.000 --> 00:99.000\nHi", "Line 3"),
    ],
)
def test_captions_that_no_player_reads_are_refused_with_the_line(text: str, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_vtt(text)
    assert words in refusal.value.sentence


def test_captions_are_read_as_windows_writes_them_too() -> None:
    assert decoded("Grüße".encode("cp1252")) == decoded("Grüße".encode("utf-16")) == decoded("Grüße".encode("utf-8-sig")) == "Grüße"
