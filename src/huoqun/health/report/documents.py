"""Which chapters make which report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .blocks import Document, Notes, Section
from .chapters.advice import advice
from .chapters.beside import beside
from .chapters.flows import flows
from .chapters.groups import all_groups
from .chapters.headline import about, changed, headline
from .chapters.needing import needing
from .chapters.notes import notes
from .chapters.one_group.judged import action, causes, forecast, objections
from .chapters.one_group.life import life
from .chapters.one_group.notes import notes as check_notes
from .chapters.one_group.people import growth, newcomers, roles, service
from .chapters.one_group.ties import connection, dependence
from .chapters.operators import operators
from .chapters.states import bar, legend, states
from .chapters.week import week
from .check_up import CheckUp
from .result import Audit
from .words import Voice

FORWARDED = 5
"""So many groups stand on the picture that is forwarded."""
LISTED = 300
"""So many groups stand in a weekly report; the console has them all."""


def portfolio(audit: Audit, language: str) -> Document:
    """All groups, as `huoqun audit` tells of files: nothing is compared with an earlier day."""
    say = Voice(language)
    chapters = [
        states(audit, say),
        needing(audit, say),
        advice(audit, say),
        operators(audit, say),
        beside(audit, say),
        all_groups(audit, say),
        notes(audit, say),
    ]
    title = " ".join(str(part) for part in (say("title"), audit.as_of) if part)
    return _document(audit, say, title=title, kind="title", chapters=chapters)


def weekly(audit: Audit, language: str) -> Document:
    """What changed, who needs somebody, what to do first."""
    say = Voice(language)
    chapters = [
        states(audit, say),
        week(audit, say),
        needing(audit, say),
        advice(audit, say),
        operators(audit, say),
        flows(audit, say),
        beside(audit, say),
        all_groups(audit, say, most=LISTED),
        notes(audit, say),
    ]
    title = " ".join(str(part) for part in (say("weekly_title"), audit.community, audit.as_of) if part)
    return _document(audit, say, title=title, kind="weekly_title", chapters=chapters)


def check_up(told: CheckUp, language: str) -> Document:
    """One group, from how it lives to what to do."""
    say = Voice(language)
    chapters = [
        life(told, say),
        causes(told, say),
        action(told, say),
        forecast(told, say),
        connection(told, say),
        dependence(told, say),
        roles(told, say),
        newcomers(told, say),
        service(told, say),
        growth(told, say),
        objections(told, say),
        check_notes(told, say),
    ]
    kind = say("check_up_title")
    return Document(
        language=language,
        title=f"{kind} {told.group.name} {told.as_of}",
        about=_joined([kind, told.community, say("as_of", day=told.as_of)]),
        headline=about(told.group, say),
        below=say("check_up_names") if told.people or told.questions else "",
        sections=_kept(chapters),
        footer=say("made_by"),
    )


def picture(audit: Audit, language: str) -> Document:
    """The few lines of a portfolio that fit into a chat."""
    say = Voice(language)
    shown = states(audit, say)
    need = needing(audit, say, most=FORWARDED, brief=True)
    chapters = [
        replace(shown, blocks=(bar(audit, say), legend(audit))) if shown else None,
        need if need or not audit.talking else Section(say("needing_none")),
        Section("", "", (Notes((say("picture_note"),)),)),
    ]
    kind = "weekly_title" if audit.week else "title"
    return _document(audit, say, title=say(kind), kind=kind, chapters=chapters)


def check_up_picture(told: CheckUp, language: str) -> Document:
    """One group in a chat: how it lives, why, what to do; nobody's name or words."""
    say = Voice(language)
    whole = check_up(told, language)
    why = causes(told, say)
    if why is not None:
        why = replace(why, blocks=tuple(block for block in why.blocks if not hasattr(block, "said")))
    lived = life(told, say)
    chapters = [
        replace(lived, blocks=lived.blocks[:2]),
        why,
        action(told, say),
        Section("", "", (Notes((say("picture_note"),)),)),
    ]
    return replace(whole, below="", sections=_kept(chapters))


def _document(audit: Audit, say: Voice, *, title: str, kind: str, chapters: Iterable[Section | None]) -> Document:
    as_of = say("as_of", day=audit.as_of) if audit.as_of else ""
    return Document(
        language=say.language,
        title=title,
        about=_joined([say(kind), audit.community, as_of]),
        headline=headline(audit, say),
        below=changed(audit.week, say) if audit.week else "",
        sections=_kept(chapters),
        footer=say("made_by"),
    )


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _kept(chapters: Iterable[Section | None]) -> tuple[Section, ...]:
    return tuple(chapter for chapter in chapters if chapter is not None)
