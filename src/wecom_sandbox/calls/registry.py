"""The calls there are. A module in this folder registers its own by being there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wecom_sandbox.answer import Answer
from wecom_sandbox.apps import Right
from wecom_sandbox.quotas import Limit
from wecom_sandbox.request import Request

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

Doing = Callable[["Company", Request], Answer]


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    do: Doing
    right: Right
    limits: tuple[Limit, ...]


CALLS: dict[str, dict[str, Call]] = {}
"""path -> method -> call"""


def call(method: str, path: str, *, right: Right = Right.CONTACT, limits: Sequence[Limit] = ()) -> Callable[[Doing], Doing]:
    """Registers what a path does. It runs under the company's lock, once caller, address and quota are found to be in order.

    `limits` stand in for the general ones of a path.
    """

    def register(do: Doing) -> Doing:
        methods = CALLS.setdefault(path, {})
        if method in methods:
            raise ValueError(f"{method} {path} is registered twice")
        methods[method] = Call(method, path, do, right, tuple(limits))
        return do

    return register


def load() -> None:
    """Imports every module beside this one."""
    from wecom_sandbox import calls  # noqa: PLC0415  (the package is being imported while this module is)

    for module in pkgutil.iter_modules(calls.__path__):
        importlib.import_module(f"{calls.__name__}.{module.name}")
