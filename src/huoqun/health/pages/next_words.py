"""Causes, next actions and forecasts in the words of whoever reads, short enough for a cell."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest
from django.utils.translation import gettext as _

from huoqun.health.causes import wording
from huoqun.health.causes.findings import ACTIONS, CODES
from huoqun.health.causes.first_steps import FIRST_STEPS
from huoqun.health.forecast import wording as forecast_wording
from huoqun.health.forecast.values import Track
from huoqun.health.models import Audit, GroupHealth
from huoqun.health.pages.words import language


def cause_words(code: str) -> str:
    """Nothing for no cause; a code of a newer release as it is."""
    return wording.cause_name(code, language=language()) if code in wording.CAUSES else code


def action_words(code: str) -> str:
    return wording.action_name(code, language=language()) if code in wording.ACTIONS else code


def step_words(code: str) -> str:
    """The first step of an action; nothing where none is known."""
    return wording.first_step(code, language=language()) if code in FIRST_STEPS else ""


def why_words(health: GroupHealth) -> str:
    """The main cause; where there was too little to say why, that."""
    if health.main_cause:
        return cause_words(health.main_cause)
    return "" if health.enough else _("not enough to say")


def causes(request: HttpRequest) -> list[tuple[str, str]]:
    return [(code, cause_words(code)) for code in CODES]


def actions(request: HttpRequest) -> list[tuple[str, str]]:
    return [(code, action_words(code)) for code in ACTIONS]


def trusted(audits: Collection[Audit]) -> list[Audit]:
    """Those whose forecast has a track record, with its interval, on the community's own past; no other forecast is shown."""
    return [audit for audit in audits if (audit.outlook.get("track") or {}).get("auc_low") is not None]


def records(audits: Collection[Audit]) -> list[str]:
    """The track record of each forecast that is shown, in words; with several communities, of which."""
    told = [
        (audit, forecast_wording.record_told(Track.from_plain(audit.outlook["track"]), "", language()))
        for audit in trusted(audits)
    ]
    return [f"{audit.community.name}: {words}" if len(audits) > 1 else words for audit, words in told]
