"""A small but whole course in OLX, written into a test's own folder: short enough to be finished, with something of every kind in it."""

import io
import json
import struct
import tarfile
import zlib
from html import escape
from pathlib import Path
from typing import Any

TITLE = "The autumn sky"
PRACTICE_PAGE, QUIZ_PAGE = "Try it yourself", "The last question"
CATEGORY = "Final quiz"
QUIZ_ANSWERS = {"The pole star": "Polaris", "Zodiac": ("Aries", "Leo"), "Minutes of a degree": "60"}
"""What is right in the graded quiz: a choice, two choices, a number."""
PRACTICE_ANSWERS = {
    "Brightest": "Sirius",
    "Planets": ("Venus", "Mars"),
    "The order": "Moon",
    "A galaxy": "Andromeda",
    "Light's journey": "8.3",
}
MISSING_PICTURE, MISSING_ALT = "orion.png", "Orion above a roof"
SCRIPTED_TITLE = "Weighed by a script"

_PROBLEMS = {
    "brightest": """<problem display_name="Brightest">
        <multiplechoiceresponse><label>Which star looks brightest at night?</label>
        <choicegroup type="MultipleChoice">
          <choice correct="true">Sirius <choicehint>It is near, too: under nine light years.</choicehint></choice>
          <choice correct="false">Vega <choicehint>Only the fifth.</choicehint></choice>
          <choice correct="false">Polaris</choice>
        </choicegroup>
        <solution><p>Sirius shines at magnitude \\(-1.46\\).</p></solution></multiplechoiceresponse>
        <demandhint><hint>Look below Orion.</hint></demandhint></problem>""",
    "planets": """<problem display_name="Planets">
        <choiceresponse><label>Which of these are planets?</label><description>There are two.</description>
        <checkboxgroup>
          <choice correct="true">Venus<choicehint selected="false">It is one.</choicehint></choice>
          <choice correct="false">Deneb</choice>
          <choice correct="true">Mars</choice>
        </checkboxgroup></choiceresponse></problem>""",
    "order": """<problem display_name="The order">
        <optionresponse><label>Which of these is nearest to us?</label>
        <optioninput><option correct="False">Sun</option><option correct="True">Moon</option><option correct="False">Jupiter</option></optioninput>
        </optionresponse></problem>""",
    "galaxy": """<problem display_name="A galaxy">
        <stringresponse answer="Andromeda" type="ci"><label>Name a galaxy that the naked eye can see.</label>
        <additional_answer answer="M31"/><stringequalhint answer="Milky">Close: give its whole name.</stringequalhint>
        <textline size="20"/></stringresponse></problem>""",
    "journey": """<problem display_name="Light's journey">
        <numericalresponse answer="8.3"><label>How many minutes does light need from the Sun to us?</label>
        <responseparam type="tolerance" default="2%"/><formulaequationinput trailing_text="min"/></numericalresponse></problem>""",
    "scripted": f"""<problem display_name="{SCRIPTED_TITLE}">
        <script type="loncapa/python">def check(expect, answer): return True</script>
        <customresponse cfn="check"><p>Anything goes.</p><jsinput gradefn="Grade.it" html_file="/static/scales.html"/></customresponse></problem>""",
    "pole": """<problem display_name="The pole star" max_attempts="5">
        <multiplechoiceresponse><label>Which star shows where north is?</label>
        <choicegroup><choice correct="false">Vega</choice><choice correct="true">Polaris</choice></choicegroup>
        </multiplechoiceresponse></problem>""",
    "zodiac": """<problem display_name="Zodiac" max_attempts="5">
        <choiceresponse><label>Which belong to the zodiac?</label><checkboxgroup>
        <choice correct="true">Aries</choice><choice correct="false">Orion</choice><choice correct="true">Leo</choice></checkboxgroup>
        </choiceresponse></problem>""",
    "minutes": """<problem display_name="Minutes of a degree" max_attempts="5" weight="2">
        <numericalresponse answer="60"><label>How many minutes has a degree of arc?</label><formulaequationinput/></numericalresponse></problem>""",
}

_FILES = {
    "course.xml": '<course url_name="2026" org="Lyceum" course="SKY1"/>',
    "course/2026.xml": '<course language="en" display_name="old name"><chapter url_name="evenings"/><chapter url_name="proof"/></course>',
    "policies/2026/policy.json": f'{{"course/2026": {{"display_name": "{TITLE}"}}}}',
    "policies/2026/grading_policy.json": '{"GRADER": [], "GRADE_CUTOFFS": {"Pass": 0.6}}',
    "about/short_description.html": "Six evenings under the autumn stars, without a telescope.",
    "chapter/evenings.xml": '<chapter display_name="Evenings outside"><sequential url_name="first_look"/></chapter>',
    "chapter/proof.xml": '<chapter display_name="What stayed"><sequential url_name="final"/></chapter>',
    "sequential/first_look.xml": f"""<sequential display_name="A first look"><vertical url_name="welcome"/>
        <vertical url_name="try_it" display_name="{PRACTICE_PAGE}">{"".join(f'<problem url_name="{name}"/>' for name in list(_PROBLEMS)[:6])}
        </vertical></sequential>""",
    "sequential/final.xml": f"""<sequential display_name="The end" graded="true" format="{CATEGORY}"><vertical url_name="last"/></sequential>""",
    "vertical/welcome.xml": """<vertical display_name="Welcome outside"><html url_name="hello"/><video url_name="film"/><html url_name="onwards"/>
        <discussion url_name="talk" display_name="Say hello"/></vertical>""",
    "vertical/last.xml": f"""<vertical display_name="{QUIZ_PAGE}"><html url_name="before"/>
        {"".join(f'<problem url_name="{name}"/>' for name in list(_PROBLEMS)[6:])}</vertical>""",
    "html/hello.xml": '<html filename="hello" display_name="Hello"/>',
    "html/hello.html": """<h2>Look up</h2><p>On a clear evening about <strong>3,000</strong> stars can be seen.</p>
        <p><img src="/static/star_map.png" alt="The northern sky in October"></p><script>alert("from an archive")</script>""",
    "html/onwards.xml": '<html filename="onwards" display_name="Onwards"/>',
    "html/onwards.html": """<p onclick="steal()">When you are ready, go to <a href="/jump_to_id/last">the last question</a>.</p>
        <p>Angles: \\(1^\\circ = 60'\\).</p>""",
    "html/before.xml": '<html filename="before" display_name="Before the quiz"/>',
    "html/before.html": f"""<p>One more look.</p>
        <p><img src="/asset-v1:Lyceum+SKY1+2026+type@asset+block@{MISSING_PICTURE}" alt="{MISSING_ALT}"></p>""",
    "video/film.xml": """<video display_name="An hour in a minute" youtube="1.00:0000000SKY1" transcripts='{"en": "hour.srt"}'/>""",
    "static/hour.srt": "1\n00:00:00,500 --> 00:00:02,000\nThe sky turns.\n\n2\n00:00:06,000 --> 00:00:08,000\nWe turn.\n",
    **{f"problem/{name}.xml": text for name, text in _PROBLEMS.items()},
}


