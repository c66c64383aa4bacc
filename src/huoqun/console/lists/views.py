"""Saved views: the room that owns the rows keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from huoqun.console.models import Staff


@dataclass(frozen=True)
class SavedView:
    key: str
    name: str
    query: str
    """The address's part after the question mark."""
    own: bool = True
    """May be removed by who is looking."""


class ViewStore(Protocol):
    """`save` with a name that exists replaces that view. Names are at most 80 characters; longer ones never arrive."""

    def list(self, staff: Staff) -> list[SavedView]: ...

    def save(self, staff: Staff, name: str, query: str) -> None: ...

    def remove(self, staff: Staff, key: str) -> None: ...
