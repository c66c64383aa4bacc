"""How the check-up was counted."""

from __future__ import annotations

from ...blocks import Notes, Section
from ...check_up import CheckUp
from ...judged import track_words
from ...words import Voice


def notes(told: CheckUp, say: Voice) -> Section:
    carrier = told.about.get("carrier") or say("unknown")
    judged = bool(told.group.judged.action)
    items = [
        say("count_talk"),
        say("count_day", zone=told.zone),
        say("check_windows", day=told.as_of),
        say("check_answers"),
        say("check_source", carrier=carrier),
        *(say(name) for name in ("count_p", "count_since", "count_plan")),
        say("count_causes") if judged else "",
        track_words(told.track, say.language) if told.group.outlook else "",
    ]
    return Section(say("counted"), "", (Notes(tuple(item for item in items if item)),))
