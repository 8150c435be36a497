"""Addresses of the scripts that stand beside our Python modules."""

import inspect
from types import SimpleNamespace

import reflex as rx
from reflex import assets

_QUICK = SimpleNamespace(stack=lambda: inspect.stack(context=0)[1:], getmodule=inspect.getmodule)


def beside(name: str) -> str:
    """What `rx.asset(name, shared=True)` gives for a file beside the calling module.

    To learn who calls, `rx.asset` reads the source of every function on the stack: a tenth of a second for each script, at each
    start of each web process. The names of the files are enough.
    """
    names = assets.__dict__
    slow, names["inspect"] = names["inspect"], _QUICK
    try:
        return rx.asset(name, shared=True, _stack_level=2)
    finally:
        names["inspect"] = slow
