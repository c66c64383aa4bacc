"""The causes that are known: one file each, found by being here.

A file has `CODE`, `SOURCES` (the kinds of messages that would show it) and `look(case)`, which returns a `Finding`, or None
where the figures it rests on are not known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ..case import Case
from ..findings import Finding


@dataclass(frozen=True, slots=True)
class Known:
    code: str
    sources: tuple[str, ...]
    look: Callable[[Case], Finding | None]


@cache
def known_causes() -> dict[str, Known]:
    """By code."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {module.CODE: Known(module.CODE, module.SOURCES, module.look) for module in modules}
