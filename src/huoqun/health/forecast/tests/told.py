"""Calendars told by hand."""

from __future__ import annotations

import numpy as np

from huoqun.health.forecast.calendar import DayArrays, day_arrays

TODAY = 20_000


def days_of(*groups: list[tuple[int, int]], speakers: int = 1) -> DayArrays:
    """For each group (day, messages), days counted back from TODAY; group keys are 1, 2, 3 ..."""
    rows = [(key, TODAY - back, messages) for key, group in enumerate(groups, 1) for back, messages in group]
    key, day, messages = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return day_arrays({"group_key": key, "day": day, "messages": messages, "speakers": np.full(len(rows), speakers)})


def daily(first: int, last: int = 0, messages: int = 3, every: int = 1) -> list[tuple[int, int]]:
    """From `first` days ago to `last` days ago."""
    return [(back, messages) for back in range(first, last - 1, -every)]
