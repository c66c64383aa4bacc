"""Long lists in pieces that fit into one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
SIZE = 5_000
"""SQLite takes 32,766 parameters in one statement at most."""


def parts(items: Iterable[T], size: int = SIZE) -> Iterator[list[T]]:
    walk = iter(items)
    while part := list(islice(walk, size)):
        yield part
