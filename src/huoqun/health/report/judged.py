"""Causes, next actions and forecasts in words: the wordings of those who judge, with the figures as a snapshot keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huoqun.health.causes import wording as why
from huoqun.health.forecast import wording as ahead
from huoqun.health.forecast.values import Reason, Track

from .result import Cause, Judged


def cause_name(code: str, language: str) -> str:
    return why.cause_name(code, language=language)


def cause_sentence(cause: Cause, language: str) -> str:
    return why.cause_sentence(cause.code, cause.figures, language=language)


def cause_words(cause: Cause, language: str) -> str:
    """The cause by name, with its evidence."""
    colon = "：" if _chinese(language) else ": "
    name = cause_name(cause.code, language)
    return f"{name[0].upper()}{name[1:]}{colon}{cause_sentence(cause, language)}"


def not_enough(judged: Judged, language: str) -> str:
    return why.not_enough(judged.unseen, language=language)


def action_name(code: str, language: str) -> str:
    name = why.action_name(code, language=language)
    return name[0].upper() + name[1:]


def action_words(judged: Judged, language: str) -> str:
    """The next action, with the group it concerns, its first step, and the hours it takes."""
    named = action_name(judged.action, language)
    if judged.partner:
        named += f"“{judged.partner}”" if _chinese(language) else f": “{judged.partner}”"
    return _sentences([named, first_step(judged, language), effort(judged, language)], language)


def action_reason(judged: Judged, language: str) -> str:
    return why.action_why(judged.action, judged.advice.get("figures") or {}, language=language)


def first_step(judged: Judged, language: str) -> str:
    code = judged.advice.get("first_step")
    return why.first_step(code, language=language) if code else ""


def effort(judged: Judged, language: str) -> str:
    hours = judged.advice.get("effort")
    return why.effort(hours, language=language) if hours else ""


def watch_words(judged: Judged, language: str) -> str:
    watched = judged.advice.get("watch") or ()
    return why.watch(watched, judged.advice.get("watch_days") or 14, language=language)


def forecast_reason(code: str, weight: float, figures: Mapping[str, Any], language: str) -> str:
    words = ahead.reason_told(Reason(code, weight, dict(figures)), language)
    return words[0].upper() + words[1:] + ("。" if _chinese(language) else ".")


def track_words(track: Mapping[str, Any], language: str) -> str:
    """How such forecasts have done in this community's own past, or why nobody knows; "" where nothing was forecast."""
    if not track:
        return ""
    kept = track.get("track")
    return ahead.record_told(Track.from_plain(kept) if kept else None, str(track.get("why_none") or ""), language)


def is_proven(track: Mapping[str, Any]) -> bool:
    """Whether there is a record to show beside a forecast; without one no forecast is shown."""
    return bool(track.get("track"))


def model_words(track: Mapping[str, Any], language: str) -> str:
    return ahead.MODELS[track["model"]].say(language) if track.get("model") in ahead.MODELS else ""


def _sentences(parts: list[str], language: str) -> str:
    """Phrases and sentences one after the other, each ended."""
    stop, ends = ("。", "。！？") if _chinese(language) else (".", ".!?")
    said = [part if part[-1] in ends else part + stop for part in parts if part]
    return ("" if _chinese(language) else " ").join(part[0].upper() + part[1:] for part in said)


def _chinese(language: str) -> bool:
    return language.lower().startswith("zh")
