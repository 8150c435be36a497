"""Every token of the look, in one place: colours, type, space, and what Plotly is told. Compiled to `assets/tokens.css`."""

from pathlib import Path
from typing import Any, NamedTuple

ASSETS = Path(__file__).parents[2] / "assets"

STYLESHEETS = [
    "/tokens.css",
    "/css/base.css",
    "/css/shell.css",
    "/css/controls.css",
    "/css/content.css",
    "/css/learning.css",
    "/css/teaching.css",
    "/css/exam.css",
    "/css/gradebook.css",
    "/code.css",
    "/css/public.css",
]
"""What `rx.App(stylesheets=…)` bundles into the one hashed file, in cascade order."""

PRELOADED_FONT = "/fonts/inter-5.3.0-latin.woff2"


class Colour(NamedTuple):
    """One colour by day and by night."""

    light: str
    dark: str


COLOURS: dict[str, Colour] = {
    # Grounds.
    "bg": Colour("#fafafb", "#0e1014"),
    "surface": Colour("#ffffff", "#15181e"),
    "sunken": Colour("#f3f4f7", "#1c2028"),
    "hover": Colour("#edeff3", "#222731"),
    # Lines. `field` is the one edge that may be the only sign of a control.
    "border": Colour("#e2e4ea", "#282d38"),
    "border-strong": Colour("#c9cdd6", "#3b4251"),
    "field": Colour("#858c9b", "#6f7788"),
    # Words.
    "text": Colour("#14171f", "#eceef3"),
    "text-2": Colour("#474e5f", "#b3b9c6"),
    "text-3": Colour("#626a7c", "#8f96a7"),
    # Where you are, what to press.
    "accent": Colour("#2b50c4", "#4666e5"),
    "accent-hover": Colour("#2342a6", "#3b59d2"),
    "on-accent": Colour("#ffffff", "#ffffff"),
    "accent-text": Colour("#2b50c4", "#9fb4ff"),
    "accent-soft": Colour("#ecf1fe", "#1a2444"),
    "accent-line": Colour("#bfcdf8", "#35488c"),
    # Correct or done, wrong or failed, needs care.
    "ok": Colour("#0f6b45", "#62d3a2"),
    "ok-soft": Colour("#e6f5ed", "#10291f"),
    "ok-line": Colour("#a9dbc1", "#24573f"),
    "bad": Colour("#b3261e", "#ff9d93"),
    "bad-soft": Colour("#fdecea", "#351917"),
    "bad-line": Colour("#f3bdb8", "#6b2f2a"),
    "bad-fill": Colour("#b3261e", "#c23b32"),
    "warn": Colour("#825000", "#f2c25e"),
    "warn-soft": Colour("#fdf3dc", "#2d220e"),
    "warn-line": Colour("#ebcf92", "#5d4819"),
    "on-tone": Colour("#ffffff", "#0e1014"),
    # Few to many, in heat maps.
    "heat-0": Colour("#f3f4f7", "#1c2028"),
    "heat-1": Colour("#dce5fc", "#1c2a57"),
    "heat-2": Colour("#afc3f7", "#2e4596"),
    "heat-3": Colour("#6e8fe8", "#5674e6"),
    "heat-4": Colour("#2b50c4", "#a9bcff"),
}

SHADOWS: dict[str, Colour] = {
    "shadow-low": Colour("0 1px 2px rgb(20 23 31 / 6%)", "0 1px 2px rgb(0 0 0 / 40%)"),
    "shadow-float": Colour(
        "0 2px 6px rgb(20 23 31 / 8%), 0 16px 40px rgb(20 23 31 / 16%)",
        "0 2px 6px rgb(0 0 0 / 40%), 0 16px 40px rgb(0 0 0 / 60%)",
    ),
    "backdrop": Colour("rgb(20 23 31 / 40%)", "rgb(4 5 8 / 64%)"),
}

SPACES = (4, 8, 12, 16, 24, 32, 48, 64)

MEASURES: dict[str, str] = {
    **{f"s{pixels}": f"{pixels}px" for pixels in SPACES},
    "r-chip": "4px",
    "r-row": "6px",
    "r-control": "8px",
    "r-card": "12px",
    "r-dialog": "16px",
    "control": "36px",
    "control-l": "42px",
    "nav": "232px",
    "rail": "64px",
    "bar": "56px",
    "outline": "296px",
    "tools": "264px",
    "measure": "680px",
    "page": "1296px",
    "focus": "1080px",
    "z-bar": "30",
    "z-phone-bar": "45",
    "z-sheet": "40",
    "z-toast": "70",
    "z-palette": "80",
    "z-skip": "90",
    "fast": "120ms",
    "move": "180ms",
    "slow": "400ms",
    "ease": "cubic-bezier(.2,.8,.2,1)",
}

FONTS: dict[str, str] = {
    "sans": '"Inter Variable", "Inter Fallback", system-ui, sans-serif',
    "serif": '"Source Serif 4 Variable", "Source Serif Fallback", Georgia, serif',
    "mono": '"JetBrains Mono Variable", ui-monospace, Menlo, Consolas, monospace',
    "math": '"STIX Two Math", "Cambria Math", "Latin Modern Math", math',
}

