"""History tables of any size for benchmarks: made column by column, a day at a time, so memory stays the same."""

from __future__ import annotations

from .generate import Scaled, generate

__all__ = ["Scaled", "generate"]
