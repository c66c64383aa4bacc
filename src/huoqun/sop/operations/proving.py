"""What went out, and counts as done only when somebody has shown it."""

from __future__ import annotations

from datetime import datetime, timedelta

from huoqun.ownership.operations import give_many
from huoqun.ownership.types import Give
from huoqun.sop.models import Line, Run
from huoqun.sop.parts.shape import Base

PROOF = "proof"
DUE = timedelta(hours=2)
LONGEST = timedelta(days=1)
"""At least so long somebody can still show it."""


def ask_for_proof(line: Line, step: Base, *, now: datetime) -> None:
    """A to-do for whoever runs the group; asked again, nothing changes."""
    run = Run.objects.select_related("launch__community", "launch__began_by", "group", "member", "version").get(pk=line.run_id)
    title = step.title or line.text or run.version.book.title
    wish = Give(
        community=run.launch.community,
        key=f"{line.request_key}/{PROOF}",
        room="sop",
        about=f"run/{run.pk}",
        due_at=now + DUE,
        expires_at=now + max(step.expires.delta, LONGEST),
        title=" ".join(title.split())[:200],
        why=step.why,
        group=run.group,
        member=run.member,
        by=run.launch.began_by,
        wants=step.evidence,
    )
    give_many([wish], now=now)
