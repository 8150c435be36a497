"""The tokens: contrast is computed, not believed."""

import itertools
import re
from pathlib import Path

import pytest

from lms_app.web import theme
from lms_app.web.looks import TokensPlugin
from lms_app.web.theme import ASSETS, COLOURS, SERIES

MODES = ("light", "dark")
GROUNDS = ("bg", "surface", "sunken", "hover")


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def token(name: str, mode: str) -> str:
    return getattr(COLOURS[name], mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("words", ["text", "text-2", "text-3", "accent-text", "ok", "bad", "warn"])
def test_words_are_readable_on_every_ground(words: str, ground: str, mode: str):
    assert contrast(token(words, mode), token(ground, mode)) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("accent-text", "accent-soft"),
        ("text", "accent-soft"),
        ("text-2", "accent-soft"),
        *((tone, f"{tone}-soft") for tone in ("ok", "bad", "warn")),
        *(("text", f"{tone}-soft") for tone in ("ok", "bad", "warn")),
        ("on-accent", "accent"),
        ("on-accent", "accent-hover"),
        ("on-accent", "bad-fill"),
        ("on-tone", "ok"),
        ("on-tone", "bad"),
        ("bg", "text"),
    ],
)
def test_words_are_readable_on_tones_and_fills(words: str, ground: str, mode: str):
    assert contrast(token(words, mode), token(ground, mode)) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ground", ["bg", "surface", "sunken"])
@pytest.mark.parametrize("edge", ["field", "accent-text", "ok", "bad", "warn"])
def test_edges_that_alone_show_a_control_stand_out(edge: str, ground: str, mode: str):
    assert contrast(token(edge, mode), token(ground, mode)) >= 3


@pytest.mark.parametrize("mode", MODES)
def test_series_stand_out_from_the_panel_behind_them(mode: str):
    assert all(contrast(getattr(pair, mode), token("surface", mode)) >= 3 for pair in SERIES)


@pytest.mark.parametrize("mode", MODES)
def test_heat_shades_go_one_way(mode: str):
    shades = [luminance(token(f"heat-{step}", mode)) for step in range(5)]
    assert shades == sorted(shades, reverse=mode == "light")
    assert all(one != other for one, other in itertools.pairwise(shades))


def test_every_token_a_style_sheet_uses_is_defined():
    css = "".join(path.read_text() for path in (ASSETS / "css").glob("*.css"))
    used = {piece.split(")")[0].split(",")[0] for piece in css.split("var(")[1:]}
    defined = {name for name in used if f"{name}:" in theme.tokens_css()}
    assert used - defined == set()
    assert all(name.startswith("--ly-") for name in used)


def test_every_style_sheet_and_font_that_is_named_exists(tmp_path):
    theme.write_tokens(tmp_path)
    assert (tmp_path / "tokens.css").read_text() == theme.tokens_css()
    assert all((ASSETS / sheet.lstrip("/")).exists() for sheet in theme.STYLESHEETS if sheet != "/tokens.css")
    assert all((ASSETS / "fonts" / face.file).exists() for face in theme.FONT_FACES)
    assert (ASSETS / theme.PRELOADED_FONT.lstrip("/")).exists()


def test_plotly_takes_the_templates():
    from plotly.graph_objects import layout

    for mode in MODES:
        assert layout.Template(theme.plotly_template(mode)).layout.height == theme.CHART_HEIGHT


def test_the_style_sheets_stay_small():
    import gzip

    css = theme.tokens_css() + "".join((ASSETS / sheet.lstrip("/")).read_text() for sheet in theme.STYLESHEETS if sheet != "/tokens.css")
    assert len(gzip.compress(css.encode(), 9)) <= 20_000, "Minified, this is the 18 KB that all pages share."


def test_no_two_style_sheets_say_what_one_class_is():
    # Two sheets that each give a name a look of their own have met by chance: one of the two things wears the other's.
    defined: dict[str, set[str]] = {}
    for sheet in (ASSETS / "css").glob("*.css"):
        for name in re.findall(r"^(\.ly-[a-z0-9-]+) \{", sheet.read_text(), re.MULTILINE):
            defined.setdefault(name, set()).add(sheet.name)
    assert {name: sheets for name, sheets in defined.items() if len(sheets) > 1} == {}


def test_a_first_build_serves_the_tokens_to_what_is_no_page():
    assert dict(TokensPlugin().get_static_assets())[Path("public/tokens.css")] == theme.tokens_css()
