"""Videos of OLX courses: where they are, in which languages their words are there, what was handed out with them."""

import json
from pathlib import Path
from typing import Any

import pytest

from lms_app.interchange.captions import Cue, read_captions, to_vtt, transcript
from lms_app.interchange.neutral import Course
from lms_app.interchange.olx import read_olx
from tests.interchange.olx_builder import course_of, pack

SRT = "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>One</i> &amp; two\r\nlines\r\n\r\n2\r\n00:00:07,000 --> 00:00:08,000\r\nThree\r\n"


def read_video(folder: Path, video: str, files: dict[str, str] | None = None) -> Course:
    return read_olx(pack(folder / "course.tar.gz", course_of(video, files)))


def the_video(course: Course) -> dict[str, Any]:
    return next(block for page in course.pages() for block in page.blocks if block["type"] == "video")


@pytest.mark.parametrize(
    ("video", "address"),
    [
        ('<video youtube_id_1_0="abcdefghijk"/>', "https://www.youtube.com/watch?v=abcdefghijk"),
        ('<videoalpha youtube="1.0:abcdefghijk"/>', "https://www.youtube.com/watch?v=abcdefghijk"),
        ('<video youtube="0.75:slowslowslo,1.00:abcdefghijk,1.50:fastfastfas"/>', "https://www.youtube.com/watch?v=abcdefghijk"),
        ('<video youtube="1.0:abcdefghijk" start_time="00:01:30"/>', "https://www.youtube.com/watch?v=abcdefghijk&t=90s"),
        ("""<video html5_sources='["https://youtu.be/abcdefghijk"]'/>""", "https://www.youtube.com/watch?v=abcdefghijk"),
        ("""<video html5_sources='["https://e.org/a.bin", "https://e.org/a.mp4"]'/>""", "https://e.org/a.mp4"),
        ('<video><source src="https://e.org/a.webm"/></video>', "https://e.org/a.webm"),
    ],
)
def test_where_a_video_is(tmp_path: Path, video: str, address: str) -> None:
    found = the_video(read_video(tmp_path, video))
    assert (found["url"], found["file"]) == (address, "")


def test_a_video_in_the_archive_is_a_file(tmp_path: Path) -> None:
    course = read_video(tmp_path, "<video display_name='Own' html5_sources='[\"/static/my film.mp4\"]'/>", {"static/my film.mp4": "film"})
    found = the_video(course)
    assert (found["title"], found["file"], found["url"]) == ("Own", "my_film.mp4", "")


@pytest.mark.parametrize(
    "video", ["<video/>", '<video youtube_id_1_0="&lt;script&gt;"/>', "<video html5_sources='[1, null]'/>", "<video html5_sources='{'/>"]
)
def test_a_video_that_is_nowhere_is_reported(tmp_path: Path, video: str) -> None:
    course = read_video(tmp_path, video)
    assert [(entry.kind, entry.title) for entry in course.report.unsupported] == [("video", "Video")]


def test_captions_become_webvtt_and_a_transcript(tmp_path: Path) -> None:
    course = read_video(
        tmp_path,
        """<video youtube_id_1_0="abcdefghijk" sub="old" transcripts='{"de": "d e.srt", "fr": "gone.srt"}'>
        <transcript language="es" src="e.vtt"/></video>""",
        {
            "static/d e.srt": SRT,
            "static/e.vtt": "WEBVTT\n\n01:02.000 --> 01:03.000 align:start\nUno\n",
            "static/subs_old.srt.sjson": json.dumps({"start": [0, 900], "end": [800, 1900], "text": ["It&#39;s", "late"]}),
        },
    )
    found = the_video(course)
    assert [(caption["language"], caption["label"]) for caption in found["captions"]] == [("en", "English"), ("de", "Deutsch"), ("es", "Español")]
    written = {asset.name: asset.read().decode() for asset in course.assets}
    texts = [written[caption["file"]] for caption in found["captions"]]
    assert texts[0] == "WEBVTT\n\n00:00:00.000 --> 00:00:00.800\nIt's\n\n00:00:00.900 --> 00:00:01.900\nlate\n"
    assert texts[1] == "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nOne &amp; two\nlines\n\n00:00:07.000 --> 00:00:08.000\nThree\n"
    assert "00:01:02.000 --> 00:01:03.000\nUno" in texts[2]
    assert found["transcript"] == "It's late"
    assert course.report.missing_files == ("gone.srt",)


def test_captions_that_cannot_be_read_are_reported(tmp_path: Path) -> None:
    course = read_video(tmp_path, """<video youtube_id_1_0="abcdefghijk" transcripts='{"en": "a.srt"}'/>""", {"static/a.srt": "nothing"})
    assert the_video(course)["captions"] == []
    assert [(entry.kind, entry.title) for entry in course.report.unsupported] == [("transcript", "a.srt")]


def test_a_handout_stands_below_its_video(tmp_path: Path) -> None:
    course = read_video(
        tmp_path,
        '<video youtube_id_1_0="abcdefghijk"><handout src="/static/the slides.pdf"/><track src="/static/gone.txt"/></video>',
        {"static/the slides.pdf": "pdf"},
    )
    (page,) = course.pages()
    assert [(block["type"], block["title"]) for block in page.blocks] == [("video", ""), ("file", "the slides")]
    assert course.report.missing_files == ("gone.txt",)


def test_a_transcript_has_paragraphs_where_nobody_speaks() -> None:
    cues = [Cue(start=0, end=1000, text="a"), Cue(start=1200, end=2000, text="b\nc"), Cue(start=9000, end=9500, text="d")]
    assert transcript(cues) == "a b c\n\nd"
    assert read_captions(to_vtt(cues), "x.vtt") == cues


@pytest.mark.parametrize("source", [b"", b"\xff\xfe", b"00:00:01,000 --> 00:00:00,000\nbackwards\n", b"[1]", b'{"start": 1}', b"9" * 10_000])
def test_subtitles_that_are_none_give_no_cues(source: bytes) -> None:
    assert read_captions(source, "a.srt") == read_captions(source, "a.sjson") == []
