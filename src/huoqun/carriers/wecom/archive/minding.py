"""What is done beside listening: files are fetched, coverage is looked after. A step of the worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .coverage import Surveyor
from .files import Fetcher


class Minder:
    """Any number of workers may take its step at once."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._fetcher = Fetcher(clock=clock)
        self._surveyor = Surveyor(clock=clock)

    def round(self) -> bool:
        """True if there was something to do: more may wait."""
        fetched = self._fetcher.round()
        return self._surveyor.round() or fetched
