"""Who is connected with whom, and how much hangs on the house."""

from __future__ import annotations

from ...blocks import Block, Facts, Figure, Line, Section
from ...check_up import CheckUp
from ...figures import share, whole
from ...pictures import curve
from ...words import Voice

SHARES = ("largest_component_share", "component_share_with_staff", "staff_tie_share", "top_answerer_share")
STEPS = 40


def connection(told: CheckUp, say: Voice) -> Section | None:
    group = told.group
    speakers, pairs = group.number("speakers_90d"), group.number("pairs_connected")
    if not speakers or pairs is None:
        return None
    lead = [
        say("connection_lead", speakers=whole(speakers), pairs=whole(pairs), reciprocity=share(group.number("reciprocity")))
    ]
    if told.ties == "inferred" or group.figures.get("ties_from") == "inferred":
        sure = told.certainty if told.certainty is not None else group.number("tie_certainty")
        lead.append(say("connection_inferred", certainty=share(sure)))
    pairs_told: list[tuple[str, Line]] = [
        (say(name), (share(value),)) for name in SHARES if (value := group.number(name)) is not None
    ]
    if (k := group.count("core_k")) and (people := group.number("core_people")) is not None:
        pairs_told.append((say("core_people", k=k), (whole(people),)))
    if (bridges := group.number("bridge_people")) is not None:
        pairs_told.append((say("bridge_people"), (whole(bridges),)))
    blocks: list[Block] = [Facts(tuple(pairs_told))] if pairs_told else []
    if len(told.curve) > 1:
        words = say("curve_picture")
        blocks.append(Figure(curve(told.curve[:STEPS], words), words))
    return Section(say("connection"), say.together(lead), tuple(blocks))


def dependence(told: CheckUp, say: Voice) -> Section | None:
    group = told.group
    said, starts = group.number("house_share_90d"), group.number("house_starts_share")
    if said is None:
        return None
    lead = (
        say("dependence_short", share=share(said))
        if starts is None
        else say("dependence_lead", share=share(said), starts=share(starts))
    )
    found: list[tuple[str, Line]] = []
    names = ("talk_kept_without_house", "after_house_share")
    found += [(say(name), (share(value),)) for name in names if (value := group.number(name)) is not None]
    if (per := group.number("house_per_member_message")) is not None:
        found.append((say("house_per_member_message"), (f"{per:.2f}",)))
    if (days := group.number("house_silent_days")) is not None:
        found.append((say("house_silent_days"), (whole(days),)))
    return Section(say("dependence"), lead, (Facts(tuple(found)),) if found else ())
