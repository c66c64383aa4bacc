"""What pages and feeds call an entry of the timetable."""

from __future__ import annotations

from huoqun.sop.pages import telling
from huoqun.sop.timetable import Entry


def heading(entry: Entry) -> str:
    """By its key where no version of the playbook has it any more."""
    return telling.heading(entry.step) if entry.step is not None else entry.key
