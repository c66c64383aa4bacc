"""The deeds there are. A module in this folder registers its own by being there."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wecom_sandbox.errors import NoSense

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

Deed = Callable[..., dict[str, Any]]
DEEDS: dict[str, Deed] = {}


def deed(name: str) -> Callable[[Deed], Deed]:
    """Registers what a person can do: a function of the company and keyword arguments which says what came of it."""

    def register(do: Deed) -> Deed:
        if name in DEEDS:
            raise ValueError(f"deed {name} is registered twice")
        DEEDS[name] = do
        return do

    return register


class People:
    """Does deeds for one company, under its lock."""

    def __init__(self, company: Company) -> None:
        self._company = company
        load()

    def do(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        found = DEEDS.get(name)
        if found is None:
            raise NoSense(f"nobody can {name!r}; people can: {', '.join(sorted(DEEDS))}")
        _check(name, found, arguments)
        with self._company.lock:
            return found(self._company, **arguments)


def _check(name: str, found: Deed, arguments: dict[str, Any]) -> None:
    signature = inspect.signature(found)
    try:
        signature.bind(None, **arguments)
    except TypeError as wrong:
        takes = [str(entry) for entry in signature.parameters.values() if entry.kind is inspect.Parameter.KEYWORD_ONLY]
        raise NoSense(f"{name}: {wrong}; it takes: {', '.join(takes)}") from None


def load() -> None:
    from wecom_sandbox import people  # noqa: PLC0415  (the package is being imported while this module is)

    for module in pkgutil.iter_modules(people.__path__):
        importlib.import_module(f"{people.__name__}.{module.name}")
