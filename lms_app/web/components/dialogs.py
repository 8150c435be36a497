"""Dialogs: native, modal. The question is the title, the buttons are verbs, the safe one comes first."""

from typing import Any

import reflex as rx

from lms_app.web.components.buttons import button


def dialog(dialog_id: str, title: Any, *children: Any, actions: Any = None, wide: bool = False) -> rx.Component:
    """A dialog that `button(…, opens=dialog_id)` opens and `button(…, closes=dialog_id)` or Escape closes."""
    return rx.el.dialog(
        rx.el.h2(title, id=f"{dialog_id}-title"),
        *children,
        *([rx.el.div(*actions, class_name="ly-dialog-actions")] if actions is not None else []),
        class_name="ly-dialog",
        aria_labelledby=f"{dialog_id}-title",
        custom_attrs={"id": dialog_id, "closedby": "any", **({"data-wide": ""} if wide else {})},
    )


def confirm_dialog(
    dialog_id: str, question: Any, sentence: Any, *, verb: str, on_confirm: Any, keep: str = "Cancel", danger: bool = True
) -> rx.Component:
    """A question before something that cannot easily be undone. `verb` repeats the words of the button that asked."""
    return dialog(
        dialog_id,
        question,
        rx.el.p(sentence, class_name="ly-second"),
        actions=[
            button(keep, closes=dialog_id, custom_attrs={"autoFocus": True}),
            button(verb, kind="danger" if danger else "primary", closes=dialog_id, on_click=on_confirm),
        ],
    )
