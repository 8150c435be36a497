"""The pictures of the demo: what the code draws is what is committed, safe, and legible."""

from pathlib import Path

import pytest
from defusedxml import ElementTree

from lms_app.demo.course_files import FOLDER
from lms_app.demo.pictures import PICTURES

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"svg", "g", "defs", "clipPath", "linearGradient", "stop", "marker", "rect", "circle", "line", "path", "text"}
ALL = [pytest.param(slug, name, id=f"{slug}/{name}") for slug, pictures in PICTURES.items() for name in pictures]


@pytest.mark.parametrize(("slug", "name"), ALL)
def test_a_picture_is_what_its_code_draws(slug: str, name: str) -> None:
    committed = _file(slug, name).read_text(encoding="utf-8")
    assert committed == PICTURES[slug][name](), "run python -m lms_app.demo.pictures"


@pytest.mark.parametrize(("slug", "name"), ALL)
def test_a_picture_holds_shapes_alone(slug: str, name: str) -> None:
    for element in ElementTree.parse(_file(slug, name)).iter():
        assert element.tag.removeprefix(SVG) in SHAPES
        for attribute, value in element.attrib.items():
            assert "}" not in attribute
            assert not attribute.startswith("on")
            assert attribute not in {"href", "style", "src"}
            assert "url(" not in value or value.startswith("url(#")


@pytest.mark.parametrize(("slug", "name"), ALL)
def test_the_words_in_a_picture_can_be_read_on_a_phone(slug: str, name: str) -> None:
    root = ElementTree.parse(_file(slug, name)).getroot()
    assert root.attrib["viewBox"].split()[2] == "640"
    assert all(float(text.attrib["font-size"]) >= 16 for text in root.iter(f"{SVG}text"))


def test_no_other_pictures_lie_about() -> None:
    for slug, pictures in PICTURES.items():
        assert {path.name for path in (FOLDER / slug / "pictures").iterdir()} == {f"{name}.svg" for name in pictures}


def _file(slug: str, name: str) -> Path:
    return FOLDER / slug / "pictures" / f"{name}.svg"