def build_short_course(folder: Path) -> Path:
    """The archive of the short course: 2 modules, 2 lessons, 3 pages, 5 questions to practise on and a graded quiz of 3."""
    files = {name: text.encode() for name, text in _FILES.items()}
    return pack(folder / "the-autumn-sky.tar.gz", files | {"static/star map.png": picture(640, 360)})


def pack(path: Path, files: dict[str, bytes] | dict[str, str], *, root: str = "course/") -> Path:
    """An OLX archive of these files, in a folder inside it."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(root + name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def course_of(components: str, files: dict[str, str] | None = None) -> dict[str, str]:
    """The files of a course with one page that holds these components."""
    return {
        "course.xml": f"""<course url_name="run" org="O" course="C" display_name="Small">
            <chapter url_name="c" display_name="M"><sequential url_name="s" display_name="L">
            <vertical url_name="v" display_name="P">{components}</vertical></sequential></chapter></course>""",
        **(files or {}),
    }


SCRIPTED = """<problem display_name="Sum" weight="2"><script type="loncapa/python">
    import random, math
    x = random.randint(2, 9)
    y1 = round(random.randrange(0, 5) * 0.5 + 1, 1)
    half = (x + y1) / 2
    root = math.sqrt(half) ** 2</script>
    <p>A is $x, B is ${y1} and \\(\\frac{$x}{2}\\). The mean?</p>
    <numericalresponse answer="$root"><responseparam type="tolerance" default="0.1%"/><textline trailing_text="m"/></numericalresponse>
    <solution><p>($x + $y1) / 2 = $half</p></solution><demandhint><hint>Add $x.</hint></demandhint></problem>"""


RUBRIC = """<rubric><criterion><name>c</name><label>Clear</label><prompt>Is it clear?</prompt>
    <option points="0"><name>n</name><label>No</label><explanation>Muddled</explanation></option>
    <option points="3"><name>y</name><label>Yes</label><explanation/></option></criterion>
    <criterion><name>Comment</name><prompt>Anything else?</prompt></criterion></rubric>"""


def dragged(**changes: Any) -> str:
    """A drag and drop of three items and two zones."""
    data = {
        "zones": [{"uid": "t", "title": "Top"}, {"uid": "b", "title": "Bottom"}],
        "items": [
            {"displayName": "Roof", "zones": ["t"], "feedback": {"incorrect": "Higher."}},
            {"displayName": "", "imageDescription": "Cellar", "zones": ["b"]},
            {"displayName": "Sun", "zones": []},
        ],
        "targetImg": "/static/house.png",
        "targetImgDescription": "A house",
        "feedback": {"finish": "Well built."},
    }
    return f'<drag-and-drop-v2 display_name="House" weight="4" question_text="Where?" data="{escape(json.dumps(data | changes))}"/>'


OTHER_KINDS = [
    SCRIPTED,
    dragged(),
    f"""<openassessment url_name="o" prompts_type="html" file_upload_response="optional"><title>Tides</title><assessments>
        <assessment name="peer-assessment"/></assessments><prompts><prompt><description>Why two?</description></prompt></prompts>{RUBRIC}
        </openassessment>""",
    """<problem><formularesponse type="cs" samples="x,y@1,1:3,3#10" answer="x^2+y"><label>Say it</label><textline/></formularesponse></problem>""",
    """<problem><imageresponse><p>Where?</p><imageinput src="/static/map.png" width="60" height="40" rectangle="(1,2)-(11,12)"
        regions="[[[40,10],[50,10],[45,15]]]"/></imageresponse></problem>""",
    """<problem><p>A <optionresponse><optioninput options="('b','c')" correct="b"/></optionresponse> d
        <numericalresponse answer="4"><textline/></numericalresponse></p></problem>""",
    """<problem><customresponse cfn="f" expect="x"><p>Say it</p><textbox rows="5"/></customresponse></problem>""",
    """<library_content max_count="1"><problem><stringresponse answer="x"><textline/></stringresponse></problem>
        <problem weight="2"><stringresponse answer="y"><textline/></stringresponse></problem></library_content>""",
]
"""A component of each kind that the short course has none of."""


def picture(width: int, height: int) -> bytes:
    """A PNG of a night sky: dark blue, paler towards the horizon."""
    rows = b"".join(b"\0" + bytes((8 + 40 * y // height, 12 + 60 * y // height, 48 + 80 * y // height)) * width for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
