"""The model: figures of a group in, a probability with its reasons out. Stored as JSON, reckoned in plain numpy."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from .calendar import Floats
from .features import Features
from .fitting import Line
from .terms import TERMS, TOPICS, month_of_90, terms_of
from .values import Forecast, Reason

FORMAT = 1
SHIPPED = Path(__file__).with_name("shipped.json")
INTERVAL = 1.645
"""Standard deviations either side: nine of ten."""
REASONS = 3


class BadModel(ValueError):
    """The stored model cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The two lines as they stood from a day on: for groups that talked lately and for those asleep, mixed in between."""

    since: int | None
    awake: Line
    asleep: Line

    def log_odds(self, features: Features) -> Floats:
        terms = terms_of(features)
        return self._mixed(features, self.awake.log_odds(terms), self.asleep.log_odds(terms))

    def variance(self, features: Features) -> Floats:
        """Of the log odds, without what makes communities unlike each other."""
        terms = terms_of(features)
        return self._mixed(features, self.awake.variance(terms), self.asleep.variance(terms))

    def _mixed(self, features: Features, awake: Floats, asleep: Floats) -> Floats:
        share = features.sleepiness
        return np.asarray((1 - share) * awake + share * asleep)

    def pushes(self, features: Features) -> Floats:
        """A column for each of `TOPICS`: what it adds to the log odds beyond the middle group of those that talked lately."""
        from_zero = np.array([term.from_zero for term in TERMS.values()])
        beyond = terms_of(features) - np.where(from_zero, 0.0, self.awake.middle)
        share = features.sleepiness[:, None]
        added = beyond * ((1 - share) * self.awake.weights + share * self.asleep.weights)
        topic = np.array([[term.topic == name for name in TOPICS] for term in TERMS.values()])
        return np.asarray(added @ topic)


@dataclass(frozen=True, slots=True)
class Model:
    """`editions` in the order of their days: a model trained on a community's past also keeps what it was before, so that
    looking back uses nothing that was not known."""

    name: str
    editions: tuple[Edition, ...]

    @classmethod
    def shipped(cls) -> Model:
        """Trained on generated communities only."""
        return _shipped()

    @classmethod
    def load(cls, path: Path) -> Model:
        """Raises BadModel where the file is not one this version can use."""
        try:
            return cls.from_plain(json.loads(path.read_text(encoding="utf-8")))
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            raise BadModel(
                f"{path} is no forecast model of this version ({wrong}). Delete it, or run `huoqun health train` again."
            ) from wrong

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Model:
        if plain["format"] != FORMAT or plain["terms"] != list(TERMS):
            raise ValueError("its terms are others")
        return cls(plain["name"], tuple(_edition(each) for each in plain["editions"]))

    def as_plain(self) -> dict[str, Any]:
        editions = [_plain_edition(edition) for edition in self.editions]
        return {"format": FORMAT, "name": self.name, "terms": list(TERMS), "editions": editions}

    def save(self, path: Path, **more: object) -> None:
        """Whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.stem}-{uuid.uuid4().hex}.draft")
        draft.write_text(json.dumps(self.as_plain() | more, indent=1) + "\n", encoding="utf-8")
        os.replace(draft, path)

    @property
    def latest(self) -> Edition:
        return self.editions[-1]

    def on(self, day: int) -> Edition:
        """The edition that was known on that day."""
        return [edition for edition in self.editions if edition.since is None or edition.since <= day][-1]

    def probabilities(self, features: Features) -> Floats:
        """Of a community of which nothing is known."""
        return np.asarray(scipy.special.expit(self.log_odds(features)))

    def log_odds(self, features: Features) -> Floats:
        """Each row by the edition of its date."""
        result = np.empty(features.rows)
        known = np.array([-(10**9) if edition.since is None else edition.since for edition in self.editions])
        which = np.searchsorted(known, features.today, side="right") - 1
        for place in np.unique(which):
            chosen = which == place
            result[chosen] = self.editions[place].log_odds(features.where(chosen))
        return result

    def foresee(self, features: Features, shift: Floats | None = None, doubt: Floats | None = None) -> dict[int, Forecast]:
        """One forecast a group; `features` are those of one date. `shift` and `doubt`: what is known of the community's own
        leaning (see `leaning.py`) and its variance, a number a row."""
        if not features.rows:
            return {}
        edition = self.on(int(features.today[0]))
        odds = edition.log_odds(features) + (0.0 if shift is None else shift)
        reach = INTERVAL * np.sqrt(edition.variance(features) + (edition.awake.unlike**2 if doubt is None else doubt))
        p, low, high = scipy.special.expit(odds), scipy.special.expit(odds - reach), scipy.special.expit(odds + reach)
        pushes = edition.pushes(features)
        most = np.argsort(-np.abs(pushes), axis=1)[:, :REASONS]
        return {
            int(key): Forecast(float(p[row]), float(low[row]), float(high[row]), _reasons(features, row, pushes, most[row]))
            for row, key in enumerate(features.key.tolist())
        }


