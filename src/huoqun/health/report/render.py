"""The report about all groups as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import documents
from .html import page
from .result import audit_of


def render(result: Mapping[str, Any], *, language: str) -> str:
    """The object `huoqun audit --json` prints as a page in Chinese ("zh-hans") or English ("en").

    Every group may carry `daily`, messages a day with the audit's day last, for its sparkline, and `reasons`: `told.told` adds
    both. Figures that are not given are not shown. Raises ValueError naming the field that is missing or wrong.
    """
    return page(documents.portfolio(audit_of(result), language))
