"""Why the group is not well, with figures and messages that show it, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from huoqun.community import queries as community_queries
from huoqun.community.models import Group
from huoqun.console.models import Staff
from huoqun.health.causes import wording
from huoqun.health.causes.first_steps import FIRST_STEPS
from huoqun.health.models import GroupHealth, State
from huoqun.health.pages import figures
from huoqun.health.pages.group.names import Names, authors
from huoqun.health.pages.group.said import Said, said
from huoqun.health.pages.words import language

STRONG, CLEAR = 0.75, 0.5
"""From these strengths on a sign is called strong, or clear."""
WELL = (State.THRIVING, State.STEADY)


@dataclass(frozen=True, slots=True)
class Cause:
    code: str
    name: str
    meaning: str
    sentence: str
    sign: str
    figures: list[tuple[str, str]]
    messages: list[Said]


@dataclass(frozen=True, slots=True)
class Action:
    code: str
    name: str
    why: str
    first_step: str
    effort: str
    watch: str
    watched: list[tuple[str, str]]
    with_group: Group | None


@dataclass(frozen=True, slots=True)
class Why:
    sentence: str
    causes: list[Cause]
    unclear: str
    """Why nothing is said of the reason; empty where something is, or where nothing has to be."""
    action: Action | None


def keys(health: GroupHealth) -> set[int]:
    return {key for cause in health.causes for key in authors(cause.get("messages", []))}


def block(visitor: Staff, health: GroupHealth, names: Names) -> Why | None:
    """None for snapshots of the days before causes were looked for."""
    if not health.action and not health.causes:
        return None
    causes = [_cause(cause, names) for cause in health.causes if cause["code"] in wording.CAUSES]
    action = _action(visitor, health) if health.action in wording.ACTIONS else None
    return Why(_sentence(health, causes, action), causes, "" if causes else _unclear(health), action)


def _sentence(health: GroupHealth, causes: list[Cause], action: Action | None) -> str:
    if causes and action:
        told = {"cause": causes[0].name, "action": action.name}
        return _("Most likely why: %(cause)s. Next: %(action)s.") % told
    if health.state in WELL:
        return _("It is well; there is nothing to explain.")
    if action:
        return _("No cause stands out. Next: %(action)s.") % {"action": action.name}
    return _("No cause stands out.")


def _unclear(health: GroupHealth) -> str:
    if health.state in WELL:
        return ""
    if health.enough:
        return wording.SLOW.say(language())
    return wording.not_enough(health.advice.get("unseen", []), language=language())


def _cause(cause: Mapping[str, Any], names: Names) -> Cause:
    code, known = cause["code"], cause.get("figures", {})
    return Cause(
        code=code,
        name=wording.cause_name(code, language=language()),
        meaning=wording.cause_meaning(code, language=language()),
        sentence=wording.cause_sentence(code, known, language=language()),
        sign=_sign(cause.get("strength") or 0.0),
        figures=figures.named(known),
        messages=[said(line, names) for line in cause.get("messages", [])],
    )


def _sign(strength: float) -> str:
    if strength >= STRONG:
        return _("strong sign")
    return _("clear sign") if strength >= CLEAR else _("faint sign")


def _action(visitor: Staff, health: GroupHealth) -> Action:
    code, advice = health.action, health.advice
    watched = [name for name in advice.get("watch", []) if name in wording.FIGURE_NAMES]
    step = advice.get("first_step", "")
    return Action(
        code=code,
        name=wording.action_name(code, language=language()),
        why=wording.action_why(code, advice.get("figures", {}), language=language()),
        first_step=wording.first_step(step, language=language()) if step in FIRST_STEPS else "",
        effort=wording.effort(advice.get("effort") or 0.0, language=language()),
        watch=wording.watch(watched, advice.get("watch_days") or 0, language=language()),
        watched=[(wording.FIGURE_NAMES[name].say(language()), _now(health, name)) for name in watched],
        with_group=_partner(visitor, advice.get("with_group")),
    )


def _now(health: GroupHealth, name: str) -> str:
    value = health.figures.get(name)
    return figures.shown(name, getattr(health, name, None) if value is None else value)


def _partner(visitor: Staff, key: int | None) -> Group | None:
    """The group to merge with, where the reader may see it."""
    return community_queries.groups(visitor).filter(key=key).first() if key is not None else None
