"""Why it is so, what to do next, what is ahead."""

from __future__ import annotations

from ...blocks import Block, Line, Points, Quotes, Section, Soft, Strong
from ...check_up import CheckUp
from ...figures import chance
from ...judged import (
    action_name,
    action_reason,
    cause_name,
    cause_sentence,
    effort,
    first_step,
    forecast_reason,
    is_proven,
    model_words,
    not_enough,
    track_words,
    watch_words,
)
from ...result import Outlook
from ...words import Voice

QUOTED = 3


def causes(told: CheckUp, say: Voice) -> Section | None:
    judged = told.group.judged
    if not judged.action:
        return None
    if not judged.causes:
        return Section(say("causes"), say("causes_none") if judged.enough else not_enough(judged, say.language))
    blocks: list[Block] = []
    for cause in judged.causes:
        name = cause_name(cause.code, say.language)
        blocks.append(Points(((Strong(name), "  ", cause_sentence(cause, say.language)),)))
        if cause.messages:
            blocks.append(Quotes(tuple(told.quoted(message) for message in cause.messages[:QUOTED])))
    return Section(say("causes"), say("causes_lead"), tuple(blocks))


def action(told: CheckUp, say: Voice) -> Section | None:
    judged = told.group.judged
    if not judged.action:
        return None
    lines: list[Line] = [(step,)] if (step := first_step(judged, say.language)) else []
    if hours := effort(judged, say.language):
        lines.append((hours[0].upper() + hours[1:] + say("full_stop"),))
    if watch := watch_words(judged, say.language):
        lines.append((watch,))
    lead = say.together([action_name(judged.action, say.language) + say("full_stop"), action_reason(judged, say.language)])
    return Section(say("next_action"), lead.strip(), (Points(tuple(lines)),) if lines else ())


def forecast(told: CheckUp, say: Voice) -> Section | None:
    """Never without the track record on this community's own past; where there is none, why."""
    outlook, track = told.group.outlook, track_words(told.track, say.language)
    if outlook is None or not track:
        return None
    if not is_proven(told.track):
        return Section(say("forecast"), say("forecast_unproven", why=track))
    lines: list[Line] = [(forecast_reason(code, weight, figures, say.language),) for code, weight, figures in outlook.reasons]
    if outlook.lead_days is not None:
        lines.append((say("forecast_lead_days", days=f"{outlook.lead_days:.0f}"),))
    lines.append((Strong(say("record")), track))
    if model := model_words(told.track, say.language):
        lines.append((Soft(say("model", name=model)),))
    return Section(say("forecast"), _chance(outlook, say), (Points(tuple(lines)),))


def _chance(outlook: Outlook, say: Voice) -> str:
    if outlook.low is None or outlook.high is None:
        return say("forecast_short", p=chance(outlook.chance))
    return say("forecast_lead", p=chance(outlook.chance), low=chance(outlook.low), high=chance(outlook.high))


def objections(told: CheckUp, say: Voice) -> Section | None:
    if not told.objections:
        return None
    lines: list[Line] = []
    for one in told.objections:
        said = "objection_instead" if one.instead else "objection_plain"
        words = say(said, code=one.code, instead=one.instead)
        lines.append((say("objection", day=one.on, who=one.who), words, one.note))
    return Section(say("objections"), say("objections_lead"), (Points(tuple(lines)),))
