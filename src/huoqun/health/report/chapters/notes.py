"""How it was counted."""

from __future__ import annotations

from ..blocks import Notes, Section
from ..figures import whole
from ..judged import track_words
from ..result import Audit
from ..words import Voice


def notes(audit: Audit, say: Voice) -> Section:
    told = [
        say("count_talk"),
        say("count_day", zone=audit.zone) if audit.zone else None,
        say("count_week" if audit.community else "count_shares", n=whole(len(audit.talking))),
        *(say(name) for name in ("count_p", "count_since", "count_plan", "count_sources")),
        coverage(audit, say),
        say("count_causes") if any(group.judged.action for group in audit.groups) else None,
        track_words(audit.track, say.language) or None,
    ]
    return Section(say("counted"), "", (Notes(tuple(note for note in told if note)),))


def coverage(audit: Audit, say: Voice) -> str | None:
    """Of how many groups there is anything at all."""
    if audit.as_of is None or not audit.groups:
        return None
    return say("count_coverage", seen=whole(len(audit.talking)), all=whole(len(audit.groups)), day=audit.as_of)
