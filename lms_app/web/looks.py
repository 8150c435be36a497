"""What every page wears: the style sheets, the font that comes first, the icon. `theme.py` says the values; this hands them to Reflex."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Unpack

import reflex as rx
from reflex_base.plugins import Plugin
from reflex_base.plugins.base import CommonContext, PreCompileContext

from lms_app.web import theme


def looks() -> dict[str, Any]:
    """Keyword arguments of the app: `rx.App(**looks())`."""
    font = {"as": "font", "crossOrigin": "anonymous"}
    return {
        "stylesheets": theme.STYLESHEETS,
        "reset_style": False,
        "html_lang": "en",
        "head_components": [
            rx.el.link(rel="preload", href=theme.PRELOADED_FONT, type="font/woff2", custom_attrs=font),
            rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
            rx.el.meta(name="theme-color", content=theme.COLOURS["bg"].light, custom_attrs={"media": "(prefers-color-scheme: light)"}),
            rx.el.meta(name="theme-color", content=theme.COLOURS["bg"].dark, custom_attrs={"media": "(prefers-color-scheme: dark)"}),
        ],
    }


class TokensPlugin(Plugin):
    """Writes the style sheet of all tokens before the pages are compiled, and puts it among the files that browsers ask for."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Write `assets/tokens.css`, which the pages' own style sheet takes in."""
        theme.write_tokens()

    def get_static_assets(self, **context: Unpack[CommonContext]) -> Sequence[tuple[Path, str | bytes]]:
        """`/tokens.css`, for what is no page. Reflex copies `assets` before `pre_compile`: on the first build it is not there yet."""
        return [(Path("public") / "tokens.css", theme.tokens_css())]
