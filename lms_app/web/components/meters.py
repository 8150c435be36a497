"""How far along: the bar, the ring and the tick."""

from typing import Any

import reflex as rx


def meter(value: Any, name: Any, *, done: Any = None) -> rx.Component:
    """A bar of 6 px for 0 to 100. `name` says what is measured; `done` turns it green."""
    tone = {} if done is None else {"data-tone": rx.cond(done, "ok", "accent")}
    return rx.el.progress(value=value, max=100, class_name="ly-meter", custom_attrs={"aria-label": name, **tone})


def meter_line(value: Any, name: Any, sentence: Any, *, done: Any = None) -> rx.Component:
    """The bar with one sentence under it: "7 of 15 steps done"."""
    return rx.el.div(meter(value, name, done=done), rx.el.small(sentence), class_name="ly-meter-line")


def ring(value: Any, name: Any, *, done: Any = None) -> rx.Component:
    """The same as a ring with its number inside."""
    tone = {} if done is None else {"data-tone": rx.cond(done, "ok", "accent")}
    shown = f"{value}%" if isinstance(value, (str, int)) else rx.Var.create(value).to_string() + "%"
    length = f"{value} 100" if isinstance(value, (str, int)) else rx.Var.create(value).to_string() + " 100"
    return rx.el.svg(
        rx.el.circle(cx="22", cy="22", r="19"),
        rx.el.circle(cx="22", cy="22", r="19", custom_attrs={"pathLength": "100", "strokeDasharray": length}),
        rx.el.text(shown, x="22", y="22.5"),
        view_box="0 0 44 44",
        class_name="ly-ring",
        role="img",
        custom_attrs={"aria-label": name, **tone},
    )


def tick(state: Any) -> rx.Component:
    """The sign before a step: `none`, `started`, `done` or `locked`. Drawn by the style sheet; its words stand beside it."""
    return rx.el.span(class_name="ly-tick", custom_attrs={"data-state": state, "aria-hidden": "true"})
