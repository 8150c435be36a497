"""Code on a page: nothing of it is lost, every kind of token has a colour, and every colour can be read."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import STANDARD_TYPES

from lms_app.domain.content.code_colours import CLASS_PREFIX, MAX_COLOURED, coloured, language_name
from lms_app.domain.content.html_reading import read_html
from lms_app.web.theme import COLOURS, STYLESHEETS

CSS = (Path(__file__).parents[3] / "assets" / "code.css").read_text()
MODES = {"light": CSS.split(":root {")[1].split("}")[0], "dark": CSS.split(".dark {")[1].split("}")[0]}
GROUNDS = ("bg", "surface", "sunken", "accent-soft", "ok-soft", "warn-soft")
PLAIN = {"", "w", "esc", "x", "n", "nx", "nv", "vc", "vg", "vi", "vm", "py", "g", "o", "p", "pm", "go"}


def colours(mode: str) -> dict[str, str]:
    return dict(re.findall(r"(--ly-code-[a-z]+): (#[0-9a-f]{6});", MODES[mode]))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_colour_of_code_can_be_read_on_every_ground(mode: str, ground: str) -> None:
    found = colours(mode)
    assert len(found) == 6
    assert {
        name: contrast(colour, getattr(COLOURS[ground], mode))
        for name, colour in found.items()
        if contrast(colour, getattr(COLOURS[ground], mode)) < 4.5
    } == {}


def test_both_modes_define_the_colours_that_the_rules_use() -> None:
    used = set(re.findall(r"var\((--ly-code-[a-z]+)\)", CSS))
    assert used == set(colours("light")) == set(colours("dark"))


def test_every_class_that_pygments_writes_has_a_rule_or_is_plain() -> None:
    named = set(re.findall(rf"\.{CLASS_PREFIX}([a-z0-9]+)", CSS))
    begun = tuple(re.findall(rf'\[class\^="{CLASS_PREFIX}([a-z]+)"\]', CSS))
    written = set(STANDARD_TYPES.values())
    assert {name for name in written if name in named or name.startswith(begun)} == written - PLAIN
    assert named <= written


def test_the_pages_bundle_the_style_sheet() -> None:
    assert "/code.css" in STYLESHEETS


@given(
    st.lists(
        st.sampled_from(["\n", "\t", "  ", "def f(x):", "'", '"""', "# c", "<b>", "&amp;", "{", "}", "/*", "//", "\\", "0x1F", "é", "$x", "%s"])
    ).map("".join),
    st.sampled_from(["", "python", "javascript", "html", "css", "c++", "bash", "sql", "json", "diff", "latex", "pycon", "php", "yaml", "no-such"]),
)
def test_colouring_changes_no_character_of_code(text: str, language: str) -> None:
    found = read_html(f"<pre><code>{coloured(text, language)}</code></pre>")
    assert "".join(node["text"] for node in found["content"][0].get("content", [])) == text


def test_code_too_long_to_colour_in_time_is_shown_uncoloured() -> None:
    assert "<span" in coloured("x = 1", "python")
    assert "<span" not in coloured("x = 1\n" * MAX_COLOURED, "python")


def test_a_language_is_named_as_readers_call_it() -> None:
    assert (language_name("cpp"), language_name("no-such"), language_name("")) == ("C++", "no-such", "")
