"""What starts a run: one file each."""

from __future__ import annotations

from .around import Around
from .born import Born
from .by_hand import ByHand
from .every import Every
from .joined import Joined
from .on_date import OnDate
from .on_fact import OnFact
from .turned import Turned

Start = OnDate | Every | Joined | Born | Turned | Around | OnFact | ByHand
"""Told apart by the field `when`."""

STARTS: tuple[type, ...] = (OnDate, Every, Joined, Born, Turned, Around, OnFact, ByHand)

__all__ = ["STARTS", "Around", "Born", "ByHand", "Every", "Joined", "OnDate", "OnFact", "Start", "Turned"]
