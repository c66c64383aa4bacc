"""A group says a step in its own words, before it is planned or after."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huoqun.console.models import Staff
from huoqun.sop.errors import NotOpen
from huoqun.sop.models import Line, Run
from huoqun.sop.operations import changing


@transaction.atomic
def say(run: Run, step: str, text: str, *, by: Staff | None, now: datetime) -> None:
    """From now on this group says it so, as long as it is not out. Raises NotOpen."""
    row = Run.objects.select_for_update().get(pk=run.pk)
    if not row.is_open:
        raise NotOpen
    line = Line.objects.filter(run=row, step=step).first()
    if line is not None:
        changing.reword(line, text, by=by, now=now)
        return
    row.own_words = {**row.own_words, step: text}
    row.save(update_fields=["own_words"])
