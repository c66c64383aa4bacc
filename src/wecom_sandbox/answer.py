"""What a call may answer with, besides fields: bytes, a page, a redirect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Raw:
    """Sent as it is, without the envelope."""

    body: bytes
    content_type: str = "application/octet-stream"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = dict[str, Any] | Raw | None
"""None: nothing but the envelope."""


def page(html: str, status: int = 200) -> Raw:
    return Raw(html.encode(), "text/html; charset=utf-8", status)


def redirect(address: str) -> Raw:
    return Raw(b"", "text/plain; charset=utf-8", 302, {"Location": address})
