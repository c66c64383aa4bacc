"""Parts of the sandbox which listen to the company from its first moment on."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .company import Company

PLUGS: tuple[str, ...] = ("wecom_sandbox.events.plug", "wecom_sandbox.archive.store")
"""Modules with a function `plug(company)`, called once a company, before the first request."""


def load(company: Company) -> None:
    for name in PLUGS:
        importlib.import_module(name).plug(company)