CODES: Mapping[str, tuple[str, str]] = {
    # topic: what is said where it speaks for silence, and where it speaks for life
    "quiet": ("quiet_for", "spoke_lately"),
    "days": ("few_days", "many_days"),
    "trend": ("falling", "rising"),
    "past": ("past_against", "past_for"),
    "voices": ("few_voices", "many_voices"),
    "age": ("young", "grown"),
    "rhythm": ("rhythm_against", "rhythm_for"),
}
SPOKE_TODAY = "spoke_today"


def _reasons(features: Features, row: int, pushes: Floats, topics: Any) -> tuple[Reason, ...]:
    found, told = [], _told(features, row)
    for place in topics:
        weight = float(pushes[row, place])
        code = CODES[TOPICS[place]][0 if weight > 0 else 1]
        if code == "spoke_lately" and not features.figures["silent"][row]:
            code = SPOKE_TODAY
        found.append(Reason(code, round(weight, 3), told))
    return tuple(found)


def _told(features: Features, row: int) -> dict[str, float]:
    """Plain figures, the same for every reason: the words take what they need."""
    f = {name: float(values[row]) for name, values in features.figures.items()}
    return {
        "silent": round(f["silent"]),
        "pace": round(f["pace"], 1),
        "days_30": round(f["days_30"]),
        "days_90": round(f["days_90"]),
        "known_90": round(min(90, f["age"])),
        "days_365": round(f["days_365"]),
        "known_365": round(min(365, f["age"])),
        "messages_30": round(f["messages_30"]),
        "month_of_90": round(float(month_of_90({name: np.array([f[name]]) for name in ("messages_90", "age")})[0])),
        "voices": round(f["speakers_90"] / max(f["days_90"], 1), 1),
        "age": round(f["age"]),
        "usual_silence": round(f["usual_silence"], 1),
        "sleeps": round(f["sleeps"]),
    }


@cache
def _shipped() -> Model:
    return Model.load(SHIPPED)


def _edition(plain: Mapping[str, Any]) -> Edition:
    return Edition(plain["since"], _line(plain["awake"]), _line(plain["asleep"]))


def _line(plain: Mapping[str, Any]) -> Line:
    arrays = (np.array(plain[name], dtype=np.float64) for name in ("weights", "middle", "spread", "covariance"))
    weights, middle, spread, covariance = arrays
    size = len(TERMS)
    if weights.shape != (size,) or middle.shape != (size,) or covariance.shape != (size + 1, size + 1):
        raise ValueError("its numbers are not as many as its terms")
    return Line(float(plain["intercept"]), weights, middle, spread, covariance, float(plain["unlike"]))


def _plain_edition(edition: Edition) -> dict[str, Any]:
    return {"since": edition.since, "awake": _plain_line(edition.awake), "asleep": _plain_line(edition.asleep)}


def _plain_line(line: Line) -> dict[str, Any]:
    arrays = {name: np.round(getattr(line, name), 9).tolist() for name in ("weights", "middle", "spread", "covariance")}
    return {"intercept": round(line.intercept, 6), "unlike": round(line.unlike, 6)} | arrays
