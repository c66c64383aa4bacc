"""What fair tests showed, kept."""

from __future__ import annotations

from datetime import datetime

from huoqun.health.models import TrialReading
from huoqun.health.trials import Went, showed
from huoqun.sop.models import Trial


def reading_of(trial: Trial, *, now: datetime) -> TrialReading | None:
    """Read and kept the first time it is asked for after the test is over; None before that. Whoever looks each week and stops
    when it looks good finds effects that are not there, so nothing is read before its time.
    """
    kept = TrialReading.objects.filter(trial=trial).first()
    if kept is not None:
        return kept
    went = Went(trial)
    if not went.is_over:
        return None
    return TrialReading.objects.get_or_create(trial=trial, defaults={"read_at": now, "showed": showed(went)})[0]
