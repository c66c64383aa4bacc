"""Moments as plain SQL writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection

OnDisk = Callable[[datetime | None], str | None]


def on_disk() -> OnDisk:
    """A function for one batch: most rows of a batch have the same few moments."""
    adapt, known = connection.ops.adapt_datetimefield_value, dict[datetime | None, str | None]({None: None})

    def written(moment: datetime | None) -> str | None:
        if moment not in known:
            known[moment] = adapt(moment)
        return known[moment]

    return written