LATIN = (
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,"
    "U+2215,U+FEFF,U+FFFD"
)
LATIN_EXTENDED = (
    "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,"
    "U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF"
)


class FontFace(NamedTuple):
    """One subset of a variable font among our files."""

    family: str
    file: str
    weights: str
    covers: str
    style: str = "normal"


FONT_FACES = (
    FontFace("Inter Variable", "inter-5.3.0-latin-ext.woff2", "100 900", LATIN_EXTENDED),
    FontFace("Inter Variable", "inter-5.3.0-latin.woff2", "100 900", LATIN),
    FontFace("Source Serif 4 Variable", "source-serif-4-5.3.0-latin-ext.woff2", "200 900", LATIN_EXTENDED),
    FontFace("Source Serif 4 Variable", "source-serif-4-5.3.0-latin.woff2", "200 900", LATIN),
    FontFace("Source Serif 4 Variable", "source-serif-4-5.3.0-latin-italic.woff2", "200 900", LATIN, "italic"),
    FontFace("JetBrains Mono Variable", "jetbrains-mono-5.3.1-latin.woff2", "100 800", LATIN),
)

FALLBACKS = """\
@font-face{font-family:"Inter Fallback";src:local("Arial"),local("Liberation Sans");size-adjust:107.39%;\
ascent-override:90.21%;descent-override:22.46%;line-gap-override:0%}
@font-face{font-family:"Source Serif Fallback";src:local("Times New Roman"),local("Liberation Serif");size-adjust:118.56%;\
ascent-override:87.38%;descent-override:28.26%;line-gap-override:0%}
"""
"""Local fonts stretched to the widths and heights of ours, so that nothing moves when ours arrive."""


def tokens_css() -> str:
    """The style sheet of all tokens: `--ly-*` on `:root`, the night values on `.dark`, and the font faces."""
    day = {**{name: pair.light for name, pair in (COLOURS | SHADOWS).items()}, **MEASURES, **FONTS}
    night = {name: pair.dark for name, pair in (COLOURS | SHADOWS).items() if pair.dark != pair.light}
    faces = "".join(
        f'@font-face{{font-family:"{face.family}";font-style:{face.style};font-weight:{face.weights};font-display:swap;'
        f'src:url("/fonts/{face.file}") format("woff2");unicode-range:{face.covers}}}\n'
        for face in FONT_FACES
    )
    return (
        "/* Written by lms_app/web/theme.py. Change it there. */\n"
        f"{faces}{FALLBACKS}:root{{color-scheme:light;{_declarations(day)}}}\n.dark{{color-scheme:dark;{_declarations(night)}}}\n"
    )


def write_tokens(folder: Path = ASSETS) -> Path:
    """Write `tokens.css` into the folder of static files, leaving it alone when nothing changed."""
    path = folder / "tokens.css"
    css = tokens_css()
    if not path.exists() or path.read_text() != css:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(css)
    return path


def _declarations(values: dict[str, str]) -> str:
    return "".join(f"--ly-{name}:{value};" for name, value in values.items())


SERIES = (
    Colour("#2b50c4", "#7f9bff"),
    Colour("#229b8f", "#99f9ec"),
    Colour("#831c5e", "#a05087"),
    Colour("#ba8d22", "#f6cc67"),
    Colour("#995f13", "#cf8c3f"),
)
"""At most five series, in this order: the largest least distance under protan, deutan, tritan and normal sight."""

COMPARISON = "#8a91a0"
"""Grey of a comparison line or shape. Colours inside a trace do not follow the mode; this one reads on both grounds."""

CHART_HEIGHT = 264


def plotly_template(mode: str) -> dict[str, Any]:
    """What every chart of ours shares, as a Plotly template for `light` or `dark`."""
    at = 0 if mode == "light" else 1
    words, quiet, line, ground, edge = (COLOURS[name][at] for name in ("text", "text-3", "border", "surface", "border-strong"))
    axis = {"fixedrange": True, "zeroline": False, "showline": False, "ticks": "", "automargin": True, "tickfont": {"color": quiet}}
    bar = {"marker": {"line": {"width": 0}}, "insidetextfont": {"color": ("#ffffff", "#0b1330")[at]}, "outsidetextfont": {"color": words}}
    return {
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONTS["sans"], "size": 12, "color": words},
            "colorway": [pair[at] for pair in SERIES],
            "xaxis": {**axis, "showgrid": False, "tickangle": 0, "ticklabelstandoff": 8},
            "yaxis": {**axis, "gridcolor": line, "ticksuffix": "  "},
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "barcornerradius": 3,
            "bargap": 0.18,
            "hovermode": "x unified",
            "hoverlabel": {"bgcolor": ground, "bordercolor": edge, "font": {"color": words, "size": 12}},
            "dragmode": False,
            "showlegend": False,
            "height": CHART_HEIGHT,
        },
        "data": {"bar": [bar], "scatter": [{"line": {"width": 2.5}}]},
    }
