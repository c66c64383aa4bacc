"""An arrangement as YAML. Whatever is wrong is told with its line and field."""

from __future__ import annotations

import msgspec

from huoqun.sop.playbooks.reading import Mistake, Unreadable, mistake_of, mistakes_at, plain_values

from .arrangement import Arrangement, faults

LARGEST = 100_000
"""Characters. A year has a thousand."""


def read(text: str) -> Arrangement:
    """Raises Unreadable."""
    if len(text) > LARGEST:
        raise Unreadable([Mistake(1, "", f"It is longer than any year ({LARGEST:,} characters).")])
    told, lines = plain_values(text)
    try:
        arrangement = msgspec.convert(told, Arrangement)
    except msgspec.ValidationError as wrong:
        raise Unreadable([_plainer(mistake_of(wrong, lines))]) from None
    if found := mistakes_at(faults(arrangement), lines):
        raise Unreadable(sorted(found, key=lambda mistake: mistake.line))
    return arrangement


def _plainer(mistake: Mistake) -> Mistake:
    if "RFC3339" in mistake.problem:
        return Mistake(mistake.line, mistake.field, "This is no day: write 2027-01-01.")
    return mistake
