"""Ids for records that have none: the same record gets the same id in every export of the same chat."""

from __future__ import annotations

import re
from collections import OrderedDict
from datetime import datetime
from hashlib import blake2b

_KEPT = 65_536
"""So many recent records are remembered while counting identical ones: they stand in the same second, close together."""


class Fingerprints:
    """One per chat and file: an overlapping second export must count from one again to find the same ids."""

    def __init__(self) -> None:
        # An ordered one: taking the oldest out of a plain dict walks over all that were taken out before.
        self._seen: OrderedDict[bytes, int] = OrderedDict()

    def id_of(self, chat: str, at: datetime, sender: str, text: str) -> str:
        """The n-th identical record of the same second has the n-th id, in a longer export too."""
        words = "\x1f".join((chat, at.isoformat(), sender, text))
        record = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        count = self._seen.pop(record, 0) + 1
        self._seen[record] = count
        if len(self._seen) > _KEPT:
            self._seen.popitem(last=False)
        return "h:" + blake2b(record + count.to_bytes(4, "big"), digest_size=16).hexdigest()


def exact(number: str) -> str:
    """A long number as the carrier wrote it, "" where there is none or where a spreadsheet has rounded it.

    Spreadsheets keep fifteen digits: the rest comes back as zeros or as "7.6E+18", the same for many messages.
    """
    digits = number.strip().strip("'\t")
    if not re.fullmatch(r"[0-9]+", digits) or not digits.strip("0"):
        return ""
    return "" if len(digits) > 15 and not digits[15:].strip("0") else digits
