"""What is known of a group on a day, from its days up to that day alone: the figures a forecast rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .calendar import SLEEP, DayArrays, Flags, Floats, Ints, Spans

REACHES = (7, 14, 30, 90, 180, 365)
FADING = (15, 45)
"""Days of silence from and to which a group passes from the awake to the sleeping, so that no forecast jumps overnight."""
PACE_DAYS = 8
"""The group's pace is read from its last so many days with talk."""
WITHIN = 30
"""Days a forecast looks ahead; also the days in which somebody must have spoken for a group to be awake."""


@dataclass(frozen=True, slots=True)
class Features:
    """One row a group and date, of groups in which somebody had spoken by then. `figures` hold plain counts and days."""

    key: Ints
    today: Ints
    figures: dict[str, Floats]

    @property
    def awake(self) -> Flags:
        """Whether somebody spoke in the 30 days up to the date."""
        awake: Flags = self.figures["messages_30"] > 0
        return awake

    @property
    def sleepiness(self) -> Floats:
        """0 for a group that talked lately, 1 for one that has not for long, rising in between."""
        start, end = FADING
        return np.clip((self.figures["silent"] - start) / (end - start), 0.0, 1.0)

    @property
    def rows(self) -> int:
        return len(self.key)

    def where(self, kept: Flags) -> Features:
        return Features(self.key[kept], self.today[kept], {name: values[kept] for name, values in self.figures.items()})


def features_of(days: DayArrays, as_of: Ints) -> Features:
    """For every date of `as_of` (days since 1970) and every group with talk up to it, in the order of dates."""
    row = np.tile(np.arange(days.keys.size), as_of.size)
    return features_at(days, row, np.repeat(as_of, days.keys.size))


def features_at(days: DayArrays, row: Ints, today: Ints) -> Features:
    """The same for pairs of a group (its place in `days.keys`) and a date; pairs without talk so far are left out."""
    talk = days.talk()
    spans = Spans(talk, row, today)
    spoken = spans.place() >= spans.begins()
    row, today = row[spoken], today[spoken]
    return Features(days.keys[row], today, _talk(Spans(talk, row, today)))


def _talk(spans: Spans) -> dict[str, Floats]:
    figures = {f"messages_{reach}": spans.sum("messages", reach) for reach in (30, 90)}
    figures |= {f"days_{reach}": spans.sum("days", reach) for reach in REACHES}
    return figures | {"speakers_90": spans.sum("speakers", 90)} | _silences(spans)


def _silences(spans: Spans) -> dict[str, Floats]:
    """The present silence, and those before it."""
    days, place, begins = spans.days, spans.place(), spans.begins()
    gap = np.diff(days.day, prepend=0).astype(np.float64)
    gap[np.searchsorted(days.row, np.unique(days.row))] = 0.0
    spans.add("gap", gap)
    spans.add("gap_squared", gap**2)
    spans.add("sleeps", (gap > SLEEP).astype(np.float64))
    back = np.maximum(begins, place - PACE_DAYS + 1)
    last = days.day[place]
    quiet = spans.sum("gap", 365)
    return {
        "silent": (spans.today - last).astype(np.float64),
        "age": (spans.today - days.day[begins] + 1).astype(np.float64),
        "pace": (last - days.day[back] + 1) / (place - back + 1),
        "usual_silence": spans.sum("gap_squared", 365) / np.maximum(quiet, 1.0),
        "sleeps": spans.sum("sleeps", 365),
    }


def silent_after(days: DayArrays, features: Features, *, least: int = 1) -> Flags:
    """What happened: fewer than `least` messages in the 30 days after each row's date."""
    row = np.searchsorted(days.keys, features.key)
    silent: Flags = Spans(days.talk(), row, features.today + WITHIN).sum("messages", WITHIN) < least
    return silent
