"""A small Common Cartridge with something of every kind in it, written into a test's own folder."""

import zipfile
from pathlib import Path

from tests.interchange.olx_builder import picture

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imsccv1p{minor}/imscp_v1p1"
    xmlns:lom="http://ltsc.ieee.org/xsd/imsccv1p{minor}/LOM/manifest">
<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.{minor}.0</schemaversion>
<lom:lom><lom:general><lom:title><lom:string language="en">Tides and moons</lom:string></lom:title><lom:language>en</lom:language>
<lom:description><lom:string>Why the sea comes and goes.</lom:string></lom:description></lom:general></lom:lom></metadata>"""
_ORGANISATION = """<organizations><organization identifier="o" structure="rooted-hierarchy"><item identifier="root">
<item identifier="a"><title>Basics</title>
  <item identifier="a1" identifierref="r-tides"><title>What tides are</title></item>
  <item identifier="a2"><title>In depth</title>
    <item identifier="a21" identifierref="r-moon"><title>The moon pulls</title></item>
    <item identifier="a22"><title>Deeper</title><item identifier="a221" identifierref="r-map"><title>A map</title></item></item>
  </item>
  <item identifier="a3" identifierref="r-link"><title>Tables of tides</title></item>
  <item identifier="a4" identifierref="r-topic"><title>Say hello</title></item>
</item>
<item identifier="b"><title>Check yourself</title>
  <item identifier="b0"><title>A heading</title></item>
  <item identifier="b1" identifierref="r-quiz"><title>The quiz</title></item>
  <item identifier="b2" identifierref="r-lti"><title>A tool</title></item>
  <item identifier="b3" identifierref="r-gone"><title>Nowhere</title></item>
</item></item></organization></organizations>"""
_RESOURCES = """<resources>
<resource identifier="r-tides" type="webcontent" href="pages/tides.html"><file href="pages/tides.html"/>
  <dependency identifierref="r-pic"/></resource>
<resource identifier="r-pic" type="webcontent" href="web_resources/blue%20sky.png"><file href="web_resources/blue%20sky.png"/></resource>
<resource identifier="r-moon" type="webcontent" href="pages/moon.html"><file href="pages/moon.html"/></resource>
<resource identifier="r-map" type="webcontent" href="web_resources/map.png"><file href="web_resources/map.png"/></resource>
<resource identifier="r-extra" type="webcontent" href="pages/extra.html"><file href="pages/extra.html"/></resource>
<resource identifier="r-notes" type="webcontent" href="web_resources/notes.txt"><file href="web_resources/notes.txt"/></resource>
<resource identifier="r-link" type="imswl_xmlv1p{minor}"><file href="link.xml"/></resource>
<resource identifier="r-topic" type="imsdt_xmlv1p{minor}"><file href="topic.xml"/></resource>
<resource identifier="r-lti" type="imsbasiclti_xmlv1p0"><file href="lti.xml"/></resource>
<resource identifier="r-quiz" type="imsqti_xmlv1p2/imscc_xmlv1p{minor}/assessment"><file href="quiz/quiz.xml"/></resource>
<resource identifier="r-bank" type="imsqti_xmlv1p2/imscc_xmlv1p{minor}/question-bank"><file href="bank/bank.xml"/></resource>
<resource identifier="r-work" type="assignment_xmlv1p0"><file href="work.xml"/></resource>
</resources></manifest>"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><script>alert(1)</script><rect width="4" height="4" onload="x()"/></svg>'
_TIDES = """<!DOCTYPE html><html><head><title>Tides of old</title><meta charset="utf-8"><script>alert("old")</script></head><body>
<h2>Twice a day</h2><p onclick="steal()">The sea rises. See <a href="moon.html">the moon</a>, <a href="../web_resources/notes.txt">notes</a> and
<a href="gone.html">what is gone</a>.</p><p>$$F = \\frac{m}{r^2}$$</p>
<p><img src="$IMS-CC-FILEBASE$/blue%20sky.png" alt="The sky"><img src="../web_resources/seen.svg" alt="Drawn"></p></body></html>"""


def _item(ident: str, right: str, *wrong: str) -> str:
    labels = "".join(f'<response_label ident="{name}"><material><mattext>{name}</mattext></material></response_label>' for name in (right, *wrong))
    return f"""<item ident="{ident}" title="{ident}"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>cc_profile</fieldlabel>
    <fieldentry>cc.multiple_choice.v0p1</fieldentry></qtimetadatafield></qtimetadata></itemmetadata><presentation><material>
    <mattext texttype="text/html">&lt;p&gt;Which, {ident}?&lt;/p&gt;&lt;img src="$IMS-CC-FILEBASE$/map.png" alt="map"&gt;</mattext></material>
    <response_lid ident="r" rcardinality="Single"><render_choice>{labels}</render_choice></response_lid></presentation>
    <resprocessing><outcomes><decvar varname="SCORE" minvalue="0" maxvalue="100"/></outcomes><respcondition continue="No"><conditionvar>
    <varequal respident="r">{right}</varequal></conditionvar><setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing>
    </item>"""


def _quiz() -> str:
    return f"""<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="r-quiz" title="Old name"><qtimetadata>
    <qtimetadatafield><fieldlabel>cc_maxattempts</fieldlabel><fieldentry>3</fieldentry></qtimetadatafield>
    <qtimetadatafield><fieldlabel>qmd_timelimit</fieldlabel><fieldentry>20</fieldentry></qtimetadatafield></qtimetadata>
    <section ident="root_section">{_item("first", "a", "b")}
    <section ident="g" title="Drawn"><selection_ordering><selection><selection_number>1</selection_number><selection_extension>
    <points_per_item>2</points_per_item></selection_extension></selection></selection_ordering>{_item("one", "a", "b")}{_item("two", "b", "a")}
    </section></section></assessment></questestinterop>"""


def files_of(minor: int = 1) -> dict[str, bytes]:
    """The files of the cartridge, of version 1.`minor`."""
    link = '<webLink xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"><title>Tables</title><url href="https://example.org/tides"/></webLink>'
    texts = {
        "imsmanifest.xml": (_HEAD + _ORGANISATION + _RESOURCES).replace("{minor}", str(minor)),
        "pages/tides.html": _TIDES,
        "pages/moon.html": "<html><head><title>Moon</title></head><body><p>Back to <a href='tides.html'>tides</a>.</p></body></html>",
        "pages/extra.html": "<html><head><title>An extra page</title></head><body><p>More.</p></body></html>",
        "web_resources/notes.txt": "Notes of an evening.",
        "web_resources/seen.svg": DRAWING,
        "web_resources/run.js": "alert(1)",
        "link.xml": link,
        "topic.xml": "<topic><title>Say hello</title><text>Hello</text></topic>",
        "lti.xml": "<cartridge_basiclti_link><title>A tool</title></cartridge_basiclti_link>",
        "work.xml": "<assignment><title>Measure a tide</title></assignment>",
        "quiz/quiz.xml": _quiz(),
        "bank/bank.xml": f"""<questestinterop><objectbank ident="r-bank"><qtimetadata><qtimetadatafield><fieldlabel>bank_title</fieldlabel>
            <fieldentry>Spare</fieldentry></qtimetadatafield></qtimetadata>{_item("spare", "a", "b")}</objectbank></questestinterop>""",
    }
    pictures = {"web_resources/blue sky.png": picture(20, 10), "web_resources/map.png": picture(30, 10)}
    return {name: text.encode() for name, text in texts.items()} | pictures


def pack_zip(path: Path, files: dict[str, bytes]) -> Path:
    """A zip archive of these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
