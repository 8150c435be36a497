"""Icons: Lucide by static name, 16 px, silent to screen readers unless named; and our own mark."""

import reflex as rx


def icon(name: str, *, label: str = "", class_name: str = "") -> rx.Component:
    """A Lucide icon. The name must be written in the source: a name from a variable would pull in all of Lucide."""
    if not isinstance(name, str):
        raise TypeError("An icon's name must be a literal; choose between literals with rx.match.")
    names = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return rx.icon(name, size=16, class_name=f"ly-icon {class_name}".strip(), custom_attrs=names)


def mark() -> rx.Component:
    """The mark of Lyceum: an L whose echoes are contour lines, and the rows of a theatre."""
    return rx.el.svg(
        rx.el.path(d="M4 2.5v12.25A6.75 6.75 0 0 0 10.75 21.5H21.5", stroke_width="2.6"),
        rx.el.path(d="M9.3 2.5v9.2a4.5 4.5 0 0 0 4.5 4.5h7.7", stroke_width="1.7"),
        rx.el.path(d="M14.1 2.5v6a2.4 2.4 0 0 0 2.4 2.4h5", stroke_width="1.1"),
        view_box="0 0 24 24",
        fill="none",
        stroke="currentColor",
        stroke_linecap="round",
        class_name="ly-mark",
        custom_attrs={"aria-hidden": "true"},
    )
