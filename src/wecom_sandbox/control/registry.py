"""The control calls there are. A module in this folder registers its own by being there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wecom_sandbox.answer import Answer
from wecom_sandbox.request import Request

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

Doing = Callable[["Company", Request], Answer]


@dataclass(frozen=True, slots=True)
class Control:
    do: Doing
    locked: bool


CONTROLS: dict[tuple[str, str], Control] = {}
_PREFIXES: dict[tuple[str, str], Control] = {}


def control(method: str, path: str, *, locked: bool = True) -> Callable[[Doing], Doing]:
    """A path ending in `/*` takes all below it; `request.rest` says what. Not `locked`: takes the company's lock itself."""

    def register(do: Doing) -> Doing:
        made = Control(do, locked)
        if path.endswith("/*"):
            _PREFIXES[(method, path[:-1])] = made
        else:
            CONTROLS[(method, path)] = made
        return do

    return register


def find(method: str, path: str) -> tuple[Control, str] | None:
    """The control and what is left of the path; the longest prefix wins."""
    exact = CONTROLS.get((method, path))
    if exact is not None:
        return exact, ""
    fitting = [prefix for verb, prefix in _PREFIXES if verb == method and path.startswith(prefix)]
    if not fitting:
        return None
    longest = max(fitting, key=len)
    return _PREFIXES[(method, longest)], path[len(longest) :]


def known() -> list[str]:
    plain = [f"{method} {path}" for method, path in CONTROLS]
    return sorted(plain + [f"{method} {prefix}*" for method, prefix in _PREFIXES])


def load() -> None:
    from wecom_sandbox import control as here  # noqa: PLC0415  (the package is being imported while this module is)

    for module in pkgutil.iter_modules(here.__path__):
        importlib.import_module(f"{here.__name__}.{module.name}")
