"""The QTI files of the trial data, and items of our own."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lms_app.interchange.qti import Files

_ROOT = re.compile(rb"<(?:assessmentItem|questestinterop)[\s>]")


def item_files(folder: Path) -> Iterator[Path]:
    """Every file of items in a folder, those included that are not well-formed."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".xml", ".qti"):
            continue
        if _ROOT.search(path.read_bytes()[:5000]):
            yield path


@cache
def files_in(folder: Path) -> Files:
    """What lies in a folder, as a package would have it."""
    found = [file for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(folder).as_posix(): (file.stat().st_size, file.read_bytes) for file in found}


def item(body: str, declarations: str, *, template: str = "match_correct", processing: str = "", more: str = "") -> bytes:
    """An item of QTI 2.2."""
    rules = processing or f'<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/{template}"/>'
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="item" title="Item" adaptive="false" timeDependent="false">'
        f'{declarations}<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/><itemBody>{body}</itemBody>{rules}{more}'
        "</assessmentItem>"
    ).encode()


def response(cardinality: str, base: str, *correct: str, mapping: str = "", name: str = "RESPONSE") -> str:
    """A declaration of a response with its key."""
    values = "".join(f"<value>{value}</value>" for value in correct)
    key = f"<correctResponse>{values}</correctResponse>" if correct else ""
    return f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">{key}{mapping}</responseDeclaration>'
