"""Addresses of the scripts that stand beside our Python modules."""

import inspect
import sys
from types import FrameType, ModuleType, SimpleNamespace
from typing import NamedTuple

import reflex as rx
from reflex import assets


def beside(name: str) -> str:
    """What `rx.asset(name, shared=True)` gives for a file beside the calling module.

    To learn who calls, `rx.asset` has `inspect` look for the source of every function on the stack among all modules: half a second for
    each script, at each start of each web process. A frame knows its file and its module by itself.
    """
    names = assets.__dict__
    slow, names["inspect"] = names["inspect"], _QUICK
    try:
        return rx.asset(name, shared=True, _stack_level=2)
    finally:
        names["inspect"] = slow


class _Caller(NamedTuple):
    frame: FrameType
    filename: str


def _stack() -> list[_Caller]:
    """Who called, from `rx.asset` outwards, as `inspect.stack` numbers it."""
    callers, frame = [], inspect.currentframe()
    while frame := frame and frame.f_back:
        callers.append(_Caller(frame, frame.f_code.co_filename))
    return callers


def _module_of(frame: FrameType) -> ModuleType | None:
    return sys.modules.get(frame.f_globals["__name__"])


_QUICK = SimpleNamespace(stack=_stack, getmodule=_module_of)
